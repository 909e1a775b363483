-- case: add col
-- expect: none
-- since: 8.0.12
ALTER TABLE t ADD COLUMN c int;

-- case: add col no column kw quoted
-- expect: none
-- since: 8.0.12
ALTER TABLE `t` ADD `c` int NOT NULL DEFAULT 1;

-- case: add col first 8.0.12
-- expect: mysql-alter-rebuild
-- since: 8.0.12
ALTER TABLE t ADD COLUMN c int FIRST;

-- case: add col not null no default
-- expect: mysql-implicit-default
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c int NOT NULL;

-- case: add col expr default
-- expect: mysql-alter-copy
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c varchar(36) DEFAULT (uuid());

-- case: add col current_timestamp
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP;

-- case: add col stored
-- expect: mysql-alter-copy
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c int AS (a + 1) STORED;

-- case: add col virtual
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a + 1) VIRTUAL;

-- case: add col references ignored
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN p_id bigint REFERENCES p (id);

-- case: add col auto increment key
-- expect: mysql-alter-copy
-- since: 8.0.29
ALTER TABLE t ADD COLUMN id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY;

-- case: add unique col
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c int UNIQUE, ALGORITHM=INPLACE, LOCK=NONE;

-- case: drop column 8.0.28
-- expect: drop-column, mysql-alter-rebuild
-- since: 8.0.28
ALTER TABLE t DROP COLUMN c;

-- case: drop column 8.0.29
-- expect: drop-column
-- since: 8.0.29
ALTER TABLE t DROP c;

-- case: change rename only
-- expect: rename-column
-- since: 8.0.28
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL DEFAULT 0);
-- draft
ALTER TABLE t CHANGE a b int NOT NULL DEFAULT 0;

-- case: modify drops not null
-- expect: mysql-alter-rebuild, mysql-modify-drops-attributes
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(20) NOT NULL);
-- draft
ALTER TABLE t MODIFY a varchar(30);

-- case: modify widen same bytes
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(20)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(63);

-- case: modify widen across
-- expect: mysql-varchar-length-byte
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(20)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(64);

-- case: modify widen across latin1
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(20)) DEFAULT CHARACTER SET latin1;
-- draft
ALTER TABLE t MODIFY a varchar(255);

-- case: modify widen over latin1
-- expect: mysql-varchar-length-byte
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(255)) DEFAULT CHARACTER SET latin1;
-- draft
ALTER TABLE t MODIFY a varchar(256);

-- case: modify beyond to beyond
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(100)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(1000);

-- case: shrink
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(100)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(90);

-- case: int to bigint
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY COLUMN a bigint;

-- case: enum append
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, e enum('a','b'));
-- draft
ALTER TABLE t MODIFY e enum('a','b','c');

-- case: enum insert middle
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id bigint PRIMARY KEY, e enum('a','b'));
-- draft
ALTER TABLE t MODIFY e enum('a','c','b');

-- case: enum drop value
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id bigint PRIMARY KEY, e enum('a','b'));
-- draft
ALTER TABLE t MODIFY e enum('a');

-- case: to not null
-- expect: mysql-alter-rebuild
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY a int NOT NULL;

-- case: add index
-- expect: none
CREATE INDEX i ON t (a) ALGORITHM=INPLACE LOCK=NONE;

-- case: add index plain
-- expect: none
ALTER TABLE t ADD INDEX i (a);

-- case: fulltext
-- expect: create-index-not-concurrent
ALTER TABLE t ADD FULLTEXT INDEX i (a);

-- case: spatial
-- expect: create-index-not-concurrent
CREATE SPATIAL INDEX i ON t (g);

-- case: add fk
-- expect: mysql-add-foreign-key
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id);

-- case: add fk checks off
-- expect: none
SET foreign_key_checks = 0;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id);

-- case: default charset
-- expect: none
ALTER TABLE t DEFAULT CHARACTER SET = utf8mb4;

-- case: engine
-- expect: mysql-alter-rebuild
ALTER TABLE t ENGINE=InnoDB;

-- case: force
-- expect: mysql-alter-rebuild
ALTER TABLE t FORCE;

-- case: optimize
-- expect: mysql-alter-rebuild
OPTIMIZE TABLE t;

-- case: row format
-- expect: mysql-alter-rebuild
ALTER TABLE t ROW_FORMAT=COMPRESSED;

-- case: algorithm copy
-- expect: mysql-algorithm-copy
ALTER TABLE t ADD COLUMN c int, ALGORITHM=COPY;

-- case: lock shared
-- expect: mysql-lock-clause
ALTER TABLE t ADD INDEX i (a), LOCK=SHARED;

-- case: lock exclusive with space
-- expect: mysql-lock-clause
ALTER TABLE t ADD INDEX i (a), LOCK EXCLUSIVE;

-- case: two ddl
-- expect: mysql-ddl-implicit-commit
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c int;
ALTER TABLE t ADD COLUMN d int;

-- case: two ddl autocommit
-- expect: none
-- transaction: off
-- since: 8.0.29
ALTER TABLE t ADD COLUMN c int;
ALTER TABLE t ADD COLUMN d int;

-- case: dml then ddl
-- expect: mysql-ddl-implicit-commit
UPDATE t SET a = 1 WHERE id = 4;
ALTER TABLE t ADD INDEX i (a);

-- case: drop pk
-- expect: drop-unique, mysql-alter-copy
ALTER TABLE t DROP PRIMARY KEY;

-- case: drop add pk
-- expect: drop-unique, mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, b bigint NOT NULL);
-- draft
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (b);

-- case: add check
-- expect: mysql-alter-copy
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);

-- case: add check not enforced
-- expect: none
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED;

-- case: rename table
-- expect: rename-table
RENAME TABLE a TO b;

-- case: rename index
-- expect: none
ALTER TABLE t RENAME INDEX a TO b;

-- case: drop index
-- expect: none
DROP INDEX i ON t;

-- case: drop unique index
-- expect: drop-unique
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int, UNIQUE KEY u (a));
-- draft
ALTER TABLE t DROP INDEX u;

-- case: lock tables
-- expect: explicit-lock
LOCK TABLES t WRITE;

-- case: update limit
-- expect: none
UPDATE t SET a = 1 LIMIT 100;

-- case: delete order limit
-- expect: none
DELETE FROM t ORDER BY id LIMIT 100;

-- case: conditional comment
-- expect: drop-table
/*!40101 DROP TABLE t */;

-- case: drop table in new
-- expect: none
-- transaction: off
CREATE TABLE n (a text);
ALTER TABLE n ADD FULLTEXT (a), CONVERT TO CHARACTER SET utf8mb4;
DROP TABLE n;

-- case: create table like
-- expect: none
-- transaction: off
CREATE TABLE n LIKE t;
ALTER TABLE n MODIFY a bigint;

-- case: instant with unsupported
-- expect: mysql-alter-copy
-- since: 8.0.29
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY a bigint, ALGORITHM=INSTANT;

-- case: inplace with copy only
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY a bigint, ALGORITHM=INPLACE;

-- case: nocopy
-- expect: unsupported-in-version
ALTER TABLE t ADD INDEX i (a), ALGORITHM=NOCOPY;

-- case: if not exists column
-- expect: unsupported-in-version
-- since: 8.0.29
ALTER TABLE t ADD COLUMN IF NOT EXISTS c int;

-- case: default change
-- expect: none
ALTER TABLE t ALTER COLUMN a SET DEFAULT 5;

-- case: drop default
-- expect: drop-default
ALTER TABLE t ALTER a DROP DEFAULT;

-- case: index invisible
-- expect: none
ALTER TABLE t ALTER INDEX i INVISIBLE;

-- case: partition by
-- expect: mysql-alter-copy
ALTER TABLE t PARTITION BY HASH(id) PARTITIONS 4;

-- case: drop partition
-- expect: truncate-table
ALTER TABLE t DROP PARTITION p0;

-- case: auto increment
-- expect: none
ALTER TABLE t AUTO_INCREMENT = 1000;

-- case: comment
-- expect: none
ALTER TABLE t COMMENT = 'x';

-- case: instant on 8.0.11
-- expect: unsupported-in-version
-- since: 8.0.11
ALTER TABLE t ADD COLUMN c int, ALGORITHM=INSTANT;

-- case: several adds instant
-- expect: none
-- since: 8.0.12
ALTER TABLE t ADD COLUMN c int, ADD COLUMN d int, ALGORITHM=INSTANT;

-- case: add col paren list
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN (c int, d varchar(10));

-- case: modify position
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t MODIFY b int AFTER id;

-- case: modify comment lost
-- expect: mysql-modify-drops-attributes
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int COMMENT 'x');
-- draft
ALTER TABLE t MODIFY a int;

-- case: modify default lost
-- expect: mysql-modify-drops-attributes
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int DEFAULT 4);
-- draft
ALTER TABLE t MODIFY a int;

-- case: decimal precision
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a decimal(10,2));
-- draft
ALTER TABLE t MODIFY a decimal(12,2);

-- case: display width only
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int(11));
-- draft
ALTER TABLE t MODIFY a int;

-- case: unsigned
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY a int unsigned;

-- case: text to longtext
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a text);
-- draft
ALTER TABLE t MODIFY a longtext;

-- case: drop and add same index
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int, b int, KEY k (a));
-- draft
ALTER TABLE t DROP INDEX k, ADD INDEX k (a, b);

-- case: add unique
-- expect: none
ALTER TABLE t ADD UNIQUE KEY u (a);

-- case: an executable comment for no server
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
/*!99999 DROP TABLE t */;
