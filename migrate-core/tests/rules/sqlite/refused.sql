-- case: strict with a type of another kind
-- expect: syntax-error
-- since: 3.40
CREATE TABLE n (a varchar(10)) STRICT;
-- case: strict with its types
-- expect: none
-- since: 3.40
CREATE TABLE n (a INT, b text, c "REAL", d ANY) STRICT;
-- case: without rowid and key
-- expect: syntax-error
CREATE TABLE n (a int) WITHOUT ROWID;
-- case: without rowid key of the table
-- expect: none
CREATE TABLE n (a int, b int, PRIMARY KEY (a, b)) WITHOUT ROWID;

-- case: a new table that has rows by now
-- expect: sqlite-add-column-fails
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (1);
ALTER TABLE t ADD COLUMN a INTEGER NOT NULL;

-- case: a new table that may have rows by now
-- expect: none
-- since: 3.40
-- history
CREATE TABLE s (id INTEGER PRIMARY KEY);
-- draft
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t SELECT id FROM s WHERE id > 7;
ALTER TABLE t ADD COLUMN a INTEGER NOT NULL;

-- case: truncate is no statement of SQLite
-- expect: syntax-error
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
TRUNCATE TABLE t;

-- case: autoincrement of another type
-- expect: syntax-error
-- since: 3.40
CREATE TABLE t (id BIGINT PRIMARY KEY AUTOINCREMENT, a TEXT);

-- case: autoincrement without rowid
-- expect: syntax-error
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT) WITHOUT ROWID;

-- case: autoincrement
-- expect: none
-- since: 3.40
CREATE TABLE t (id integer CONSTRAINT k PRIMARY KEY ASC AUTOINCREMENT, a TEXT);

-- case: a copy of all columns into one more
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO n SELECT * FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a copy with a value too few
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO n (id, a, b) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a copy beside what is computed
-- expect: sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT AS (lower(a)));
INSERT INTO n SELECT * FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a copy of all columns of an alias and one more
-- expect: sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO n SELECT t.*, 'x' FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a view is no table
-- expect: refused-statement
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP TABLE IF EXISTS v;

-- case: a down that drops a column before its index
-- expect: needed-object, sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT;
CREATE INDEX t_b ON t (b);
-- down
ALTER TABLE t DROP COLUMN b;
DROP INDEX t_b;

-- case: a down that drops a column behind its index
-- expect: sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT;
CREATE INDEX t_b ON t (b);
-- down
DROP INDEX t_b;
ALTER TABLE t DROP COLUMN b;

-- case: two primary keys
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER PRIMARY KEY);
