-- Cases: what only MariaDB does of virtual columns, rows that it stores as REDUNDANT, and sequences.

-- case: an indexed virtual column that is said again
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a + 1) VIRTUAL, KEY kv (v));
-- draft
ALTER TABLE t MODIFY v int AS (a + 1) VIRTUAL COMMENT 'x';

-- case: a virtual column of a partitioned table
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 2;
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL;

-- case: a virtual column beside a default
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL, ALTER a SET DEFAULT 3;

-- case: a virtual column beside another character set
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(20)) CHARSET=utf8mb3;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4, ADD COLUMN v int AS (id + 1) VIRTUAL;

-- case: a longer varchar beside a column that goes before a virtual one
-- expect: mysql-alter-copy
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), c int, v int AS (c + 1) VIRTUAL);
-- draft
ALTER TABLE t MODIFY b varchar(30), DROP COLUMN a;

-- case: columns that change places and leave a virtual one where it is
-- expect: drop-column
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, v int AS (c + 1) VIRTUAL);
-- draft
ALTER TABLE t ADD COLUMN d int AFTER id, DROP COLUMN b;

-- case: a column that comes beside an index over a virtual one
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t ADD COLUMN b int, ADD INDEX kv (v);

-- case: a column that comes as the index over a virtual one goes
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a + 1) VIRTUAL, KEY kv (v));
-- draft
ALTER TABLE t ADD COLUMN b int, DROP INDEX kv;

-- case: a column that moves beside an index
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t MODIFY b int AFTER id, ADD INDEX k (a);

-- case: a column that moves in rows that are compressed
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int) ROW_FORMAT=COMPRESSED;
-- draft
ALTER TABLE t MODIFY b int AFTER id;

-- case: a varchar across 255 bytes in REDUNDANT rows
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(50)) CHARSET=utf8mb4 ROW_FORMAT=REDUNDANT;
-- draft
ALTER TABLE t MODIFY a varchar(100);

-- case: NULL in REDUNDANT rows
-- expect: drop-not-null
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL) ROW_FORMAT=REDUNDANT;
-- draft
ALTER TABLE t MODIFY a int NULL;

-- case: the next value of a sequence
-- expect: mysql-alter-copy
-- history
CREATE SEQUENCE s;
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN n bigint DEFAULT (NEXT VALUE FOR s);

-- case: a sequence asked by a function
-- expect: mysql-alter-copy
-- history
CREATE SEQUENCE s;
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN n bigint DEFAULT (nextval(s));

-- case: random bytes
-- expect: mysql-alter-copy
-- since: 10.11
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN n varbinary(8) DEFAULT (random_bytes(8));

-- case: NULL in a primary key is passed over
-- expect: none
CREATE TABLE t (id int NULL, PRIMARY KEY (id));

-- case: a full-text index of a partitioned table
-- expect: none
CREATE TABLE t (id int PRIMARY KEY, b text, FULLTEXT KEY f (b)) PARTITION BY HASH (id) PARTITIONS 2;

-- case: a default of a column that the statement adds
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int, ALTER b SET DEFAULT 3;

-- case: an ignored index that the way back leaves ignored
-- expect: down-not-inverse
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));
-- draft
ALTER TABLE t ALTER INDEX k IGNORED;
-- down
SELECT 1;
