-- Cases: what MariaDB refuses or copies because of what the table is or what else a statement does.

-- case: a column of a table that keeps its earlier rows
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), KEY ka (a)) WITH SYSTEM VERSIONING;
-- draft
ALTER TABLE t ADD COLUMN z int;

-- case: the same, told to keep them
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), KEY ka (a)) WITH SYSTEM VERSIONING;
-- draft
SET @@system_versioning_alter_history = KEEP;
ALTER TABLE t ADD COLUMN z int;

-- case: the same, told for the one statement
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), KEY ka (a)) WITH SYSTEM VERSIONING;
-- draft
SET STATEMENT system_versioning_alter_history = KEEP FOR ALTER TABLE t ADD COLUMN z int;

-- case: an index of a table that keeps its earlier rows
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), KEY ka (a)) WITH SYSTEM VERSIONING;
-- draft
ALTER TABLE t ADD INDEX kb (b), ALTER a SET DEFAULT 3;

-- case: a table that keeps them no longer
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), KEY ka (a)) WITH SYSTEM VERSIONING; ALTER TABLE t DROP SYSTEM VERSIONING;
-- draft
ALTER TABLE t ADD COLUMN z int;

-- case: rows that are there twice are dropped
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (a varchar(10), b int);
-- draft
ALTER IGNORE TABLE t ADD UNIQUE KEY u (a);

-- case: IGNORE without a unique index
-- expect: none
-- history
CREATE TABLE t (a varchar(10), b int);
-- draft
ALTER IGNORE TABLE t ADD KEY u (a);

-- case: a partition becomes a table
-- expect: truncate-table
-- since: 10.11
-- history
CREATE TABLE m (ts int NOT NULL PRIMARY KEY) PARTITION BY RANGE (ts) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20));
-- draft
ALTER TABLE m CONVERT PARTITION a TO TABLE ma;

-- case: a partition becomes a table, too early
-- expect: truncate-table, unsupported-in-version
-- since: 10.6
-- history
CREATE TABLE m (ts int NOT NULL PRIMARY KEY) PARTITION BY RANGE (ts) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20));
-- draft
ALTER TABLE m CONVERT PARTITION a TO TABLE ma;

-- case: a virtual column goes beside another column
-- expect: mysql-alter-copy
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j text, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t DROP COLUMN v, DROP COLUMN c;

-- case: a column that is kept becomes a virtual one
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j text, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t MODIFY b int AS (id) VIRTUAL;

-- case: types of a foreign key that differ, the checks off
-- expect: type-mismatch
-- history
CREATE TABLE p (id bigint unsigned PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int);
-- draft
SET foreign_key_checks = 0;
ALTER TABLE c ADD FOREIGN KEY (p) REFERENCES p (id);

-- case: a collation that the character set takes away
-- expect: mysql-modify-drops-attributes
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(12) CHARACTER SET latin1 COLLATE latin1_general_ci NOT NULL);
-- draft
ALTER TABLE t MODIFY a varchar(12) CHARACTER SET latin1 NOT NULL;

-- case: the character set by default
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t CHARSET DEFAULT COLLATE DEFAULT;

-- case: a comment beside a column
-- expect: none
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN z int, COMMENT 'x', ALGORITHM=INSTANT;

-- case: a new name for what a CHECK and another column name
-- expect: none
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b int, g int AS (a + 1) VIRTUAL, CONSTRAINT ab CHECK (a < b));
ALTER TABLE n RENAME COLUMN a TO aa;

-- case: two new columns take each other's names
-- expect: none
-- since: 10.6
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b, RENAME COLUMN b TO a;
ALTER TABLE n MODIFY b int, MODIFY a varchar(9);

-- case: the same by CHANGE
-- expect: none
-- since: 10.6
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n CHANGE a b int, CHANGE b a varchar(9);
CREATE INDEX i ON n (a, b);

-- case: a new column takes the name of one that goes
-- expect: none
-- since: 10.6
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b, DROP COLUMN b;
CREATE INDEX i ON n (b);

-- case: what took another name is not there
-- expect: missing-object
-- since: 10.6
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b, DROP COLUMN b;
CREATE INDEX i ON n (a);

-- case: a new column takes a name that stays
-- expect: object-exists
-- since: 10.6
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b;

-- case: a virtual column goes beside another column that no index names
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t DROP COLUMN v, DROP COLUMN b;

-- case: a virtual column goes beside a default
-- expect: mysql-alter-copy
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t DROP COLUMN v, ALTER b SET DEFAULT 3;
