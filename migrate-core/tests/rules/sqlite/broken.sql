-- case: a table that a trigger of another one writes
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log (at, what) VALUES ('now', new.a); END;
-- draft
DROP TABLE log;

-- case: a table that a trigger of another one reads
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE "limits" (most INTEGER);
CREATE TRIGGER t_ai BEFORE INSERT ON t BEGIN
  SELECT raise(ABORT, 'too many; really') WHERE (SELECT count(*) FROM t) > (SELECT max(most) FROM "limits");
END;
-- draft
DROP TABLE limits;

-- case: the trigger goes first
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log (at, what) VALUES ('now', new.a); END;
-- draft
DROP TRIGGER t_ai;
DROP TABLE log;

-- case: the trigger goes behind it
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log (at, what) VALUES ('now', new.a); END;
-- draft
DROP TABLE log;
DROP TRIGGER t_ai;

-- case: the table of the trigger goes as well
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log (at, what) VALUES ('now', new.a); END;
-- draft
DROP TABLE log;
DROP TABLE t;

-- case: a trigger that only has a column and a text of that name
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, log TEXT);
CREATE TABLE seen (id INTEGER, log TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER UPDATE OF log ON t BEGIN INSERT INTO seen (id, log) VALUES (new.id, 'from log'); END;
-- draft
DROP TABLE log;

-- case: a table that a view reads
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT t.id FROM t, u WHERE t.id = u.id;
-- draft
DROP TABLE u;

-- case: the view is made again without it
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT t.id FROM t, u WHERE t.id = u.id;
-- draft
DROP VIEW v;
DROP TABLE u;
CREATE VIEW v AS SELECT id FROM t;

-- case: a view over what WITH calls so
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS WITH u AS (SELECT id FROM t) SELECT id FROM u;
-- draft
DROP TABLE u;

-- case: a view that another one reads
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v WHERE id > 3;
-- draft
DROP VIEW v;

-- case: a column for a table that a trigger fills by position
-- expect: needed-object
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES (strftime('%s', 'now'), new.a); END;
-- draft
ALTER TABLE log ADD COLUMN who TEXT;

-- case: a column less for it
-- expect: needed-object, sqlite-rewrite
-- phase: contract
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO "log" VALUES (strftime('%s', 'now'), new.a); END;
-- draft
ALTER TABLE log DROP COLUMN what;

-- case: a computed column takes no value
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('now', new.a); END;
-- draft
ALTER TABLE log ADD COLUMN short TEXT AS (substr(what, 1, 3)) VIRTUAL;

-- case: the trigger names the columns
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log (at, what) VALUES ('now', new.a); END;
-- draft
ALTER TABLE log ADD COLUMN who TEXT;

-- case: the trigger is made again for it
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('now', new.a); END;
-- draft
ALTER TABLE log ADD COLUMN who TEXT;
DROP TRIGGER t_ai;
CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('now', new.a, 'who'); END;

-- case: the index that a foreign key looks things up in
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT);
CREATE UNIQUE INDEX p_code ON p (code);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_code TEXT REFERENCES p (code));
-- draft
DROP INDEX p_code;

-- case: another one serves the foreign key
-- expect: none
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE);
CREATE UNIQUE INDEX p_code ON p (code);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_code TEXT REFERENCES p (code));
-- draft
DROP INDEX p_code;

-- case: the index is made again
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT);
CREATE UNIQUE INDEX p_code ON p (code);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_code TEXT REFERENCES p (code));
-- draft
DROP INDEX p_code;
CREATE UNIQUE INDEX p_by_code ON p (code);

-- case: a foreign key to what nothing makes unique
-- expect: refused-statement
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT);
-- draft
CREATE TABLE c (id INTEGER PRIMARY KEY, p_code TEXT REFERENCES p (code));

-- case: a column with a foreign key to what nothing makes unique
-- expect: refused-statement
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT);
CREATE INDEX p_code ON p (code);
CREATE TABLE c (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE c ADD COLUMN p_code TEXT REFERENCES p (code);

-- case: its index comes behind it
-- expect: sqlite-rewrite
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT);
-- draft
CREATE TABLE c (id INTEGER PRIMARY KEY, p_code TEXT REFERENCES p (code));
CREATE UNIQUE INDEX p_code ON p (code);

-- case: its index is about some rows only
-- expect: refused-statement
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT, gone INTEGER);
CREATE UNIQUE INDEX p_code ON p (code) WHERE gone IS NULL;
-- draft
CREATE TABLE c (id INTEGER PRIMARY KEY, p_code TEXT REFERENCES p (code));
