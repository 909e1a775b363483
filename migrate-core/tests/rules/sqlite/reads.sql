-- case: ON CONFLICT over what nothing makes unique
-- expect: refused-statement
CREATE TABLE t (name TEXT NOT NULL, value TEXT);
INSERT INTO t (name, value) VALUES ('a', 'b') ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- case: ON CONFLICT over what is unique in some rows only
-- expect: refused-statement
CREATE TABLE t (name TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX t_name ON t (name) WHERE gone = 0;
INSERT INTO t (name) VALUES ('a') ON CONFLICT (name) DO NOTHING;

-- case: ON CONFLICT as SQLite takes it
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, code TEXT UNIQUE, a INTEGER, b INTEGER, gone INTEGER NOT NULL DEFAULT 0, UNIQUE (a, b));
CREATE UNIQUE INDEX t_name ON t (name) WHERE gone = 0;
INSERT INTO t (id, name) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING;
INSERT INTO t (name) VALUES ('b') ON CONFLICT (name) WHERE gone = 0 DO NOTHING;
INSERT INTO t (name, code) VALUES ('c', 'x') ON CONFLICT (code) DO UPDATE SET name = excluded.name;
INSERT INTO t (name, a, b) VALUES ('d', 1, 2) ON CONFLICT (b, a) DO NOTHING;
INSERT INTO t (name) VALUES ('e') ON CONFLICT DO NOTHING;

-- case: a table made by a query has the columns of that
-- expect: missing-object
CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER, m TEXT);
CREATE TABLE b AS SELECT id, x.n, upper(m) AS big, count(*) total, n + 1 plus FROM a AS x GROUP BY id;
CREATE INDEX b_all ON b (id, n, big, total, plus);
CREATE INDEX b_m ON b (m);

-- case: a table made by a query keeps no key
-- expect: refused-statement
CREATE TABLE a (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
CREATE TABLE b AS SELECT * FROM a;
INSERT INTO b VALUES (1, 'a') ON CONFLICT (email) DO NOTHING;

-- case: a trigger names columns that its table has not
-- expect: missing-object
CREATE TABLE t (id INTEGER PRIMARY KEY, label TEXT);
CREATE TRIGGER t_au AFTER UPDATE ON t WHEN NEW.label IS NOT OLD.label BEGIN UPDATE t SET label = NEW.title WHERE rowid = NEW.rowid; END;
INSERT INTO t VALUES (1, 'a');
UPDATE t SET label = 'b' WHERE id = 1;

-- case: a trigger has no such row, 1
-- expect: refused-statement
CREATE TABLE t (id INTEGER PRIMARY KEY, label TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN SELECT OLD.label; END;
INSERT INTO t VALUES (1, 'a');

-- case: a trigger has no such row, 2
-- expect: refused-statement
CREATE TABLE t (id INTEGER PRIMARY KEY, label TEXT);
CREATE TRIGGER t_ad AFTER DELETE ON t BEGIN SELECT NEW.label; END;
INSERT INTO t VALUES (1, 'a');
DELETE FROM t WHERE id = 1;

-- case: a view with another number of columns than names
-- expect: refused-statement
CREATE TABLE t (id INTEGER PRIMARY KEY, label TEXT);
CREATE VIEW v (id, label, extra) AS SELECT id, label FROM t;
SELECT * FROM v;

-- case: computed columns and defaults that SQLite refuses, 1
-- expect: syntax-error
CREATE TABLE d (id INTEGER PRIMARY KEY);
CREATE TABLE a (w INTEGER, area INTEGER DEFAULT 0 AS (w * w));

-- case: computed columns and defaults that SQLite refuses, 2
-- expect: syntax-error
CREATE TABLE d (id INTEGER PRIMARY KEY);
CREATE TABLE b (area INTEGER AS (2 * 3));

-- case: computed columns and defaults that SQLite refuses, 3
-- expect: syntax-error
CREATE TABLE d (id INTEGER PRIMARY KEY);
CREATE TABLE c (name TEXT, label TEXT DEFAULT (name));

-- case: computed columns and defaults that SQLite refuses, 4
-- expect: syntax-error
CREATE TABLE d (id INTEGER PRIMARY KEY);
ALTER TABLE d ADD COLUMN lucky INTEGER AS (random());

-- case: a foreign key over fewer columns than it refers to
-- expect: refused-statement
CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b));
CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER, FOREIGN KEY (a) REFERENCES p (a, b));

-- case: VACUUM in a transaction of the file
-- expect: refused-statement, sqlite-rewrite
-- layout: sqlx
-- transaction: off
BEGIN;
DELETE FROM t WHERE id = 1;
VACUUM;
COMMIT;
