-- case: a cast of a default is no difference
-- expect: none
-- since: 13
-- history
CREATE TABLE t (id int PRIMARY KEY, theme varchar(20) NOT NULL DEFAULT 'browser');
-- draft
ALTER TABLE t ALTER COLUMN theme SET DEFAULT 'dark';
-- down
ALTER TABLE t ALTER COLUMN theme SET DEFAULT 'browser'::character varying;

-- case: a default of NULL is none
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, question text);
-- draft
ALTER TABLE t ALTER COLUMN question SET DEFAULT 'why';
-- down
ALTER TABLE t ALTER COLUMN question SET DEFAULT NULL;

-- case: another default is a difference
-- expect: down-not-inverse
-- history
CREATE TABLE t (id int PRIMARY KEY, theme text DEFAULT 'A');
-- draft
ALTER TABLE t ALTER COLUMN theme SET DEFAULT 'b';
-- down
ALTER TABLE t ALTER COLUMN theme SET DEFAULT 'a';

-- case: the order that an index has anyway
-- expect: create-index-not-concurrent (warning)
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE INDEX i ON t (a, "b" DESC) WHERE a > 0;
-- draft
DROP INDEX CONCURRENTLY i;
-- down
CREATE INDEX i ON public.t USING btree (A ASC, b DESC NULLS FIRST) WHERE (a > 0);

-- case: another order of an index
-- expect: create-index-not-concurrent (warning), down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE INDEX i ON t (a);
-- draft
DROP INDEX CONCURRENTLY i;
-- down
CREATE INDEX i ON t (a DESC);

-- case: a predicate as the server prints it
-- expect: create-index-not-concurrent (warning)
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, status text);
CREATE INDEX i ON t (a) WHERE status IN ('x', 'y') AND status != 'z';
-- draft
DROP INDEX CONCURRENTLY i;
-- down
CREATE INDEX i ON t (a) WHERE ((status = ANY (ARRAY['x'::text, 'y'::text])) AND (status <> 'z'::text));

-- case: serial and what it makes
-- expect: none
-- phase: contract
-- directive: rollback data-loss="the rows"
-- history
CREATE TABLE t (id bigserial PRIMARY KEY, a int);
-- draft
DROP TABLE t;
-- down
CREATE SEQUENCE t_id_seq;
CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('t_id_seq'), a int);

-- case: a type goes and comes back by another name
-- expect: alter-column-type-rewrite
-- history
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL);
-- draft
ALTER TYPE mood RENAME TO mood_old;
CREATE TYPE mood AS ENUM ('a', 'b', 'c');
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;
DROP TYPE mood_old;
-- down
CREATE TYPE mood_new AS ENUM ('a', 'b');
ALTER TABLE t ALTER COLUMN m TYPE mood_new USING m::text::mood_new;
DROP TYPE mood;
ALTER TYPE mood_new RENAME TO mood;

-- case: a renamed value in a default
-- expect: none
-- phase: contract
-- history
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'a');
ALTER TYPE mood RENAME VALUE 'a' TO 'c';
-- draft
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;
-- down
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'c';

-- case: a function takes its triggers along
-- expect: create-trigger-lock
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- down
DROP FUNCTION touch CASCADE;

-- case: a schema takes its triggers along
-- expect: create-trigger-lock
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
CREATE SCHEMA r;
CREATE FUNCTION r.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION r.touch();
-- down
DROP SCHEMA r CASCADE;

-- case: a trigger gets its name back
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- draft
ALTER TRIGGER touched ON t RENAME TO noted;
-- down
ALTER TRIGGER noted ON t RENAME TO touched;

-- case: an aggregate is a function
-- expect: none
-- draft
CREATE FUNCTION later(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT greatest($1, $2)';
CREATE AGGREGATE latest (int) (sfunc = later, stype = int);
-- down
DROP AGGREGATE latest(int);
DROP FUNCTION later(int, int);

-- case: a name of more than 63 bytes
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
CREATE INDEX CONCURRENTLY index_with_a_name_that_is_longer_than_what_the_server_keeps_of_it ON t (a);
-- down
DROP INDEX index_with_a_name_that_is_longer_than_what_the_server_keeps_of_;

-- case: an index of a partition goes with that of its parent
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id int, a int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
-- draft
CREATE INDEX t_1_a ON t_1 (a);
CREATE INDEX t_a ON ONLY t (a);
ALTER INDEX t_a ATTACH PARTITION t_1_a;
-- down
DROP INDEX t_a;

-- case: a variable of a body is no table
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
DO $$ DECLARE highest int; BEGIN SELECT max(id) INTO highest FROM t; END $$;
COMMENT ON TABLE t IS 'looked at';
-- down
COMMENT ON TABLE t IS NULL;

-- case: a temporary table is nobody's
-- expect: none
-- draft
CREATE TEMPORARY TABLE seen (id int);
-- down
SELECT 1;

-- case: a comment in the query of a view
-- expect: none
-- phase: contract
-- directive: rollback data-loss="nothing"
-- history
CREATE TABLE priced (name text, symbol text);
CREATE VIEW shown AS
SELECT name,
    symbol -- at most ten letters
FROM priced WHERE name = 'v1';
-- draft
DROP VIEW shown;
CREATE VIEW shown AS SELECT name, symbol AS short FROM priced WHERE name = 'v1';
-- down
DROP VIEW shown;
CREATE VIEW shown AS
SELECT name,
    symbol -- as it was
FROM priced WHERE name = 'v1';

-- case: behind a comment the query of a view is another one
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE priced (name text, symbol text);
CREATE VIEW shown AS
SELECT name,
    symbol -- at most ten letters
FROM priced WHERE name = 'v1';
-- draft
DROP VIEW shown;
CREATE VIEW shown AS SELECT name, symbol AS short FROM priced WHERE name = 'v1';
-- down
DROP VIEW shown;
CREATE VIEW shown AS
SELECT name,
    symbol -- at most ten letters
FROM priced WHERE name = 'v2';

-- case: a view as the server prints it
-- expect: none
-- phase: contract
-- history
CREATE TABLE priced (id int, state text, main int);
CREATE VIEW shown AS select d.id as id, d.state as state, (case when d.main = d.id then 'current' else 'unused' end) kind from priced d;
-- draft
DROP VIEW shown;
CREATE VIEW shown AS select d.id from priced d;
-- down
DROP VIEW shown;
CREATE VIEW shown AS SELECT d.id, d.state, CASE WHEN (d.main = d.id) THEN 'current'::text ELSE 'unused'::text END AS kind FROM priced d;

-- case: what a function takes away that down makes and calls
-- expect: none
-- history
CREATE TABLE t (id int);
-- draft
CREATE SCHEMA parts; CREATE TABLE parts.a (id int);
-- down
CREATE FUNCTION take_away() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP SCHEMA ' || 'parts' || ' CASCADE'; END $$;
SELECT take_away();
DROP FUNCTION take_away();

-- case: the query of a view follows a column that was renamed
-- expect: none
-- phase: contract
-- history
CREATE TABLE priced (code text);
CREATE VIEW shown AS SELECT code AS name FROM priced;
-- history
ALTER TABLE priced RENAME COLUMN code TO symbol;
-- draft
DROP VIEW shown;
CREATE VIEW shown AS SELECT upper(symbol) AS name FROM priced;
-- down
DROP VIEW shown;
CREATE VIEW shown AS SELECT symbol AS name FROM priced;
