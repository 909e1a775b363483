-- case: CASCADE takes views along
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id FROM v;
CREATE UNIQUE INDEX m_id ON m (id);
-- draft
DROP VIEW v CASCADE;
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id FROM v;
CREATE UNIQUE INDEX m_id ON m (id);

-- case: CASCADE takes foreign keys along
-- expect: drop-unique, drop-index-not-concurrent
-- history
CREATE TABLE t (id int, a int);
CREATE UNIQUE INDEX t_id ON t (id);
CREATE TABLE c (t_id int, CONSTRAINT c_t FOREIGN KEY (t_id) REFERENCES t (id));
-- draft
DROP INDEX t_id CASCADE;
CREATE TABLE d (c int CONSTRAINT c_t CHECK (c > 0));

-- case: another type of the same name
-- expect: none
-- history
CREATE TYPE pair AS (a int, b int);
-- draft
DROP TYPE pair;
CREATE TYPE pair AS (a numeric, b numeric);

-- case: a type gets another name
-- expect: rename-type
-- history
CREATE TYPE pair AS (a int, b int);
-- draft
ALTER TYPE pair RENAME TO couple;

-- case: a function that only triggers call
-- expect: none
-- history
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- draft
DROP FUNCTION touch();

-- case: a function that anybody calls
-- expect: drop-function
-- history
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- draft
DROP FUNCTION one();

-- case: a key keeps the columns unique in another order
-- expect: drop-column, add-primary-key
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, CONSTRAINT t_a_b UNIQUE (a, b));
-- draft
ALTER TABLE t DROP COLUMN id, ADD PRIMARY KEY (b, a), DROP CONSTRAINT t_a_b;

-- case: a later index keeps the columns unique
-- expect: create-index-not-concurrent, statement-while-holding-access-exclusive
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT t_a UNIQUE (a));
-- draft
ALTER TABLE t DROP CONSTRAINT t_a;
CREATE UNIQUE INDEX t_a_again ON t (a);

-- case: a partial index keeps less
-- expect: drop-unique, create-index-not-concurrent, statement-while-holding-access-exclusive
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT t_a UNIQUE (a));
-- draft
ALTER TABLE t DROP CONSTRAINT t_a;
CREATE UNIQUE INDEX t_a_again ON t (a) WHERE a > 0;

-- case: a table without rows
-- expect: truncate-table
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
TRUNCATE t;
ALTER TABLE t ADD COLUMN a int NOT NULL;

-- case: what nobody could read may have made it
-- expect: opaque-dynamic-sql
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
DROP TABLE t;
-- draft
DO $$ BEGIN EXECUTE 'CREATE TABLE t (id int PRIMARY KEY, a int)'; END $$;
UPDATE t SET a = 1 WHERE id = 1;

-- case: newer than nobody said
-- expect: unsupported-in-version
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
