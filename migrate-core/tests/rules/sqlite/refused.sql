-- case: strict with a type of another kind
-- expect: refused-statement
-- since: 3.40
CREATE TABLE n (a varchar(10)) STRICT;
-- case: strict with its types
-- expect: none
-- since: 3.40
CREATE TABLE n (a INT, b text, c "REAL", d ANY) STRICT;
-- case: without rowid and key
-- expect: refused-statement
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
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id BIGINT PRIMARY KEY AUTOINCREMENT, a TEXT);

-- case: autoincrement without rowid
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT) WITHOUT ROWID;

-- case: autoincrement
-- expect: none
-- since: 3.40
CREATE TABLE t (id integer CONSTRAINT k PRIMARY KEY ASC AUTOINCREMENT, a TEXT);

-- case: a copy of all columns into one more
-- expect: refused-statement, sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO n SELECT * FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a copy with a value too few
-- expect: refused-statement, sqlite-rewrite
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

-- case: the table that counts for others
-- expect: none
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);
INSERT INTO t VALUES (1, 'a');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('t', 7);

-- case: a column that a trigger only fires on
-- expect: sqlite-rewrite
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE log (x TEXT);
CREATE TRIGGER tr AFTER UPDATE OF b ON t BEGIN INSERT INTO log VALUES (old.a || 'b'); END;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a column that the condition of a trigger names
-- expect: sqlite-drop-column-fails
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE log (x TEXT);
CREATE TRIGGER tr AFTER UPDATE ON t WHEN new.b = 'x' BEGIN INSERT INTO log VALUES (old.a); END;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a generated column over a column that is not there
-- expect: missing-object
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);
-- draft
ALTER TABLE t ADD COLUMN kind TEXT AS (json_extract(bdoy, '$.kind'));

-- case: a check over a text in double quotes
-- expect: none
-- since: 3.40
CREATE TABLE t (a TEXT, CHECK (a <> "x"), CHECK (a IS NOT TRUE), CHECK (rowid > 0), CHECK (t.`a` <> [a] || '1'));

-- case: the index under a UNIQUE
-- expect: refused-statement
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
-- draft
DROP INDEX sqlite_autoindex_t_1;

-- case: an index of a database that is not attached, if it exists
-- expect: none
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
-- draft
DROP INDEX IF EXISTS t.sqlite_autoindex_t_1;

-- case: instead of a statement on a table
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER tr INSTEAD OF INSERT ON t BEGIN SELECT 1; END;

-- case: beside a statement on a view
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER tr AFTER INSERT ON v BEGIN SELECT 1; END;

-- case: instead of a statement on a view
-- expect: none
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER tr INSTEAD  OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.a); END;

-- case: an index of a view
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
CREATE INDEX i ON v (a);

-- case: a value too many
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT AS (id + 1));
INSERT INTO t VALUES (1, 'x', 3);

-- case: as many values as columns
-- expect: none
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT AS (id + 1));
INSERT INTO t VALUES (1, 'x'), (2, max(1, 2));
INSERT INTO t (id) VALUES (3);

-- case: a value for a column that computes its own
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT AS (id + 1));
INSERT INTO t (id, b) VALUES (1, 3);

-- case: rows told by a column that is not there
-- expect: missing-object
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
DELETE FROM t WHERE created < 5;

-- case: rows told by the row number and by a query
-- expect: none
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, b TEXT);
-- draft
DELETE FROM t WHERE rowid = 7 AND t.a = 'x';
DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE b = a);
UPDATE t SET a = u.b FROM u WHERE u.id = t.id AND b <> 'x';

-- case: a generated primary key
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER AS (a + 1) PRIMARY KEY, a INT);

-- case: a generated column of chance
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT AS (random()));

-- case: a check that asks
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a IN (SELECT 1)));

-- case: an index limited by a query
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
CREATE INDEX i ON t (a) WHERE a IN (SELECT 1);

-- case: an index of chance
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);
CREATE INDEX i ON t (a + random());

-- case: a name that is SQLite's own
-- expect: refused-statement
-- since: 3.40
CREATE TABLE sqlite_settings (id INTEGER PRIMARY KEY);

-- case: a table that cannot be there strict
-- expect: none
-- since: 3.40
-- strict
CREATE TABLE t (id INTEGER PRIMARY KEY);
DROP TABLE IF EXISTS old_t;

-- case: a copy that is made by its query
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
-- draft
CREATE TABLE n AS SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a table that a foreign key needs
-- expect: needed-object
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id));
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- draft
DROP TABLE p;

-- case: a table goes with the foreign key that needs it
-- expect: none
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id));
-- draft
DROP TABLE c;
DROP TABLE p;

-- case: strict without a type
-- expect: refused-statement
-- since: 3.40
CREATE TABLE n (id INTEGER PRIMARY KEY, a) STRICT;

-- case: what is refused is judged on as if it were there
-- expect: refused-statement
-- since: 3.40
CREATE TABLE n (id INTEGER PRIMARY KEY, a VARCHAR(20)) STRICT;
-- draft
CREATE INDEX n_a ON n (a);

-- case: a comment of another server
-- expect: syntax-error
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
# one more column
ALTER TABLE t ADD COLUMN a TEXT;

-- case: a table option of another server
-- expect: syntax-error
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY) ENGINE=InnoDB;

-- case: an index that says where NULL stands
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a NULLS LAST);

-- case: an index over columns of such names
-- expect: none
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, last TEXT, first TEXT, nulls TEXT);
CREATE INDEX t_a ON t (last, first DESC, nulls);

-- case: rows of all columns with one that is computed
-- expect: refused-statement
-- since: 3.40
CREATE TABLE s (id INTEGER PRIMARY KEY, a TEXT, n INTEGER AS (length(a)));
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t SELECT * FROM s;

-- case: rows of all columns of what a query is called
-- expect: none
-- since: 3.40
CREATE TABLE s (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
WITH s AS (SELECT 1, 'x') INSERT INTO t SELECT * FROM s;
INSERT INTO t WITH s AS (SELECT 2, 'x') SELECT * FROM s;

-- case: wal in a transaction
-- expect: refused-statement
-- since: 3.40
-- layout: plain
BEGIN;
PRAGMA journal_mode = WAL;
COMMIT;

-- case: synchronous in a transaction
-- expect: refused-statement
-- since: 3.40
-- layout: plain
BEGIN;
PRAGMA synchronous = OFF;
COMMIT;

-- case: wal before a transaction
-- expect: none
-- since: 3.40
-- layout: plain
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
BEGIN;
PRAGMA journal_mode;
CREATE TABLE t (id INTEGER PRIMARY KEY);
COMMIT;

-- case: a trigger goes with its view
-- expect: missing-object
-- since: 3.40
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
CREATE TRIGGER v_i INSTEAD OF INSERT ON v BEGIN INSERT INTO t (id) VALUES (NEW.id); END;
-- draft
DROP VIEW v;
DROP TRIGGER v_i;

-- case: rows for a view
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
INSERT INTO v VALUES (1);

-- case: rows for a view with a trigger
-- expect: none
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
CREATE TRIGGER v_i INSTEAD OF INSERT ON v BEGIN INSERT INTO t (id) VALUES (NEW.id); END;
INSERT INTO v VALUES (1);

-- case: a transaction within a transaction
-- expect: refused-statement
-- since: 3.40
-- layout: plain
BEGIN;
BEGIN IMMEDIATE;
CREATE TABLE t (id INTEGER PRIMARY KEY);
COMMIT;

-- case: one transaction behind another
-- expect: none
-- since: 3.40
-- layout: plain
BEGIN;
CREATE TABLE t (id INTEGER PRIMARY KEY);
COMMIT;
BEGIN;
CREATE TABLE u (id INTEGER PRIMARY KEY);
COMMIT;

-- case: an index of a virtual table
-- expect: refused-statement
-- since: 3.40
CREATE VIRTUAL TABLE t USING fts5(a);
CREATE INDEX i ON t (a);

-- case: a row of defaults
-- expect: refused-statement
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
INSERT INTO t DEFAULT VALUES;

-- case: a row of defaults that are there
-- expect: none
-- since: 3.40
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x', b TEXT);
INSERT INTO t DEFAULT VALUES;

-- case: an index over the number of the row
-- expect: refused-statement, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE INDEX i ON t (a, rowid);

-- case: an index over what is computed from the number of the row
-- expect: refused-statement, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE INDEX i ON t (a + _rowid_);

-- case: an index over a column that is called like the number of the row
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, oid TEXT);
-- draft
CREATE INDEX i ON t (oid) WHERE rowid > 10;

-- case: an index over a query
-- expect: refused-statement, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE INDEX i ON t ((SELECT 1));
