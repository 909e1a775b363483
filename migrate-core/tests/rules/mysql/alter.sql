-- case: add column last
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int;

-- case: add column in the middle
-- expect: none
-- since: 8.0.29
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int AFTER a;

-- case: add column in the middle before 8.0.29
-- expect: mysql-alter-rebuild
-- since: 8.0.20
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int FIRST;

-- case: add column in the middle, online
-- expect: none
-- since: 8.0.20
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int FIRST, ALGORITHM=INPLACE, LOCK=NONE;

-- case: add column with a default
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int NOT NULL DEFAULT 0;

-- case: add column without the word
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD z int;

-- case: add two columns in parentheses
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN (z int, y varchar(3));

-- case: add not null column without default
-- expect: mysql-implicit-default
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int NOT NULL;

-- case: add not null column without default in contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int NOT NULL;

-- case: add not null column, one in parentheses
-- expect: mysql-implicit-default
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN (z int, y varchar(3) NOT NULL);

-- case: add stored generated column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int GENERATED ALWAYS AS (a + 1) STORED;

-- case: add virtual generated column
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int AS (a + 1) VIRTUAL;

-- case: add generated column without a word
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int AS (a + 1);

-- case: add column with current_timestamp
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP;

-- case: add column with uuid
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z char(36) DEFAULT (uuid());

-- case: add unique column
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int UNIQUE;

-- case: add column with check
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int CHECK (z > 0);

-- case: add check
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD CONSTRAINT pos CHECK (n > 0);

-- case: drop check
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ALTER COLUMN n SET DEFAULT 4;

-- case: drop column
-- expect: drop-column, mysql-alter-rebuild
-- since: 8.0.20
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP COLUMN txt;

-- case: drop column in contract
-- expect: none
-- since: 8.0.29
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP COLUMN txt;

-- case: drop column without the word
-- expect: drop-column
-- since: 8.0.29
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP txt;

-- case: several actions
-- expect: drop-column, mysql-alter-copy
-- since: 8.0.29
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int, DROP COLUMN txt, MODIFY a bigint;

-- case: rename column
-- expect: rename-column
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t RENAME COLUMN a TO aa;

-- case: change renames
-- expect: rename-column
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t CHANGE a aa int;

-- case: change keeps the name
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t CHANGE COLUMN a a int DEFAULT 3;

-- case: change renames and retypes
-- expect: mysql-alter-copy, rename-column
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t CHANGE a aa bigint;

-- case: rename of a column of this file
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int;
-- draft
ALTER TABLE t CHANGE z zz int;

-- case: engine
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ENGINE = InnoDB;

-- case: force
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t FORCE;

-- case: row format
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ROW_FORMAT=DYNAMIC;

-- case: optimize
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
OPTIMIZE TABLE t;

-- case: rebuild with clause
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t FORCE, ALGORITHM=INPLACE, LOCK=NONE;

-- case: another engine
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ENGINE=MyISAM;

-- case: table comment
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t COMMENT = 'people', AUTO_INCREMENT = 1000;

-- case: order by
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ORDER BY a;

-- case: partition by
-- expect: mysql-alter-copy, refused-statement
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 4;

-- case: drop partition
-- expect: truncate-table
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE);
-- draft
ALTER TABLE t DROP PARTITION p0;

-- case: exchange primary key
-- expect: drop-unique, mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, n);

-- case: algorithm copy
-- expect: mysql-algorithm-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int, ALGORITHM=COPY;

-- case: algorithm copy without equals sign
-- expect: mysql-algorithm-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int, ALGORITHM COPY;

-- case: lock shared
-- expect: mysql-lock-clause
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD INDEX (n), LOCK=SHARED;

-- case: lock exclusive
-- expect: mysql-lock-clause
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z int, LOCK = EXCLUSIVE;

-- case: lock none
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD INDEX (n), ALGORITHM=INPLACE, LOCK=NONE;

-- case: instant for an index
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD INDEX (n), ALGORITHM=INSTANT;

-- case: inplace for a type
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a bigint, ALGORITHM=INPLACE, LOCK=NONE;

-- case: copy of a new table
-- expect: none
CREATE TABLE t (a int);
ALTER TABLE t MODIFY a bigint;

-- case: copy of a new table renamed
-- expect: none
CREATE TABLE t (a int);
RENAME TABLE t TO u;
ALTER TABLE u MODIFY a bigint NOT NULL;

-- case: unknown table
-- expect: mysql-alter-copy
ALTER TABLE t MODIFY a bigint;

-- case: unknown table, guarded
-- expect: none
ALTER TABLE t MODIFY a bigint, ALGORITHM=INPLACE, LOCK=NONE;

-- case: unknown table, copy asked for
-- expect: mysql-algorithm-copy
ALTER TABLE t MODIFY a bigint, ALGORITHM=COPY;

-- case: allowed with a reason
-- expect: none
-- migrate:allow mysql-alter-copy "small table"
ALTER TABLE t MODIFY a bigint;

-- case: full-text beside a new column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a text, FULLTEXT KEY f (a));
-- draft
ALTER TABLE t ADD COLUMN z int;

-- case: compressed
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id int PRIMARY KEY, a int) ROW_FORMAT=COMPRESSED;
-- draft
ALTER TABLE t ADD COLUMN z int;

-- case: drop of the key of a table
-- expect: drop-unique, mysql-alter-copy
-- history
CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int);
-- draft
ALTER TABLE t DROP PRIMARY KEY;

-- case: versioned comment
-- expect: drop-column
-- since: 8.0.29
-- history
CREATE TABLE t (a int, b int);
-- draft
ALTER TABLE t /*!80000 DROP COLUMN b */;

-- case: comments and case
-- expect: mysql-alter-copy
-- history
CREATE TABLE `t` (`A` int) -- x
;
-- draft
alter /* ; */ table `t` # here
modify `a` BIGINT;

-- case: check that is not enforced
-- expect: none
ALTER TABLE t ADD CONSTRAINT pos CHECK (n > 0) NOT ENFORCED;

-- case: a column goes with its full-text index
-- expect: mysql-alter-rebuild
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b text, FULLTEXT KEY fb (b)) ENGINE=InnoDB;
-- draft
ALTER TABLE t DROP COLUMN b;
