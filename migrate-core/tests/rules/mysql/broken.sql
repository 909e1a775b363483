-- case: a table that a view reads
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP TABLE t;

-- case: the view goes behind it
-- expect: none
-- phase: contract
-- directive: transaction off
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP TABLE t;
DROP VIEW v;

-- case: a table that a trigger of another one writes
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
CREATE TABLE log (id bigint PRIMARY KEY, a int);
CREATE TRIGGER t_ai AFTER INSERT ON t FOR EACH ROW INSERT INTO log (id) VALUES (NEW.id);
-- draft
DROP TABLE log;

-- case: a column for a table that a trigger fills by position
-- expect: needed-object
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
CREATE TABLE log (id bigint PRIMARY KEY, a int);
CREATE TRIGGER t_ai AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (NEW.id, 1);
-- draft
ALTER TABLE log ADD COLUMN who text, ALGORITHM=INSTANT;

-- case: the trigger names the columns
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
CREATE TABLE log (id bigint PRIMARY KEY, a int);
CREATE TRIGGER t_ai AFTER INSERT ON t FOR EACH ROW INSERT INTO log (id, a) VALUES (NEW.id, 1);
-- draft
ALTER TABLE log ADD COLUMN who text, ALGORITHM=INSTANT;
