-- case: a column that is not there is written
-- expect: missing-object
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
INSERT INTO t (id, a) VALUES (77, 'x');
-- down
UPDATE t SET nope = 1 WHERE id = 77;

-- case: a column that is not there tells the rows
-- expect: missing-object
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
INSERT INTO t (id, a) VALUES (77, 'x');
-- down
DELETE FROM t WHERE nope = 1;

-- case: a column that is there is added, and goes with what was added
-- expect: object-exists
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
CREATE TABLE u (id INTEGER PRIMARY KEY, a INTEGER);
-- down
ALTER TABLE u ADD COLUMN a INTEGER;
DROP TABLE u;

-- case: a slip is told once
-- expect: down-not-inverse
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
CREATE TABLE users (id INTEGER PRIMARY KEY);
-- down
DROP TABLE user;

-- case: rows that were written go again
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
INSERT INTO t (id, a) VALUES (77, 'x');
-- down
DELETE FROM t WHERE id = 77 AND a = 'x';

-- case: a foreign key under another name
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER, CONSTRAINT c_p_fk FOREIGN KEY (p_id) REFERENCES p (id));
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, p_id INTEGER, x TEXT, CONSTRAINT c_p_fk FOREIGN KEY (p_id) REFERENCES p (id));
INSERT INTO n (id, p_id) SELECT id, p_id FROM c;
DROP TABLE c;
ALTER TABLE n RENAME TO c;
-- down
CREATE TABLE n (id INTEGER PRIMARY KEY, p_id INTEGER, CONSTRAINT c_p_key FOREIGN KEY (p_id) REFERENCES p (id));
INSERT INTO n (id, p_id) SELECT id, p_id FROM c;
DROP TABLE c;
ALTER TABLE n RENAME TO c;
