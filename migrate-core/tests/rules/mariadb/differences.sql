-- case: if not exists
-- expect: none
ALTER TABLE t ADD COLUMN IF NOT EXISTS a int;

-- case: if not exists masks
-- expect: if-not-exists-masks-drift
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD COLUMN IF NOT EXISTS a bigint;

-- case: inline references
-- expect: mysql-add-foreign-key
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD COLUMN z int REFERENCES p (id);

-- case: short varchar grows freely
-- expect: none
-- history
CREATE TABLE t (a varchar(31)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(300);

-- case: longer varchar does not
-- expect: mysql-varchar-length-byte
-- history
CREATE TABLE t (a varchar(32)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(64);

-- case: utf8 to utf8mb4
-- expect: none
-- history
CREATE TABLE t (a varchar(10)) CHARSET=utf8;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;

-- case: column utf8 to utf8mb4
-- expect: none
-- history
CREATE TABLE t (a varchar(10)) CHARSET=utf8;
-- draft
ALTER TABLE t MODIFY a varchar(10) CHARACTER SET utf8mb4;

-- case: another collation
-- expect: none
-- history
CREATE TABLE t (a varchar(10), KEY (a)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(10) COLLATE utf8mb4_bin;

-- case: moved
-- expect: none
-- history
CREATE TABLE t (a int, b int);
-- draft
ALTER TABLE t MODIFY b int FIRST;

-- case: in the middle
-- expect: none
-- history
CREATE TABLE t (a int, b int);
-- draft
ALTER TABLE t ADD COLUMN z int AFTER a;

-- case: in the middle beside a generated column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (a int, v int AS (a + 1));
-- draft
ALTER TABLE t ADD COLUMN z int AFTER a;

-- case: last beside an indexed generated column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a + 1), KEY (v));
-- draft
ALTER TABLE t ADD COLUMN z int;

-- case: rand
-- expect: none
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD COLUMN z int DEFAULT (rand() * 10);

-- case: uuid
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD COLUMN z varchar(36) NOT NULL DEFAULT uuid();

-- case: default of another column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD COLUMN z int DEFAULT (a + 1);

-- case: drop of a full-text neighbour
-- expect: drop-column, mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, x text, FULLTEXT KEY f (x));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: nocopy
-- expect: none
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD INDEX (a), ALGORITHM=NOCOPY;

-- case: nocopy for a rebuild
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t FORCE, ALGORITHM=NOCOPY;

-- case: system versioning
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD SYSTEM VERSIONING;

-- case: sequence
-- expect: none
CREATE SEQUENCE s;
CREATE TABLE t (a bigint DEFAULT (NEXT VALUE FOR s));

-- case: or replace
-- expect: none
CREATE TABLE t (a int);
CREATE OR REPLACE TABLE t (b int, c int);
ALTER TABLE t DROP COLUMN b;

-- case: mariadb comment
-- expect: missing-object
CREATE TABLE t (a int /*M!100201 , b int */);
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP COLUMN c;

-- case: mysql comment of a later version
-- expect: none
CREATE TABLE t (a int);
/*!80000 DROP TABLE t */;
ALTER TABLE t ADD COLUMN b int;

-- case: copies go on since 11.2
-- expect: mysql-alter-copy
-- since: 11.4
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t MODIFY a bigint;

-- case: compound statement
-- expect: whole-table-write
BEGIN NOT ATOMIC UPDATE t SET a = 1; END;

-- case: execute immediate of a literal
-- expect: drop-table
EXECUTE IMMEDIATE 'DROP TABLE t';

-- case: execute immediate of a variable
-- expect: opaque-dynamic-sql
EXECUTE IMMEDIATE @x;

-- case: set statement
-- expect: drop-table
SET STATEMENT max_statement_time = 5 FOR DROP TABLE t;

-- case: wait
-- expect: drop-column
ALTER TABLE t WAIT 5 DROP COLUMN a;

-- case: uuid type before 10.7
-- expect: unsupported-in-version
-- since: 10.6
CREATE TABLE t (a uuid);

-- case: add index if not exists
-- expect: none
CREATE TABLE t (a int, KEY i (a));
ALTER TABLE t ADD INDEX IF NOT EXISTS i (a);

-- case: drop index if exists
-- expect: none
CREATE TABLE t (a int);
DROP INDEX IF EXISTS i ON t;
ALTER TABLE t DROP COLUMN IF EXISTS b;

-- case: no index over an expression
-- expect: unsupported-in-version
CREATE INDEX i ON t ((a + 1));

-- case: a CHECK needs the column beside another one
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT more CHECK (a > b));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: a CHECK of the column alone goes with it
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT more CHECK (a > 0));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: the CHECK goes with the column
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT more CHECK (a > b));
-- draft
ALTER TABLE t DROP CONSTRAINT more, DROP COLUMN a;

-- case: a column of a foreign key is not dropped, even where nothing is checked
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
SET foreign_key_checks = 0;
ALTER TABLE t DROP COLUMN a;

-- case: an index is replaced
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY by_a (a));
-- draft
CREATE OR REPLACE INDEX by_a ON t (a, id);

-- case: a period without overlaps is no column of a key
-- expect: none
CREATE TABLE stays (id int, s date, e date, PERIOD FOR p (s, e), UNIQUE (id, p WITHOUT OVERLAPS));

-- case: a portion of time limits a write
-- expect: none
-- history
CREATE TABLE t (id int, s date, e date, PERIOD FOR p (s, e));
-- draft
DELETE FROM t FOR PORTION OF p FROM '2020-01-01' TO '2020-02-01';
UPDATE t FOR PORTION OF p FROM '2020-01-01' TO '2020-02-01' SET id = 2 WHERE id = 1;

-- case: the full-text index goes with what builds the table
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text, FULLTEXT KEY f (b)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP INDEX f, ADD COLUMN c int;

-- case: other collations that are compared as they are
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b text, KEY (a)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case: another collation of an ENUM
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id int PRIMARY KEY, a enum('x', 'y')) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
-- draft
ALTER TABLE t MODIFY a enum('x', 'y') COLLATE utf8mb4_bin;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- case: another collation of a primary key
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id varchar(20) PRIMARY KEY, a int) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- case: four bytes for a character that stay within the length
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(63), b varchar(90), c char(200), d longtext) DEFAULT CHARSET=utf8mb3;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;

-- case: four bytes for a character across the length
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(80)) DEFAULT CHARSET=utf8mb3;
-- draft
ALTER TABLE t MODIFY a varchar(80) CHARACTER SET utf8mb4;

-- case: four bytes for a character of an ENUM
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id int PRIMARY KEY, a enum('x')) DEFAULT CHARSET=utf8mb3;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;

-- case: a text grows with its characters
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id int PRIMARY KEY, a text) DEFAULT CHARSET=utf8mb3;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;

-- case: a text that stays one
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a text) DEFAULT CHARSET=utf8mb3;
-- draft
ALTER TABLE t MODIFY a text CHARACTER SET utf8mb4;

-- case: a day of zeros
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a date NOT NULL DEFAULT '0000-00-00';

-- case: values of an ENUM that the collation takes for the same
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a enum('open', 'b') NOT NULL, s set('x')) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a enum('Open', 'B', 'c') NOT NULL;
-- draft
ALTER TABLE t MODIFY s set('X', 'y');

-- case: values of an ENUM that the collation tells apart
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id int PRIMARY KEY, a enum('open', 'b') NOT NULL) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- draft
ALTER TABLE t MODIFY a enum('Open', 'b') NOT NULL;

-- case: an index that is dropped with an ALGORITHM
-- expect: unsupported-in-version
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY ka (a), KEY kb (a));
-- draft
DROP INDEX ka ON t ALGORITHM=INPLACE LOCK=NONE;
-- draft
DROP INDEX kb ON `t` LOCK=NONE;
