-- case: varchar to varchar with a partial index
-- expect: alter-column-type-index-rebuild
-- history
CREATE TABLE t (a varchar(20), b int);
CREATE INDEX ta ON t (a) WHERE b > 0;
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40);

-- case: varchar to text with an index
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
CREATE INDEX ta ON t (a);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text;

-- case: varchar to text with an index over an expression
-- expect: alter-column-type-index-rebuild
-- history
CREATE TABLE t (a varchar(20));
CREATE INDEX ta ON t (lower(a));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text;

-- case: varchar widened with an index over an expression
-- expect: alter-column-type-index-rebuild
-- history
CREATE TABLE t (a varchar(20));
CREATE INDEX ta ON t (lower(a));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40);

-- case: a column named in the condition of an index
-- expect: alter-column-type-index-rebuild
-- history
CREATE TABLE t (a varchar(20), b int);
CREATE INDEX tb ON t (b) WHERE a <> 'x';
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40);

-- case: numeric(10,2) to numeric(10,2)
-- expect: none
-- history
CREATE TABLE t (a numeric(10,2));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE numeric(10, 2);

-- case: numeric(10) to numeric(12,0)
-- expect: none
-- history
CREATE TABLE t (a numeric(10));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE numeric(12,0);

-- case: numeric precision down
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a numeric(12,2));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE numeric(10,2);

-- case: numeric both up
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a numeric(10,2));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE numeric(14,4);

-- case: timestamp without to with precision 6
-- expect: none
-- history
CREATE TABLE t (a timestamp);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE timestamp(6);

-- case: timestamptz precision up
-- expect: none
-- history
CREATE TABLE t (a timestamptz(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE timestamp(5) with time zone;

-- case: time precision up
-- expect: none
-- history
CREATE TABLE t (a time(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE time;

-- case: interval fields
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a interval);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE interval day to second(3);

-- case: bit to a longer bit
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a bit(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE bit(3) USING a;
ALTER TABLE t ALTER COLUMN a TYPE bit(8);

-- case: varbit without a limit
-- expect: none
-- history
CREATE TABLE t (a varbit(3));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varbit;

-- case: smallint to integer
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a smallint);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE int;

-- case: int to oid
-- expect: none
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE oid;

-- case: text to jsonb
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (id bigint, a json);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE jsonb;

-- case: text to citext and enum
-- expect: alter-column-type-rewrite
-- history
CREATE TYPE kind AS ENUM ('x@1');
CREATE TABLE t (a text);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE kind USING 'x@1'::kind;

-- case: varchar to a domain over varchar with another limit
-- expect: alter-column-type-rewrite
-- history
CREATE DOMAIN short AS varchar(10);
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE short;

-- case: text to a domain over text in a schema
-- expect: none
-- history
CREATE SCHEMA app;
CREATE DOMAIN app.label AS text;
CREATE TABLE t (a text);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE app.label;

-- case: using a cast to the old type
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a SET DATA TYPE varchar(40) USING a::varchar(40);

-- case: using a cast by CAST
-- expect: none
-- history
CREATE TABLE t (a varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE text USING CAST(a AS text);

-- case: using another column
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a varchar(20), b varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(20) USING b;

-- case: quoted column in using
-- expect: none
-- history
CREATE TABLE t ("A b" varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN "A b" TYPE text USING "A b"::text;

-- case: a unique column gets another type
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a int UNIQUE);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE bigint;

-- case: a foreign key refers to the column that is widened
-- expect: none
-- history
CREATE TABLE p (a varchar(20) PRIMARY KEY);
CREATE TABLE t (p_a varchar(20) REFERENCES p (a));
-- draft
ALTER TABLE t ALTER COLUMN p_a TYPE varchar(40);

-- case: timestamp in UTC with an index
-- expect: alter-column-type-index-rebuild
-- history
CREATE TABLE t (a timestamp);
CREATE INDEX ta ON t (a);
-- draft
SET LOCAL timezone TO 'UTC';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: timestamp in GMT
-- expect: none
-- history
CREATE TABLE t (a timestamp);
-- draft
SET timezone TO 'GMT';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: timestamp in Etc/UTC
-- expect: none
-- history
CREATE TABLE t (a timestamp);
-- draft
SET SESSION TIME ZONE 'Etc/UTC';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: UTC was reset
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a timestamp);
-- draft
SET timezone TO 'UTC';
RESET timezone;
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;

-- case: UTC set after
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a timestamp);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE timestamptz;
SET timezone TO 'UTC';

-- case: timestamp to a timestamptz of less precision in UTC
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (a timestamp);
-- draft
SET timezone TO 'UTC';
ALTER TABLE t ALTER COLUMN a TYPE timestamptz(3);

-- case: a default is converted with the type
-- expect: none
-- history
CREATE TABLE t (a varchar(20) DEFAULT 'x');
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(40), ALTER COLUMN a SET DEFAULT 'y';

-- case: collation of the type it has
-- expect: none
-- history
CREATE TABLE t (a text COLLATE "C");
CREATE INDEX ta ON t (a);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar COLLATE "C";

-- case: collation forgotten
-- expect: alter-column-type-index-rebuild
-- history
CREATE TABLE t (a text COLLATE "C");
CREATE INDEX ta ON t (a);
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar;

-- case: a view shows the column whose type changes
-- expect: needed-object
-- history
CREATE TABLE t (id int, a varchar(10)); CREATE VIEW shown AS SELECT id, t.a AS b FROM t WHERE id > 0;
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(20);

-- case: the view is made again around the change of type
-- expect: none
-- history
CREATE TABLE t (id int, a varchar(10)); CREATE VIEW shown AS SELECT id, a FROM t;
-- draft
DROP VIEW shown;
ALTER TABLE t ALTER COLUMN a TYPE varchar(20);
CREATE VIEW shown AS SELECT id, a FROM t;

-- case: a view over another column and another table
-- expect: none
-- history
CREATE TABLE t (id int, a varchar(10)); CREATE TABLE u (id int, a text);
CREATE VIEW shown AS SELECT id, 'a' AS x FROM t; CREATE VIEW others AS SELECT a FROM u;
-- draft
ALTER TABLE t ALTER COLUMN a TYPE varchar(20);

-- case: a view shows the column that is dropped
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id int, a varchar(10)); CREATE VIEW shown AS SELECT id, a FROM t;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: the view goes with the column
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int, a varchar(10)); CREATE VIEW shown AS SELECT id, a FROM t;
-- draft
ALTER TABLE t DROP COLUMN a CASCADE;

-- case: a new value is used on any server
-- expect: enum-add-value-in-transaction
-- since: 17
-- history
CREATE TYPE feeling AS ENUM ('a'); CREATE TABLE t (f feeling);
-- draft
ALTER TYPE feeling ADD VALUE 'b';
INSERT INTO t VALUES ('b');

-- case: a new value of a new enum is used
-- expect: none
-- since: 17
CREATE TYPE feeling AS ENUM ('a');
ALTER TYPE feeling ADD VALUE 'b';
CREATE TABLE felt (f feeling DEFAULT 'b');

-- case: the value of another enum is added under the same name
-- expect: none
-- since: 14
-- history
CREATE TYPE a AS ENUM ('x'); CREATE TYPE b AS ENUM ('x');
-- draft
ALTER TYPE a ADD VALUE 'y';
ALTER TYPE b ADD VALUE 'y';
CREATE TYPE c AS ENUM ('y');

-- case: the new value stands in a body that nobody reads yet
-- expect: none
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE people (id bigint, mood mood);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
CREATE FUNCTION cheer() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO people VALUES (1, 'happy'); END $$;

-- case: the new value stands in a body that is read at once
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE people (id bigint, mood mood);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
CREATE FUNCTION cheer() RETURNS void LANGUAGE sql AS $$ INSERT INTO people VALUES (1, 'happy'); $$;

-- case: a check compares the enum as text
-- expect: none
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE people (id bigint, mood mood, "Was" mood);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
ALTER TABLE people ADD CONSTRAINT c CHECK (mood::text IN ('happy') AND ("Was")::varchar = 'sad') NOT VALID;

-- case: a check compares the enum
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE people (id bigint, mood mood, "Was" mood);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
ALTER TABLE people ADD CONSTRAINT c CHECK ("Was" IN ('happy')) NOT VALID;

-- case: an index on what is no enum
-- expect: none
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE people (id bigint, mood mood); CREATE TABLE notes (id bigint, body text);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
CREATE TABLE more (id bigint, said text DEFAULT 'happy');
CREATE INDEX i ON more (id) WHERE said = 'happy';
