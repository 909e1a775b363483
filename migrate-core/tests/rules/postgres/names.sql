-- case: a table that nearly is one of ours
-- expect: nearly-a-table
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- draft
ALTER TABLE acounts ADD COLUMN note text;

-- case: a table that a later file makes
-- expect: missing-object
ALTER TABLE accounts ADD COLUMN note text;
-- draft
CREATE TABLE accounts (id bigint PRIMARY KEY);

-- case: a forgotten semicolon
-- expect: syntax-error
CREATE TABLE accounts (id bigint PRIMARY KEY)
CREATE INDEX accounts_id ON accounts (id);

-- case: a forgotten semicolon, one
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
ALTER TABLE accounts ADD COLUMN email text
COMMENT ON COLUMN accounts.email IS 'x';

-- case: a forgotten semicolon, two
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
ALTER TABLE accounts ADD COLUMN email text GRANT SELECT ON accounts TO app;

-- case: a forgotten semicolon, three
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
INSERT INTO accounts (id) VALUES (1)
TRUNCATE accounts;

-- case: a forgotten semicolon, four
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
DROP TABLE IF EXISTS others
SELECT 1;

-- case: a forgotten semicolon, five
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
COMMENT ON TABLE accounts IS 'y'
DO $$ BEGIN PERFORM 1; END $$;

-- case: a forgotten semicolon, six
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
GRANT SELECT ON accounts TO app
CREATE SEQUENCE s;

-- case: statements that hold others
-- expect: none
-- since: 14
CREATE SCHEMA s CREATE TABLE t (id int) CREATE VIEW v AS SELECT id FROM t GRANT SELECT ON t TO app;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO app;
PREPARE p AS SELECT 1;
EXPLAIN (COSTS off) SELECT 1;
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
SELECT 1 commit;

-- case: tables that are called as a statement begins
-- expect: none
CREATE TABLE comment (id bigint PRIMARY KEY, score int);
CREATE TABLE scores (id bigint PRIMARY KEY, score int);
INSERT INTO scores
SELECT id, score
FROM
    comment
ON CONFLICT (id)
    DO UPDATE SET score = excluded.score;

-- case: a parameter that nothing gives
-- expect: parameter
-- history
CREATE TABLE plans (id int PRIMARY KEY, name text, data jsonb);
-- draft
INSERT INTO plans (id, name) VALUES (1, $1);

-- case: what looks like a parameter
-- expect: none
-- since: 14
-- history
CREATE TABLE plans (id int PRIMARY KEY, name text, data jsonb);
-- draft
UPDATE plans SET name = 'costs $1' WHERE data ? 'a' AND id = 1;
CREATE FUNCTION double(int) RETURNS int LANGUAGE sql RETURN $1 * 2;
CREATE OR REPLACE FUNCTION treble(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 3';
PREPARE one AS SELECT $1::int;

-- case: a draft that is older than a released file
-- expect: object-exists
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE users ADD COLUMN email text;
-- history
ALTER TABLE users ADD COLUMN email text;

-- case: a draft that is older than a released file, and has nothing to do with it
-- expect: none
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE users ADD COLUMN email text;
-- history
ALTER TABLE users ADD COLUMN nick text;
