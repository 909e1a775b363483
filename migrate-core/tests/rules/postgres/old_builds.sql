-- case: drop column
-- expect: drop-column
ALTER TABLE t DROP COLUMN IF EXISTS a CASCADE;

-- case: drop column without the word
-- expect: drop-column
ALTER TABLE t DROP a;

-- case: drop column in contract
-- expect: none
-- phase: contract
ALTER TABLE t DROP COLUMN a;

-- case: drop column in migrate
-- expect: drop-column
-- phase: migrate
ALTER TABLE t DROP COLUMN a;

-- case: drop two
-- expect: drop-column
ALTER TABLE t DROP COLUMN a, DROP COLUMN b;

-- case: drop a column that a draft added
-- expect: none
ALTER TABLE t ADD COLUMN a int;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: drop table
-- expect: drop-table
DROP TABLE IF EXISTS t;

-- case: drop two tables
-- expect: drop-table, multiple-access-exclusive
DROP TABLE a, b;

-- case: drop table in contract
-- expect: none
-- phase: contract
DROP TABLE t;

-- case: drop child table
-- expect: drop-fk-locks-parent, drop-table
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int REFERENCES p);
-- draft
DROP TABLE t;

-- case: drop view
-- expect: drop-view
DROP VIEW v;

-- case: drop and create view
-- expect: none
DROP VIEW v;
CREATE VIEW v AS SELECT 1 AS a;

-- case: drop and create view apart
-- expect: drop-view
-- transaction: off
DROP VIEW v;
CREATE VIEW v AS SELECT 1 AS a;

-- case: replace view
-- expect: none
CREATE OR REPLACE VIEW v AS SELECT 1 AS a;

-- case: drop function
-- expect: drop-function
DROP FUNCTION f(int), g(text);

-- case: drop sequence
-- expect: drop-sequence
DROP SEQUENCE s;

-- case: drop type
-- expect: drop-type
DROP TYPE e;

-- case: drop domain
-- expect: drop-type
DROP DOMAIN d;

-- case: drop schema
-- expect: drop-schema
DROP SCHEMA s CASCADE;

-- case: drop materialized view
-- expect: drop-view
DROP MATERIALIZED VIEW m;

-- case: rename column
-- expect: rename-column
ALTER TABLE t RENAME COLUMN a TO b;

-- case: rename column in contract
-- expect: rename-column
-- phase: contract
ALTER TABLE t RENAME a TO b;

-- case: rename table
-- expect: rename-table
ALTER TABLE t RENAME TO u;

-- case: rename table with a view
-- expect: none
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT * FROM u;

-- case: rename table with a view in another transaction
-- expect: rename-table
ALTER TABLE t RENAME TO u;
-- draft
CREATE VIEW t AS SELECT * FROM u;

-- case: rename table with a view that cannot be written
-- expect: rename-table
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT DISTINCT * FROM u;

-- case: rename table with a view over a join
-- expect: rename-table
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT u.* FROM u, w;

-- case: rename table with a view of another name
-- expect: rename-table
ALTER TABLE t RENAME TO u;
CREATE VIEW old_t AS SELECT * FROM u;

-- case: rename column with table and view
-- expect: none
-- history
CREATE TABLE t (id int, a text);
-- draft
ALTER TABLE t RENAME COLUMN a TO b;
ALTER TABLE t RENAME TO t_base;
CREATE VIEW t AS SELECT id, b AS a FROM t_base;

-- case: rename column with a view that lacks it
-- expect: rename-column, rename-table
-- history
CREATE TABLE t (id int, a text);
-- draft
ALTER TABLE t RENAME COLUMN a TO b;
ALTER TABLE t RENAME TO t_base;
CREATE VIEW t AS SELECT id FROM t_base;

-- case: rename constraint
-- expect: none
ALTER TABLE t RENAME CONSTRAINT a TO b;

-- case: rename schema
-- expect: rename-schema
ALTER SCHEMA a RENAME TO b;

-- case: rename view
-- expect: rename-view
ALTER VIEW v RENAME TO w;

-- case: rename type
-- expect: rename-type
ALTER TYPE e RENAME TO f;

-- case: rename enum value
-- expect: rename-enum-value
ALTER TYPE e RENAME VALUE 'a' TO 'b';

-- case: set schema
-- expect: set-schema
ALTER TABLE t SET SCHEMA s;

-- case: set schema with a view
-- expect: none
ALTER TABLE t SET SCHEMA s;
CREATE VIEW t AS SELECT * FROM s.t;

-- case: drop default
-- expect: drop-default
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;

-- case: drop not null
-- expect: drop-not-null
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;

-- case: enable row security
-- expect: enable-rls
ALTER TABLE t ENABLE ROW LEVEL SECURITY;

-- case: disable row security
-- expect: none
ALTER TABLE t DISABLE ROW LEVEL SECURITY;

-- case: revoke
-- expect: revoke-privilege
REVOKE ALL ON t FROM bob;

-- case: revoke in contract
-- expect: none
-- phase: contract
REVOKE ALL ON t FROM bob;

-- case: grant
-- expect: none
GRANT SELECT ON t TO bob;

-- case: rule
-- expect: create-rule
CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;

-- case: trigger
-- expect: create-trigger-lock
CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();

-- case: drop trigger
-- expect: create-trigger-lock
DROP TRIGGER x ON t;

-- case: disable trigger
-- expect: disable-trigger
ALTER TABLE t DISABLE TRIGGER x;

-- case: disable trigger user
-- expect: disable-trigger
ALTER TABLE t DISABLE TRIGGER USER;

-- case: truncate
-- expect: truncate-table
TRUNCATE t;

-- case: truncate in contract
-- expect: none
-- phase: contract
TRUNCATE t;

-- case: enum value added and used
-- expect: enum-add-value-in-transaction
ALTER TYPE e ADD VALUE 'x';
UPDATE t SET a = 'x' WHERE id = 1;

-- case: enum value added and used at 17
-- expect: enum-add-value-in-transaction
-- since: 17
ALTER TYPE e ADD VALUE 'x';
UPDATE t SET a = 'x' WHERE id = 1;

-- case: enum value before 12
-- expect: enum-add-value-in-transaction
-- since: 11
ALTER TYPE e ADD VALUE 'x';

-- case: enum value before 12 without transaction
-- expect: none
-- since: 11
-- transaction: off
ALTER TYPE e ADD VALUE 'x';

-- case: enum value of a new enum
-- expect: none
CREATE TYPE e AS ENUM ('a');
ALTER TYPE e ADD VALUE 'x';
CREATE TABLE t (a e DEFAULT 'a');

-- case: enum value of a new enum, used
-- expect: enum-add-value-in-transaction
CREATE TYPE e AS ENUM ('a');
ALTER TYPE e ADD VALUE 'x';
CREATE TABLE t (a e DEFAULT 'x');

-- case: the default of a new column that is NOT NULL
-- expect: drop-default
ALTER TABLE t ADD COLUMN is_online boolean DEFAULT false NOT NULL;
ALTER TABLE t ALTER COLUMN is_online DROP DEFAULT;

-- case: the default of a new column that may be NULL
-- expect: none
ALTER TABLE t ADD COLUMN is_online boolean DEFAULT false;
ALTER TABLE t ALTER COLUMN is_online DROP DEFAULT;

-- case: the default of a new column of a new table
-- expect: none
CREATE TABLE n (id bigint);
ALTER TABLE n ADD COLUMN is_online boolean NOT NULL DEFAULT false;
ALTER TABLE n ALTER COLUMN is_online DROP DEFAULT;

-- case: drop and create view without a column
-- expect: drop-view
-- history
CREATE TABLE t (id bigint, email text);
CREATE VIEW v AS SELECT id, email FROM t;
-- draft
DROP VIEW v;
CREATE VIEW v AS SELECT id FROM t;

-- case: drop and create view with another name for a column
-- expect: drop-view
-- history
CREATE TABLE t (id bigint, email text);
CREATE VIEW v AS SELECT id, email FROM t;
-- draft
DROP VIEW v;
CREATE VIEW v (id, mail) AS SELECT id, email FROM t;

-- case: drop and create view with one column more
-- expect: none
-- history
CREATE TABLE t (id bigint, email text, name text);
CREATE VIEW v AS SELECT id, email FROM t;
-- draft
DROP VIEW v;
CREATE VIEW v AS SELECT name, id, email FROM t;
