-- case: two changes
-- expect: mysql-ddl-implicit-commit
ALTER TABLE t ADD COLUMN a int;
ALTER TABLE u ADD COLUMN a int;

-- case: two changes, each by itself
-- expect: none
-- transaction: off
ALTER TABLE t ADD COLUMN a int;
ALTER TABLE u ADD COLUMN a int;

-- case: new tables
-- expect: none
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE INDEX i ON t (a);

-- case: write before
-- expect: mysql-ddl-implicit-commit
UPDATE t SET a = 1 WHERE id = 1;
ALTER TABLE t ADD COLUMN b int;

-- case: write after
-- expect: none
ALTER TABLE t ADD COLUMN b int;
UPDATE t SET a = 1 WHERE id = 1;

-- case: begin
-- expect: mysql-ddl-implicit-commit
-- layout: sqlx
UPDATE t SET a = 1 WHERE id = 1;
BEGIN;
ALTER TABLE t ADD COLUMN b int;
COMMIT;

-- case: begin with writes only
-- expect: none
-- layout: sqlx
START TRANSACTION;
UPDATE t SET a = 1 WHERE id = 1;
COMMIT;

-- case: begin without end
-- expect: uncommitted-transaction
-- layout: sqlx
START TRANSACTION;
UPDATE t SET a = 1 WHERE id = 1;

-- case: rollback to savepoint
-- expect: none
-- layout: sqlx
BEGIN;
SAVEPOINT s;
ROLLBACK TO s;
COMMIT;

-- case: statements that wait for a COMMIT
-- expect: none
-- layout: plain
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SET autocommit = 0;
UPDATE t SET a = 1 WHERE id = 1;
COMMIT;
SET autocommit = 1;

-- case: a new table renamed twice by one statement
-- expect: none
CREATE TABLE a (id int PRIMARY KEY);
RENAME TABLE a TO b, b TO c;
ALTER TABLE c ADD COLUMN x int NOT NULL;
