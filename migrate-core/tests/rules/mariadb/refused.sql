-- case: a column of a unique index over several cannot go
-- expect: needed-object
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a column goes with its unique index
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b));
-- draft
ALTER TABLE t DROP COLUMN b, DROP KEY u;

-- case: a column of an index over several can go
-- expect: mysql-alter-rebuild
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a, b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: all columns of a unique index can go
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b));
-- draft
ALTER TABLE t DROP COLUMN a, DROP COLUMN b;

-- case: a table that others refer to is not truncated
-- expect: needed-object
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, t int, FOREIGN KEY (t) REFERENCES t (id));
-- draft
TRUNCATE TABLE t;

-- case: a table that others refer to is truncated without checks
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, t int, FOREIGN KEY (t) REFERENCES t (id));
-- draft
SET foreign_key_checks = 0;
TRUNCATE TABLE t;

-- case: a view is no table
-- expect: refused-statement
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP TABLE v;

-- case: a view that may be no table
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP TABLE IF EXISTS v;

-- case: a table is no view
-- expect: refused-statement
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
DROP VIEW t;
