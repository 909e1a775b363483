-- case: a table that is there
-- expect: object-exists
-- history
CREATE TABLE Users (id INTEGER PRIMARY KEY);
-- draft
CREATE TABLE "USERS" (id INTEGER PRIMARY KEY);

-- case: a table that may be there
-- expect: if-not-exists-masks-drift
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY);
-- draft
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, a TEXT);

-- case: an index named as a table
-- expect: object-exists, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE t_a (id INTEGER PRIMARY KEY);
-- draft
CREATE INDEX t_a ON t (a);

-- case: a temporary table beside one of that name
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
CREATE TEMP TABLE t (a);
DROP TABLE temp.t;

-- case: a view that is there
-- expect: object-exists
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
CREATE VIEW v AS SELECT id FROM t;

-- case: a trigger that is there, on another table
-- expect: object-exists
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
-- draft
CREATE TRIGGER g AFTER INSERT ON u BEGIN SELECT 1; END;

-- case: a trigger named as a table
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
CREATE TRIGGER t AFTER INSERT ON t BEGIN SELECT 1; END;

-- case: a trigger that was dropped with its table
-- expect: missing-object
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
DROP TABLE t;
DROP TRIGGER g;

-- case: an index that was dropped with its table
-- expect: missing-object
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
DROP TABLE t;
DROP INDEX t_a;

-- case: an index goes with its table to the new name
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
ALTER TABLE t RENAME TO u;
DROP INDEX t_a;
CREATE INDEX t_a ON u (a);

-- case: a table under its old name
-- expect: missing-object
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
ALTER TABLE t RENAME TO u;
INSERT INTO t (a) VALUES ('x');

-- case: a dropped table
-- expect: missing-object
CREATE TABLE t (id INTEGER PRIMARY KEY);
DROP TABLE t;
ALTER TABLE t ADD COLUMN a TEXT;

-- case: a dropped table that may be missing
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY);
DROP TABLE t;
DROP TABLE IF EXISTS t;

-- case: an index over a column that is not there
-- expect: missing-object
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
CREATE INDEX t_a ON t (nam);

-- case: in double quotes it is a string
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
CREATE INDEX t_a ON t ("nam");

-- case: the number of the row has three names
-- expect: none
CREATE TABLE t (name TEXT);
UPDATE t SET name = 'x' WHERE rowid = 1;
UPDATE t SET rowid = 2 WHERE _rowid_ = 1;
INSERT INTO t (oid, name) VALUES (3, 'x');

-- case: update of a column that is not there
-- expect: missing-object
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
-- draft
UPDATE t SET nme = 'x' WHERE id = 1;

-- case: insert into a column that is not there
-- expect: missing-object
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
-- draft
INSERT INTO t (id, nme) VALUES (1, 'x');

-- case: a column defined twice
-- expect: object-exists
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, A TEXT);

-- case: a foreign key to a table that comes later
-- expect: none
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id));
CREATE TABLE p (id INTEGER PRIMARY KEY);

-- case: a foreign key to a table that is gone
-- expect: none
CREATE TABLE p (id INTEGER PRIMARY KEY);
DROP TABLE p;
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id TEXT REFERENCES p (id));

-- case: a key of another type
-- expect: none
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id TEXT REFERENCES p (id));

-- case: the tables that full text search keeps
-- expect: object-exists
CREATE VIRTUAL TABLE f USING fts5(a, content='');
CREATE TABLE f_data (id INTEGER PRIMARY KEY);

-- case: they go with it
-- expect: none
CREATE VIRTUAL TABLE f USING fts5(a);
DROP TABLE f;
CREATE TABLE f_data (id INTEGER PRIMARY KEY);

-- case: they follow it
-- expect: none
CREATE VIRTUAL TABLE f USING fts5(a);
ALTER TABLE f RENAME TO g;
CREATE TABLE f_data (id INTEGER PRIMARY KEY);

-- case: commands of full text search
-- expect: none
CREATE VIRTUAL TABLE f USING fts5(a);
INSERT INTO f (f) VALUES ('rebuild');
INSERT INTO f (f, rank) VALUES ('automerge', 8);

-- case: a trigger with a body of several statements
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (t_id INTEGER, what TEXT);
CREATE TRIGGER t_log AFTER UPDATE OF a ON t FOR EACH ROW WHEN OLD.a IS NOT NEW.a
BEGIN
    INSERT INTO log VALUES (NEW.id, CASE WHEN NEW.a IS NULL THEN 'gone' ELSE 'kept' END);
    DELETE FROM log WHERE t_id = OLD.id AND what = ';';
END;
DROP TRIGGER t_log;

-- case: strict, without rowid
-- expect: none
-- since: 3.37
CREATE TABLE t (a TEXT PRIMARY KEY, b ANY) STRICT, WITHOUT ROWID;

-- case: constraints without commas between them
-- expect: none
CREATE TABLE t (a TEXT, b TEXT, CONSTRAINT k PRIMARY KEY (a) CHECK (a <> b) UNIQUE (b) FOREIGN KEY (b) REFERENCES t (a));

-- case: two constraints of one name
-- expect: none
CREATE TABLE t (a INTEGER CONSTRAINT c CHECK (a > 0), b INTEGER CONSTRAINT c CHECK (b > 0));

-- case: table from a query
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE copy AS SELECT * FROM t;
ALTER TABLE copy ADD COLUMN b TEXT;

-- case: main is the schema of what has none
-- expect: object-exists
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
CREATE TABLE main.t (id INTEGER PRIMARY KEY);

-- case: strict analysis of a table that nobody made
-- expect: missing-object
-- strict
ALTER TABLE nobody ADD COLUMN a TEXT;

-- case: strict analysis knows SQLite's own tables
-- expect: none
-- strict
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);
UPDATE sqlite_sequence SET seq = 100 WHERE name = 't';

-- case: down brings a table back
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- down
DROP TABLE t;

-- case: down forgets an index
-- expect: down-not-inverse, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE INDEX t_a ON t (a);
CREATE TABLE u (id INTEGER PRIMARY KEY);
-- down
DROP TABLE u;

-- case: down of a rebuild
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO new_t (id, a) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
-- down
ALTER TABLE t DROP COLUMN b;

-- case: down of a rebuild that does not bring the type back
-- expect: down-not-inverse, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);
INSERT INTO new_t SELECT id, a, b FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
-- down
SELECT 1;

-- case: down forgets a trigger
-- expect: down-not-inverse
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
-- down
SELECT 1;

-- case: down of a renaming with a view
-- expect: rename-table
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
-- draft
ALTER TABLE t RENAME TO u;
-- down
ALTER TABLE u RENAME TO t;

-- case: unreadable
-- expect: syntax-error
CREATE TABLE t (id INTEGER PRIMARY KEY;

-- case: the schema is edited by hand
-- expect: opaque-statement
UPDATE sqlite_master SET sql = 'CREATE TABLE t (a)' WHERE name = 't';

-- case: an index that another table has taken over
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id integer PRIMARY KEY, a text);
CREATE INDEX t_a ON t (a);
ALTER TABLE t RENAME TO t_old;
DROP INDEX t_a;
CREATE TABLE t (id integer PRIMARY KEY, a text);
CREATE INDEX t_a ON t (a);
DROP TABLE t_old;
-- draft
DROP INDEX t_a;
-- down
CREATE INDEX t_a ON t (a);

-- case: a temporary view goes as it came
-- expect: none
-- history
CREATE TABLE t (a INT); CREATE VIEW shown AS SELECT a FROM t;
-- draft
CREATE TEMP VIEW shown AS SELECT 1 AS a;
DROP VIEW shown;

-- case: of a statement that cannot be read nothing else is said
-- expect: syntax-error
-- since: 3.46
ALTER TABLE t ADD CONSTRAINT u UNIQUE (a);

-- case: a draft that is older than a released file
-- expect: object-exists
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
-- draft
ALTER TABLE users ADD COLUMN email TEXT;
-- history
ALTER TABLE users ADD COLUMN email TEXT;

-- case: a draft that is older than a released file, and needs what that drops
-- expect: missing-object
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, note TEXT);
-- draft
UPDATE users SET note = 'x' WHERE id = 1;
-- history
ALTER TABLE users DROP COLUMN note;

-- case: a draft that is older than a released file, and has nothing to do with it
-- expect: none
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
-- draft
ALTER TABLE users ADD COLUMN email TEXT;
-- history
ALTER TABLE users ADD COLUMN nick TEXT;
