-- case: table exists
-- expect: object-exists
CREATE TABLE t (a int);
-- draft
CREATE TABLE t (a int);

-- case: column exists
-- expect: object-exists
CREATE TABLE t (a int);
ALTER TABLE t ADD COLUMN a int;

-- case: column twice
-- expect: object-exists
CREATE TABLE t (a int, a text);

-- case: unknown column
-- expect: missing-object
CREATE TABLE t (first_name text);
CREATE INDEX i ON t (frist_name);

-- case: unknown column of an unknown table
-- expect: drop-column
ALTER TABLE t DROP COLUMN a;

-- case: dropped table
-- expect: missing-object
-- phase: contract
DROP TABLE t;
ALTER TABLE t ADD COLUMN a int;

-- case: dropped column
-- expect: missing-object
-- phase: contract
-- history
CREATE TABLE t (a int, b int);
-- draft
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN a;

-- case: update of an unknown column
-- expect: missing-object
CREATE TABLE t (a int);
UPDATE t SET b = 1 WHERE a = 1;

-- case: unknown constraint
-- expect: missing-object
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));
ALTER TABLE t DROP CONSTRAINT d;

-- case: index exists
-- expect: object-exists
CREATE TABLE t (a int);
CREATE INDEX i ON t (a);
CREATE INDEX i ON t (a);

-- case: an index name is free in another schema
-- expect: none
CREATE TABLE t (a int);
CREATE TABLE s.t (a int);
CREATE INDEX i ON t (a);
CREATE INDEX i ON s.t (a);

-- case: fk of another type
-- expect: type-mismatch
CREATE TABLE p (id uuid PRIMARY KEY);
CREATE TABLE t (p_id bigint REFERENCES p);

-- case: fk to an unknown column
-- expect: missing-object
CREATE TABLE p (id uuid PRIMARY KEY);
CREATE TABLE t (p_id uuid REFERENCES p (uid));

-- case: enum value exists
-- expect: object-exists
CREATE TYPE e AS ENUM ('a', 'b');
ALTER TYPE e ADD VALUE 'a';

-- case: columns of LIKE are known
-- expect: object-exists
CREATE TABLE t (a int);
CREATE TABLE u (LIKE t);
ALTER TABLE u ADD COLUMN a int;

-- case: columns of a query are not known
-- expect: none
CREATE TABLE u AS SELECT 1 AS a;
ALTER TABLE u DROP COLUMN a;

-- case: created again after a drop
-- expect: none
-- phase: contract
DROP TABLE t;
CREATE TABLE t (a int);
ALTER TABLE t ADD COLUMN b int;

-- case: strict
-- expect: missing-object
-- strict
ALTER TABLE t ADD COLUMN b int;

-- case: down restores
-- expect: none
CREATE TABLE t (a int);
-- down
DROP TABLE t;

-- case: down of an unknown table restores
-- expect: none
ALTER TABLE t ADD COLUMN a int;
-- down
ALTER TABLE t DROP COLUMN a;

-- case: down forgets an index
-- expect: down-not-inverse
CREATE TABLE t (a int);
-- draft
CREATE INDEX i ON t (a);
-- down
SELECT 1;

-- case: down brings a column back with another type
-- expect: down-not-inverse
-- phase: contract
-- directive: rollback data-loss="the values"
-- history
CREATE TABLE t (a varchar(20) NOT NULL);
-- draft
ALTER TABLE t DROP COLUMN a;
-- down
ALTER TABLE t ADD COLUMN a text;

-- case: down forgets the default
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (a int DEFAULT 3);
-- draft
ALTER TABLE t ALTER a DROP DEFAULT;
-- down
ALTER TABLE t ALTER a SET DEFAULT 4;

-- case: down of a rename
-- expect: none
CREATE TABLE t (a int);
-- draft
ALTER TABLE t RENAME TO u;
ALTER TABLE u RENAME a TO b;
-- down
ALTER TABLE u RENAME b TO a;
ALTER TABLE u RENAME TO t;

-- case: down forgets a trigger
-- expect: create-trigger-lock, down-not-inverse
-- history
CREATE TABLE t (a int);
-- draft
CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- down
SELECT 1;

-- case: syntax error
-- expect: syntax-error
ALTER TABLE t ADD COLUM a int;
CREATE TABLE t (a int,);

-- case: allow
-- expect: none
-- directive: allow drop-column "nobody reads it"
ALTER TABLE t DROP COLUMN a;

-- case: allow at a statement
-- expect: drop-column
-- migrate:allow drop-column "nobody reads it"
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN b;

-- case: allow of an unknown rule
-- expect: drop-column, unknown-rule
-- directive: allow drop-colum "nobody reads it"
ALTER TABLE t DROP COLUMN a;

-- case: allow that silences nothing
-- expect: unused-allow
-- directive: allow drop-table "nobody reads it"
ALTER TABLE t ADD COLUMN a int;

-- case: a constraint of a table that is not known comes back
-- expect: none
-- phase: contract
-- draft
ALTER TABLE t DROP CONSTRAINT c;
-- down
ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID;

-- case: another constraint than the dropped one comes to a table that is not known
-- expect: down-not-inverse
-- phase: contract
-- draft
ALTER TABLE t DROP CONSTRAINT c;
-- down
ALTER TABLE t ADD CONSTRAINT small CHECK (id < 100) NOT VALID;

-- case: an index over an expression goes with its column
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, email text);
CREATE INDEX t_email ON t (lower(email));
-- draft
ALTER TABLE t DROP COLUMN email;
-- draft
CREATE TABLE t_email (id int PRIMARY KEY);

-- case: an index goes with the column of its condition
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, email text, hidden bool);
CREATE INDEX t_email ON t (email) WHERE NOT (hidden OR email IS NULL);
-- draft
ALTER TABLE t DROP COLUMN hidden;
-- draft
CREATE TABLE t_email (id int PRIMARY KEY);

-- case: an index stays whose condition has the word as a text or a function
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, kind text, email text, lower text);
CREATE INDEX t_kind ON t (lower(kind)) WHERE kind <> 'an email';
-- draft
ALTER TABLE t DROP COLUMN email, DROP COLUMN lower;
-- draft
DROP INDEX CONCURRENTLY t_kind;

-- case: the sequence of a serial column is there, whatever its table is called later
-- expect: none
-- strict
CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL);
ALTER TABLE users RENAME TO people;
ALTER SEQUENCE users_id_seq AS bigint;
ALTER SEQUENCE users_id_seq RENAME TO people_id_seq;
ALTER TABLE people ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE people_id_seq;

-- case: so is that of an identity column, of one that was added and of one that became one
-- expect: none
-- strict
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, a int NOT NULL);
ALTER TABLE t ADD COLUMN b bigserial;
ALTER TABLE t ALTER COLUMN a ADD GENERATED BY DEFAULT AS IDENTITY;
ALTER SEQUENCE t_id_seq CACHE 10;
ALTER SEQUENCE t_b_seq CACHE 10;
ALTER SEQUENCE t_a_seq CACHE 10;

-- case: one that a table of the same name brings again is there again
-- expect: none
-- strict
CREATE TABLE t (id serial PRIMARY KEY);
ALTER TABLE t ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE t_id_seq;
DROP TABLE t;
CREATE TABLE t (id serial PRIMARY KEY);
ALTER SEQUENCE t_id_seq CACHE 10;

-- case: the second of a name has a number
-- expect: none
-- strict
CREATE TABLE t (id serial PRIMARY KEY);
ALTER TABLE t RENAME TO old;
CREATE TABLE t (id serial PRIMARY KEY);
ALTER SEQUENCE t_id_seq1 CACHE 10;

-- case: no column brought such a sequence
-- expect: missing-object
-- strict
CREATE TABLE t (id serial PRIMARY KEY, a int);
ALTER SEQUENCE t_a_seq CACHE 10;

-- case: it has another name since
-- expect: missing-object
-- strict
CREATE TABLE t (id serial PRIMARY KEY);
ALTER SEQUENCE t_id_seq RENAME TO counter;
ALTER SEQUENCE t_id_seq CACHE 10;

-- case: the first of a name has no number
-- expect: missing-object
-- strict
CREATE TABLE t (id serial PRIMARY KEY);
ALTER SEQUENCE t_id_seq1 CACHE 10;

-- case: the catalog is there, and so are the tables of the tools
-- expect: none
-- strict
UPDATE pg_index SET indisready = FALSE WHERE indrelid = 'pg_class'::regclass AND indisprimary;
DELETE FROM _sqlx_migrations WHERE version = 20260101000000;
