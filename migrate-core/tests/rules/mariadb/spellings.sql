-- case: add col 10.2
-- expect: mysql-alter-rebuild
-- since: 10.2
ALTER TABLE t ADD COLUMN c int;

-- case: add col first 10.3
-- expect: mysql-alter-rebuild
-- since: 10.3
ALTER TABLE t ADD COLUMN c int FIRST;

-- case: drop col 10.3
-- expect: drop-column, mysql-alter-rebuild
-- since: 10.3
ALTER TABLE t DROP COLUMN c;

-- case: drop col 10.4
-- expect: drop-column
-- since: 10.4
ALTER TABLE t DROP COLUMN IF EXISTS c;

-- case: copy 11.1
-- expect: mysql-alter-copy
-- since: 11.1
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY a bigint;

-- case: nocopy guard
-- expect: none
-- since: 10.6
ALTER TABLE t ADD INDEX i (a), ALGORITHM=NOCOPY;

-- case: create or replace table
-- expect: drop-table
CREATE OR REPLACE TABLE t (a int);

-- case: if not exists
-- expect: none
-- since: 10.6
ALTER TABLE t ADD COLUMN IF NOT EXISTS c int;

-- case: sequence
-- expect: none
CREATE SEQUENCE s;

-- case: add check
-- expect: mysql-alter-copy
-- since: 10.11
ALTER TABLE t ADD CHECK (a > 0);

-- case: uuid type old
-- expect: unsupported-in-version
-- since: 10.6
ALTER TABLE t ADD COLUMN u uuid;

-- case: functional index
-- expect: unsupported-in-version
-- since: 10.11
CREATE INDEX i ON t ((lower(a)));

-- case: executable comment mariadb
-- expect: drop-table
/*M! DROP TABLE t */;

-- case: mysql comment version above
-- expect: none
/*!80000 DROP TABLE t */;

-- case: column and its index
-- expect: mysql-alter-rebuild
-- since: 10.11
ALTER TABLE t ADD COLUMN z int, ADD INDEX (z);

-- case: rename column 10.5.1
-- expect: rename-column, unsupported-in-version
-- since: 10.4
ALTER TABLE t RENAME COLUMN a TO b;

-- case: enum append
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, e enum('a','b') NOT NULL DEFAULT 'a');
-- draft
ALTER TABLE t MODIFY COLUMN e enum('a','b','c') NOT NULL DEFAULT 'a';

-- case: enum append drops default
-- expect: mysql-modify-drops-attributes
-- history
CREATE TABLE t (id bigint PRIMARY KEY, e enum('a','b') NOT NULL DEFAULT 'a');
-- draft
ALTER TABLE t MODIFY COLUMN e enum('a','b','c') NOT NULL;

-- case: lock none guard copy
-- expect: mysql-alter-copy
-- since: 10.6
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY a bigint, LOCK=NONE;

-- case: drop foreign key
-- expect: none
ALTER TABLE t DROP FOREIGN KEY f;

-- case: alter ignore online
-- expect: none
-- since: 10.6
ALTER ONLINE IGNORE TABLE t ADD COLUMN c int;

-- case: wait
-- expect: none
-- since: 10.6
ALTER TABLE t WAIT 5 ADD COLUMN c int;

-- case: truncate nowait
-- expect: truncate-table
TRUNCATE TABLE t NOWAIT;

-- case: drop table wait
-- expect: drop-table
DROP TABLE IF EXISTS a.t WAIT 3;

-- case: a column renamed if it is there
-- expect: none
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t RENAME COLUMN IF EXISTS b TO c;

-- case: a column that is there renamed if it is there
-- expect: rename-column
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t RENAME COLUMN IF EXISTS a TO c;

-- case: a column changed if it is there
-- expect: none
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t CHANGE COLUMN IF EXISTS b c int;

-- case: constraints that may exist and do
-- expect: none
-- history
CREATE TABLE p (id int PRIMARY KEY, a int, KEY ka (a)) ENGINE=InnoDB;
CREATE TABLE t (id int PRIMARY KEY, p int, UNIQUE KEY kp (p), CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id), CONSTRAINT c CHECK (p > 0)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD CONSTRAINT UNIQUE KEY IF NOT EXISTS kp (p);
-- draft
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY IF NOT EXISTS f (p) REFERENCES p (id);
-- draft
ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c CHECK (p > 0);

-- case: a foreign key that may exist and does not
-- expect: mysql-add-foreign-key
-- history
CREATE TABLE p (id int PRIMARY KEY, a int, KEY ka (a)) ENGINE=InnoDB;
CREATE TABLE t (id int PRIMARY KEY, p int, KEY kp (p)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY IF NOT EXISTS (p) REFERENCES p (id);
