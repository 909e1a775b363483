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
