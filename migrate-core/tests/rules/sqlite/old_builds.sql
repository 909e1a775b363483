-- case: drop table
-- expect: drop-table
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
DROP TABLE t;

-- case: drop table if exists, unknown
-- expect: drop-table
DROP TABLE IF EXISTS t;

-- case: drop table in contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
DROP TABLE t;

-- case: drop a table of this file
-- expect: none
CREATE TABLE scratch (a);
DROP TABLE scratch;

-- case: drop and make anew loses the rows
-- expect: drop-table
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
DROP TABLE t;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- case: drop a virtual table
-- expect: drop-table
-- history
CREATE VIRTUAL TABLE f USING fts5(a);
-- draft
DROP TABLE f;

-- case: drop view
-- expect: drop-view
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP VIEW v;

-- case: drop view and make it again
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP VIEW v;
CREATE VIEW v AS SELECT id, a FROM t;

-- case: rename table
-- expect: rename-table
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t RENAME TO u;

-- case: rename table with a view of the old name
-- expect: rename-table
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT * FROM u;

-- case: rename table in contract
-- expect: rename-table
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE "t" RENAME TO [u];

-- case: rename a table of this file
-- expect: none
CREATE TABLE a (id INTEGER PRIMARY KEY);
ALTER TABLE a RENAME TO b;
ALTER TABLE b ADD COLUMN c TEXT NOT NULL;

-- case: rename column
-- expect: rename-column
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t RENAME COLUMN a TO b;

-- case: rename column without the word
-- expect: rename-column
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t RENAME a TO b;

-- case: a column called column needs its quotes
-- expect: syntax-error
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, "column" TEXT);
-- draft
ALTER TABLE t RENAME column TO b;

-- case: rename column to one that is there
-- expect: object-exists, rename-column
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
ALTER TABLE t RENAME COLUMN a TO B;

-- case: drop a unique index
-- expect: drop-unique
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);
-- draft
DROP INDEX t_a;

-- case: drop a unique index in contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);
-- draft
DROP INDEX t_a;

-- case: drop a unique index that another one covers
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);
-- draft
CREATE UNIQUE INDEX t_a2 ON t (a);
DROP INDEX t_a;

-- case: drop a plain index
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- draft
DROP INDEX IF EXISTS t_a;

-- case: drop a trigger
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
-- draft
DROP TRIGGER g;

-- case: set not null
-- expect: set-not-null-scan, sqlite-rewrite
-- since: 3.53
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: set not null in contract
-- expect: sqlite-rewrite
-- since: 3.53
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: drop not null
-- expect: drop-not-null
-- since: 3.53
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
-- draft
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;

-- case: index build
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE INDEX t_a ON t (a);

-- case: index over a table of this file
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a COLLATE NOCASE DESC) WHERE a IS NOT NULL;

-- case: an index that is there
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- draft
CREATE INDEX IF NOT EXISTS t_a ON t (a);

-- case: reindex
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- draft
REINDEX t_a;

-- case: vacuum
-- expect: sqlite-rewrite
VACUUM;

-- case: vacuum into another file
-- expect: none
VACUUM INTO '/nowhere/copy.db';

-- case: a unique index that comes back over the same column
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);
-- draft
DROP INDEX t_a;
CREATE UNIQUE INDEX t_a_key ON t (a);

-- case: a view that comes back with less
-- expect: drop-view
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, c TEXT);
CREATE VIEW v AS SELECT t.id, t.a, u.c AS "C" FROM t JOIN u ON u.id = t.id;
CREATE VIEW w (x, y) AS SELECT id, a FROM t;
-- draft
DROP VIEW v;
CREATE VIEW v AS SELECT id, a FROM t;
-- draft
DROP VIEW w;
CREATE VIEW w (x) AS SELECT id FROM t;

-- case: a view that comes back with more
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE VIEW v AS SELECT id, upper(a), b AS "B" FROM t;
CREATE VIEW w AS SELECT * FROM t;
-- draft
DROP VIEW v;
CREATE VIEW v AS SELECT id, b, UPPER( a ) FROM t;
DROP VIEW w;
CREATE VIEW w AS SELECT id FROM t;

-- case: a unique index of the same file
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE UNIQUE INDEX t_a ON t (a);
DROP INDEX t_a;
