-- case: a statement under a setting of its own is judged
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SET STATEMENT lock_wait_timeout = 5, max_statement_time = 60 FOR ALTER TABLE t MODIFY a bigint;

-- case: a harmless statement under a setting of its own
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SET STATEMENT lock_wait_timeout = 5 FOR ALTER TABLE t ADD COLUMN b int, ALGORITHM=INSTANT;

-- case: rows under a setting of their own
-- expect: whole-table-write
SET STATEMENT max_statement_time = 60 FOR DELETE FROM t;

-- case: a foreign key that nothing is checked for
-- expect: none
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, KEY (a));
-- draft
SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id), ALGORITHM=INPLACE;

-- case: the setting of a statement ends with it
-- expect: mysql-add-foreign-key
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, KEY (a));
-- draft
SET STATEMENT foreign_key_checks = 0 FOR SELECT 1;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id);

-- case: earlier rows are forgotten up to a time
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY) WITH SYSTEM VERSIONING;
-- draft
DELETE HISTORY FROM t BEFORE SYSTEM_TIME '2020-01-01';

-- case: earlier rows of all times are forgotten
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY) WITH SYSTEM VERSIONING;
-- draft
DELETE HISTORY FROM t;

-- case: all tables are locked
-- expect: explicit-lock
FLUSH TABLES WITH READ LOCK;

-- case: tables are locked for their files to be copied
-- expect: explicit-lock
FLUSH TABLES t, u FOR EXPORT;

-- case: tables are locked while they are flushed
-- expect: explicit-lock
FLUSH LOCAL TABLES t WITH READ LOCK;

-- case: what is flushed without a lock
-- expect: none
FLUSH TABLES t, u;
FLUSH PRIVILEGES;
FLUSH NO_WRITE_TO_BINLOG BINARY LOGS;

-- case: what is kept of earlier rows is said in quotes
-- expect: none
-- history
CREATE TABLE v (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;
-- draft
SET STATEMENT system_versioning_alter_history = 'KEEP' FOR ALTER TABLE v ADD COLUMN e int;

-- case: what is kept of earlier rows is said in quotes and small letters
-- expect: none
-- history
CREATE TABLE v (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;
-- draft
SET STATEMENT max_statement_time = 60, system_versioning_alter_history = "keep" FOR ALTER TABLE v ADD COLUMN e int;

-- case: what is kept of earlier rows is said by a number
-- expect: none
-- history
CREATE TABLE v (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;
-- draft
SET STATEMENT system_versioning_alter_history = 1 FOR ALTER TABLE v ADD COLUMN e int;

-- case: the same for the session
-- expect: none
-- history
CREATE TABLE v (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;
-- draft
SET SESSION system_versioning_alter_history = 'KEEP';
ALTER TABLE v ADD COLUMN e int;

-- case: nothing is kept of earlier rows, said in quotes
-- expect: refused-statement
-- history
CREATE TABLE v (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;
-- draft
SET STATEMENT system_versioning_alter_history = 'ERROR' FOR ALTER TABLE v ADD COLUMN e int;
