-- case: drop table
-- expect: drop-table
DROP TABLE IF EXISTS t;

-- case: drop table in contract
-- expect: none
-- phase: contract
DROP TABLE t;

-- case: drop temporary table
-- expect: none
DROP TEMPORARY TABLE IF EXISTS t;

-- case: drop two tables
-- expect: drop-table
DROP TABLE a, `b`;

-- case: drop a new table
-- expect: none
CREATE TABLE t (a int);
DROP TABLE t;

-- case: drop view
-- expect: drop-view
DROP VIEW v;

-- case: drop and create view
-- expect: drop-view
DROP VIEW v;
CREATE VIEW v AS SELECT 1 AS a;

-- case: replace view
-- expect: none
CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`root`@`%` SQL SECURITY INVOKER VIEW v AS SELECT 1 AS a;

-- case: alter view
-- expect: none
ALTER VIEW v AS SELECT 1 AS a;

-- case: drop procedure
-- expect: drop-function
DROP PROCEDURE p;

-- case: drop and create procedure
-- expect: none
DROP PROCEDURE IF EXISTS p;
CREATE PROCEDURE p() BEGIN SELECT 1; END;

-- case: drop database
-- expect: drop-schema
DROP DATABASE d;

-- case: rename table
-- expect: rename-table
RENAME TABLE t TO u;

-- case: rename table by alter
-- expect: rename-table
ALTER TABLE t RENAME TO u;

-- case: rename table by alter without to
-- expect: rename-table
ALTER TABLE t RENAME u;

-- case: rename in contract
-- expect: rename-table
-- phase: contract
RENAME TABLE t TO u;

-- case: swap
-- expect: mysql-ddl-implicit-commit
CREATE TABLE t_new (a int);
RENAME TABLE t TO t_old, t_new TO t;

-- case: rename and view
-- expect: rename-table
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT * FROM u;

-- case: rename a new table
-- expect: none
CREATE TABLE t (a int);
RENAME TABLE t TO u;

-- case: move to another database
-- expect: rename-table
RENAME TABLE a.t TO b.t;

-- case: truncate
-- expect: truncate-table
TRUNCATE t;

-- case: truncate in contract
-- expect: none
-- phase: contract
TRUNCATE TABLE t;

-- case: truncate a new table
-- expect: none
CREATE TABLE t (a int);
TRUNCATE TABLE t;

-- case: create trigger
-- expect: create-trigger-lock
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;

-- case: create trigger of a new table
-- expect: none
CREATE TABLE t (a int);
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;

-- case: drop trigger
-- expect: create-trigger-lock
DROP TRIGGER IF EXISTS g;

-- case: lock tables
-- expect: explicit-lock
LOCK TABLES t WRITE, u AS x READ;
UNLOCK TABLES;

-- case: lock new table
-- expect: none
CREATE TABLE t (a int);
LOCK TABLES t WRITE;
UNLOCK TABLES;

-- case: revoke
-- expect: revoke-privilege
REVOKE SELECT ON shop.* FROM app;

-- case: drop user
-- expect: revoke-privilege
DROP USER app;

-- case: grant
-- expect: none
GRANT SELECT ON shop.* TO app;

-- case: drop column of an unknown table
-- expect: drop-column
-- since: 8.0.29
ALTER TABLE t DROP COLUMN a;

-- case: drop column that a draft added
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN a int;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: a view is replaced by one with fewer columns
-- expect: drop-view
-- history
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
-- draft
CREATE OR REPLACE VIEW v AS SELECT a FROM t;

-- case: a view is altered to fewer columns
-- expect: drop-view
-- history
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b AS c FROM t;
-- draft
ALTER VIEW v AS SELECT a, b FROM t;

-- case: a view gets more columns
-- expect: none
-- history
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT b FROM t;
-- draft
CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;

-- case: a view loses columns in a contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
-- draft
CREATE OR REPLACE VIEW v AS SELECT a FROM t;

-- case: a view of two tables that shows less
-- expect: drop-view
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, b int);
CREATE VIEW v AS SELECT t.id, t.a, u.b FROM t JOIN u ON u.id = t.id;
-- draft
CREATE OR REPLACE VIEW v AS SELECT t.id, t.a FROM t JOIN u ON u.id = t.id;

-- case: a view of two tables that shows more
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, b int);
CREATE VIEW v AS SELECT t.id, count(*), max(u.b) AS most FROM t JOIN u ON u.id = t.id GROUP BY t.id;
-- draft
CREATE OR REPLACE VIEW v AS SELECT t.id, COUNT( * ), max(u.b) AS MOST, min(u.b) AS least FROM t JOIN u ON u.id = t.id GROUP BY t.id;

-- case: a unique index of the same file
-- expect: mysql-ddl-implicit-commit
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t ADD UNIQUE KEY t_a (a);
ALTER TABLE t DROP INDEX t_a;

-- case: another primary key in place of one
-- expect: drop-unique (warning), mysql-alter-rebuild (warning)
-- history
CREATE TABLE t (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id));
-- draft
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, at);

-- case: a primary key without another one
-- expect: drop-unique (error), mysql-alter-copy (error)
-- history
CREATE TABLE t (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id));
-- draft
ALTER TABLE t DROP PRIMARY KEY;
