-- case: the collation that the table has anyway
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a char(36) NOT NULL) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
-- draft
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x';
-- down
ALTER TABLE t MODIFY a char(36) NOT NULL;

-- case: the index of a foreign key goes where another one serves it
-- expect: mysql-add-foreign-key
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY both_of (a, b));
-- draft
ALTER TABLE t DROP INDEX both_of, ADD CONSTRAINT t_p FOREIGN KEY (a) REFERENCES p (id);
-- down
CREATE UNIQUE INDEX both_of ON t (a, b);
ALTER TABLE t DROP FOREIGN KEY t_p;

-- case: a file that can start again
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0);
-- draft
CREATE TABLE IF NOT EXISTS other (id int PRIMARY KEY);
ALTER TABLE t ADD COLUMN b int;

-- case: what cannot be read may have made it
-- expect: opaque-statement
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
DROP TABLE t;
-- draft
create table t (id integer primary key autoincrement, a int);
UPDATE t SET a = 1 WHERE id = 1;

-- case: a column that is not there is written
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(5));
-- draft
INSERT INTO t (id, a) VALUES (77, 'x');
-- down
UPDATE t SET nope = 1 WHERE id = 77;

-- case: a column that is not there tells the rows
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(5));
-- draft
INSERT INTO t (id, a) VALUES (77, 'x');
-- down
DELETE FROM t WHERE nope = 1;

-- case: a column that is there is added, and goes with what was added
-- expect: object-exists
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
CREATE TABLE u (id int PRIMARY KEY, a int);
-- down
ALTER TABLE u ADD COLUMN a int;
DROP TABLE u;

-- case: a slip is told once
-- expect: down-not-inverse
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
CREATE TABLE users (id int PRIMARY KEY);
-- down
DROP TABLE user;

-- case: rows that were written go again
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(5));
-- draft
INSERT INTO t (id, a) VALUES (77, 'x');
-- down
DELETE FROM t WHERE id = 77 AND a = 'x';

-- case: the default of a number in quotes
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL DEFAULT '0', b decimal(5,2) NOT NULL DEFAULT '1.50');
-- draft
ALTER TABLE t ALTER a DROP DEFAULT, ALTER b DROP DEFAULT;
-- down
ALTER TABLE t ALTER a SET DEFAULT 0, ALTER b SET DEFAULT 1.50;

-- case: the default of a text that is a number
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(9) NOT NULL DEFAULT '0');
-- draft
ALTER TABLE t ALTER a DROP DEFAULT;
-- down
ALTER TABLE t ALTER a SET DEFAULT '00';

-- case: an event stays
-- expect: down-not-inverse
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
-- down
SELECT 1;

-- case: an event goes
-- expect: none
CREATE DEFINER = `a`@`b` EVENT IF NOT EXISTS E ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
-- down
DROP EVENT e;

-- case: an event of another schedule
-- expect: down-not-inverse
-- history
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
-- draft
DROP EVENT e;
CREATE EVENT e ON SCHEDULE EVERY 1 HOUR DO DELETE FROM t WHERE id = 0;
-- down
DROP EVENT e;
CREATE EVENT e ON SCHEDULE EVERY 2 DAY DO DELETE FROM t WHERE id = 0;

-- case: an event altered and back
-- expect: none
-- history
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
-- draft
ALTER EVENT e DISABLE;
-- down
ALTER EVENT e ENABLE;

-- case: an event with another name
-- expect: down-not-inverse
-- history
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
-- draft
ALTER EVENT e ON SCHEDULE EVERY 2 DAY RENAME TO f;
-- down
SELECT 1;

-- case: an event that is gone
-- expect: missing-object
-- history
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
-- draft
DROP EVENT e;
ALTER EVENT e DISABLE;

-- case: an event that is there
-- expect: object-exists
-- history
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 0;
-- draft
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 1;

-- case: a trigger comes back with another body
-- expect: down-not-inverse, create-trigger-lock
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0);
CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @x = 1;
-- draft
DROP TRIGGER r;
CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @x = 2;
-- down
DROP TRIGGER r;
CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @x = 3;

-- case: a trigger comes back as it was
-- expect: create-trigger-lock
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0);
CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @x = 1;
-- draft
DROP TRIGGER r;
CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @x = 2;
-- down
DROP TRIGGER r;
CREATE DEFINER=CURRENT_USER TRIGGER `r` after insert on `t`
FOR EACH ROW
  set @x = 1;

-- case: a procedure comes back with another body
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE PROCEDURE p (IN x int) SELECT x;
-- draft
DROP PROCEDURE p;
-- down
CREATE PROCEDURE p (IN x int) SELECT x + 1;

-- case: a procedure comes back as it was
-- expect: none
-- phase: contract
-- history
CREATE PROCEDURE p (IN x int) SELECT x;
-- draft
DROP PROCEDURE p;
-- down
CREATE DEFINER=CURRENT_USER PROCEDURE `p` (IN x int)
  SELECT x;

-- case: a procedure that is there
-- expect: object-exists
-- history
CREATE PROCEDURE p (IN x int) SELECT x;
-- draft
CREATE PROCEDURE P () SELECT 1;

-- case: a function with the name of a procedure
-- expect: none
-- history
CREATE PROCEDURE p (IN x int) SELECT x;
-- draft
CREATE FUNCTION p () RETURNS int DETERMINISTIC RETURN 1;

-- case: another partition is dropped than was added
-- expect: down-not-inverse
-- history
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (2020));
-- draft
ALTER TABLE t ADD PARTITION (PARTITION b VALUES LESS THAN (2030));
-- down
ALTER TABLE t DROP PARTITION a;

-- case: the partition is dropped that was added
-- expect: none
-- history
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (2020));
-- draft
ALTER TABLE t ADD PARTITION (PARTITION b VALUES LESS THAN (2030));
-- down
ALTER TABLE t DROP PARTITION b;

-- case: new columns are written in another set than before
-- expect: down-not-inverse
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DEFAULT CHARACTER SET latin1;
-- down
ALTER TABLE t COMMENT = 'as it was';

-- case: new columns are written in the set of before
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(10)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DEFAULT CHARACTER SET latin1;
-- down
ALTER TABLE t DEFAULT CHARACTER SET utf8mb4;
