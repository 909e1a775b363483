-- case: int to bigint
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a integer);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE bigint;

-- case: unknown column
-- expect: alter-column-type-rewrite
ALTER TABLE t ALTER COLUMN a TYPE text;

-- case: set data type
-- expect: alter-column-type-rewrite
ALTER TABLE t ALTER a SET DATA TYPE bigint;

-- case: varchar widened
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE character varying(40);

-- case: varchar shortened
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(10);

-- case: varchar limit dropped
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar;

-- case: varchar limit added
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a varchar);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(10);

-- case: varchar to text
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text;

-- case: text to varchar
-- expect: none
-- history
CREATE TABLE t (a text);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar;

-- case: text to varchar(n)
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a text);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(10);

-- case: char to text
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a char(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text;

-- case: char widened
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a char(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE char(5);

-- case: numeric precision up
-- expect: none
-- history
CREATE TABLE t (a numeric(10,2));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE decimal(12,2);

-- case: numeric scale up
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a numeric(10,2));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE numeric(12,3);

-- case: numeric unbounded
-- expect: none
-- history
CREATE TABLE t (a numeric(10,2));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE numeric;

-- case: numeric bounded
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a numeric);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE numeric(12,3);

-- case: timestamp precision up
-- expect: none
-- history
CREATE TABLE t (a timestamp(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE timestamp;

-- case: timestamp precision down
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a timestamptz);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE timestamptz(3);

-- case: interval precision up
-- expect: none
-- history
CREATE TABLE t (a interval(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE interval;

-- case: cidr to inet
-- expect: none
-- history
CREATE TABLE t (a cidr);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE inet;

-- case: inet to cidr
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a inet);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE cidr;

-- case: varbit up
-- expect: none
-- history
CREATE TABLE t (a varbit(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE bit varying(8);

-- case: xml to text
-- expect: none
-- history
CREATE TABLE t (a xml);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text;

-- case: json to jsonb
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a json);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE jsonb USING a::jsonb;

-- case: the same type
-- expect: none
-- history
CREATE TABLE t (a int4);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE integer;

-- case: domain to base
-- expect: none
-- history
CREATE DOMAIN d AS text;
CREATE TABLE t (a d);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text;

-- case: base to domain without check
-- expect: none
-- history
CREATE DOMAIN d AS text;
CREATE TABLE t (a text);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE d;

-- case: base to domain with check
-- expect: alter-column-type-rewrite
-- history
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE TABLE t (a text);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE d;

-- case: using the column itself
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text USING a;

-- case: using a cast to the new type
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text USING (a::text);

-- case: using an expression
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text USING lower(a);

-- case: timestamp to timestamptz
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a timestamp);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: timestamp to timestamptz in UTC
-- expect: none
-- history
CREATE TABLE t (a timestamp);
-- draft
SET LOCAL timezone = 'UTC';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: set time zone
-- expect: none
-- history
CREATE TABLE t (a timestamptz);
-- draft
SET TIME ZONE 'UTC';
ALTER TABLE t ALTER COLUMN a TYPE timestamp;

-- case: another zone
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a timestamp);
-- draft
SET timezone = 'Europe/Berlin';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: UTC before 12
-- expect: alter-column-type-rewrite
-- since: 11
-- history
CREATE TABLE t (a timestamp);
-- draft
SET timezone = 'UTC';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: at time zone UTC rewrites
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a timestamp);
-- draft
SET timezone = 'UTC';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz USING a AT TIME ZONE 'UTC';

-- case: collation with an index
-- expect: alter-column-type-index-rebuild
-- history
CREATE TABLE t (a text);
CREATE INDEX t_a ON t (a);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE "C";

-- case: collation without an index
-- expect: none
-- history
CREATE TABLE t (a text, b text);
CREATE INDEX t_b ON t (b);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE "C";

-- case: free change with an index
-- expect: none
-- history
CREATE TABLE t (a varchar(20) UNIQUE);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40);

-- case: check names the column
-- expect: alter-column-type-constraint-recheck
-- history
CREATE TABLE t (a varchar(20), CHECK (a <> ''));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40);

-- case: check names another column
-- expect: none
-- history
CREATE TABLE t (a varchar(20), b int CHECK (b > 0));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40);

-- case: the type after an earlier change counts
-- expect: none
-- history
CREATE TABLE t (a varchar(10));
ALTER TABLE t ALTER a TYPE varchar(30);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40);

-- case: a renamed column keeps its type
-- expect: none
-- history
CREATE TABLE t (a varchar(10));
ALTER TABLE t RENAME a TO b;
ALTER TABLE t RENAME TO u;
-- draft
ALTER TABLE u ALTER COLUMN b TYPE text;

-- case: array of varchar widened
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a varchar(10)[]);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(20)[];

-- case: serial to bigint
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a serial);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE bigint;

-- case: two changes, one bad
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a varchar(10), b int);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text, ALTER COLUMN b TYPE bigint;

-- case: the type of an extension loses its limit
-- expect: none
-- history
CREATE TYPE note;
CREATE FUNCTION note_in(cstring, oid, int) RETURNS note LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION note_out(note) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE FUNCTION note_limit_in(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE TYPE note (INPUT = note_in, OUTPUT = note_out, TYPMOD_IN = note_limit_in, LIKE = varchar);
CREATE FUNCTION note_cut(note, int, bool) RETURNS note LANGUAGE internal IMMUTABLE STRICT AS 'varchar';
CREATE CAST (note AS note) WITH FUNCTION note_cut(note, int, bool) AS IMPLICIT;
CREATE TABLE chunks (id bigint PRIMARY KEY, a note(10), b note(10));
-- draft
ALTER TABLE chunks ALTER COLUMN a TYPE note USING a::note;
ALTER TABLE chunks ALTER COLUMN b TYPE note;

-- case: the type of an extension gets a limit
-- expect: alter-column-type-rewrite
-- history
CREATE TYPE note;
CREATE FUNCTION note_in(cstring, oid, int) RETURNS note LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION note_out(note) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE FUNCTION note_limit_in(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE TYPE note (INPUT = note_in, OUTPUT = note_out, TYPMOD_IN = note_limit_in, LIKE = varchar);
CREATE FUNCTION note_cut(note, int, bool) RETURNS note LANGUAGE internal IMMUTABLE STRICT AS 'varchar';
CREATE CAST (note AS note) WITH FUNCTION note_cut(note, int, bool) AS IMPLICIT;
CREATE TABLE chunks (id bigint PRIMARY KEY, a note);
-- draft
ALTER TABLE chunks ALTER COLUMN a TYPE note(10);

-- case: a character without a length has one
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE codes (id bigint PRIMARY KEY, code char(3));
-- draft
ALTER TABLE codes ALTER COLUMN code TYPE char;

-- case: and so has a bit
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE codes (id bigint PRIMARY KEY, code bit(3));
-- draft
ALTER TABLE codes ALTER COLUMN code TYPE bit;
