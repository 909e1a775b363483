-- case: nothing but a type changes
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: of a table that is not known
-- expect: sqlite-rewrite
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL DEFAULT 0);
INSERT INTO new_t (id, a) SELECT id, coalesce(a, 0) FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: with star
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE "t__new" (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> ''));
INSERT INTO "t__new" SELECT * FROM t;
DROP TABLE t;
ALTER TABLE "t__new" RENAME TO "t";

-- case: a column is lost
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a column is lost in contract
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a column has another name
-- expect: rename-column, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, b TEXT);
INSERT INTO new_t (id, b) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a column of an unknown table has another name
-- expect: rename-column, sqlite-rewrite
CREATE TABLE new_t (id INTEGER PRIMARY KEY, b TEXT);
INSERT INTO new_t SELECT id, a AS b FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: NOT NULL comes
-- expect: set-not-null-scan, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
INSERT INTO new_t SELECT id, coalesce(a, '') FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: NOT NULL comes with a default
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '');
INSERT INTO new_t SELECT id, coalesce(a, '') FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: NOT NULL comes in contract
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
INSERT INTO new_t SELECT id, coalesce(a, '') FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: NOT NULL goes
-- expect: drop-not-null, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a required column comes
-- expect: add-column-not-null-no-default, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL);
INSERT INTO new_t SELECT id, a, 'b' FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: an optional column comes
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT, b TEXT DEFAULT CURRENT_TIMESTAMP, c INTEGER NOT NULL DEFAULT (1 + 1));
INSERT INTO new_t (id, a) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a default goes
-- expect: drop-default, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x');
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: UNIQUE goes
-- expect: drop-unique, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: UNIQUE becomes an index
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
CREATE UNIQUE INDEX t_a ON t (a);

-- case: a unique index is forgotten
-- expect: drop-unique, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: an index is forgotten
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a trigger is forgotten
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER t_after AFTER INSERT ON t BEGIN SELECT 1; END;
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: all of it is made again
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
CREATE TRIGGER t_after AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE VIEW v AS SELECT a FROM t;
-- draft
DROP VIEW v;
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
CREATE INDEX t_a ON t (a);
CREATE TRIGGER t_after AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE VIEW v AS SELECT a FROM t;

-- case: a view is in the way
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a view is not in the way of the old RENAME
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
-- draft
PRAGMA legacy_alter_table = ON;
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
PRAGMA legacy_alter_table = OFF;

-- case: a trigger of another table is in the way
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER u_after AFTER INSERT ON u BEGIN INSERT INTO t (a) VALUES ('u'); END;
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: children keep their foreign keys
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
-- draft
INSERT INTO c (t_id) VALUES (1);

-- case: the old table is renamed first
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id));
-- draft
ALTER TABLE t RENAME TO old_t;
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO t SELECT id, a FROM old_t;
DROP TABLE old_t;

-- case: the old table of unknown shape is renamed first
-- expect: sqlite-rebuild-order, sqlite-rewrite
ALTER TABLE t RENAME TO _t_old;
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO t (id, a) SELECT id, a FROM _t_old;
DROP TABLE _t_old;

-- case: the old table is renamed first and loses a column
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
ALTER TABLE t RENAME TO old_t;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t SELECT id, a FROM old_t;
DROP TABLE old_t;

-- case: the old table is renamed first as long ago
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id));
-- draft
PRAGMA legacy_alter_table = ON;
ALTER TABLE t RENAME TO old_t;
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO t SELECT id, a FROM old_t;
DROP TABLE old_t;

-- case: the rows are put aside
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TEMPORARY TABLE t_backup (id, a);
INSERT INTO t_backup SELECT id, a FROM t;
DROP TABLE t;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t SELECT id, a FROM t_backup;
DROP TABLE t_backup;

-- case: two tables in one file
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, b TEXT, c TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO new_t SELECT * FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
CREATE TABLE new_u (id INTEGER PRIMARY KEY, b TEXT);
INSERT INTO new_u (id, b) SELECT id, b FROM u;
DROP TABLE u;
ALTER TABLE new_u RENAME TO u;

-- case: a rebuild of a table of an earlier draft
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
CREATE INDEX t_a ON t (a);

-- case: a rebuilt table is still in use
-- expect: drop-table, sqlite-add-column-fails, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a INTEGER);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
ALTER TABLE t ADD COLUMN b TEXT NOT NULL;
-- draft
DROP TABLE t;

-- case: renamed and not made again
-- expect: drop-table
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
-- draft
CREATE TABLE w (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO w SELECT id, a FROM t;
DROP TABLE t;

-- case: foreign keys switched in a transaction
-- expect: sqlite-foreign-keys-pragma-in-transaction, sqlite-rewrite
-- layout: sqlx
PRAGMA foreign_keys = OFF;
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
PRAGMA foreign_keys = ON;

-- case: the same as a call
-- expect: sqlite-foreign-keys-pragma-in-transaction
-- layout: sqlx
pragma main.FOREIGN_KEYS(0);
CREATE TABLE a (id INTEGER PRIMARY KEY);

-- case: deferred foreign keys are something else
-- expect: sqlite-rewrite
-- layout: sqlx
PRAGMA defer_foreign_keys = ON;
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: foreign keys switched outside
-- expect: sqlite-rewrite
-- layout: sqlx
-- transaction: off
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
COMMIT;
PRAGMA foreign_keys = ON;

-- case: foreign keys switched inside a transaction of the file
-- expect: sqlite-foreign-keys-pragma-in-transaction, sqlite-rewrite
-- layout: sqlx
-- transaction: off
BEGIN TRANSACTION;
PRAGMA foreign_keys = OFF;
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
COMMIT;

-- case: foreign keys are only asked for
-- expect: none
-- layout: sqlx
-- transaction: off
BEGIN;
PRAGMA foreign_keys;
COMMIT;

-- case: begin without an end
-- expect: uncommitted-transaction
-- layout: sqlx
-- transaction: off
BEGIN;
CREATE TABLE a (id INTEGER PRIMARY KEY);

-- case: the index is dropped for its name, and nothing refers to the table
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);
-- draft
DROP INDEX t_a;
ALTER TABLE t RENAME TO old_t;
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
CREATE UNIQUE INDEX t_a ON t (a);
INSERT INTO t SELECT id, a FROM old_t;
DROP TABLE old_t;

-- case: foreign keys switched in a file of the library, of which the reader says what it can where no rule is asked
-- expect: mixed-transaction, sqlite-foreign-keys-pragma-in-transaction, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
PRAGMA foreign_keys = OFF;
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO n (id, a) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;
PRAGMA foreign_keys = ON;

-- case: foreign keys are switched on in a transaction
-- expect: sqlite-foreign-keys-pragma-in-transaction (warning)
-- layout: sqlx
PRAGMA foreign_keys = ON;
CREATE TABLE a (id INTEGER PRIMARY KEY);

-- case: an index in the place of a unique one
-- expect: drop-unique, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE UNIQUE INDEX t_a ON t (a);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO n (id, a) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;
CREATE INDEX t_a ON t (a);
