-- case: add index
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD INDEX i (n);

-- case: create index
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX i ON t (n);

-- case: create unique index
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE UNIQUE INDEX i ON t (n, a) ALGORITHM=INPLACE LOCK=NONE;

-- case: create index with lock
-- expect: mysql-lock-clause
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX i ON t (n) LOCK=SHARED;

-- case: create index with copy
-- expect: mysql-algorithm-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX i ON t (n) ALGORITHM=COPY;

-- case: full-text
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD FULLTEXT INDEX f (txt);

-- case: create full-text
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE FULLTEXT INDEX f ON t (txt);

-- case: full-text of a new table
-- expect: none
CREATE TABLE t (a text);
CREATE FULLTEXT INDEX f ON t (a);

-- case: spatial
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (p point NOT NULL);
-- draft
CREATE SPATIAL INDEX f ON t (p);

-- case: drop index
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP INDEX kb;

-- case: drop index on
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
DROP INDEX kb ON t;

-- case: drop unique
-- expect: drop-unique
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP INDEX ua;

-- case: drop unique on
-- expect: drop-unique
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
DROP INDEX ua ON t;

-- case: drop unique in contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
DROP INDEX ua ON t;

-- case: drop unique and make it again
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP INDEX ua, ADD UNIQUE KEY ua2 (a);

-- case: rename index
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t RENAME INDEX kb TO bk;

-- case: missing index
-- expect: missing-object
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
DROP INDEX kbb ON t;

-- case: missing index to rename
-- expect: missing-object
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t RENAME KEY kbb TO c;

-- case: index exists
-- expect: object-exists
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX kb ON t (n);

-- case: one index name on two tables
-- expect: none
CREATE TABLE t (a int, KEY i (a));
CREATE TABLE u (a int, KEY i (a));
CREATE TABLE i (a int);

-- case: index over an unknown column
-- expect: missing-object
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX i ON t (nn);

-- case: prefix and direction
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX i ON t (txt(10), a DESC) USING BTREE COMMENT 'x';

-- case: index of a foreign key
-- expect: none
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id));
ALTER TABLE t DROP FOREIGN KEY fk;
ALTER TABLE t DROP INDEX fk;

-- case: unique without a name
-- expect: none
CREATE TABLE t (a int, b int, UNIQUE (a), UNIQUE (a, b));
ALTER TABLE t DROP INDEX a_2;

-- case: index and key of one name
-- expect: none
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, KEY x (a), CONSTRAINT x FOREIGN KEY (a) REFERENCES p (id));

-- case: add foreign key
-- expect: mysql-add-foreign-key
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES p (id) ON DELETE CASCADE;

-- case: add foreign key without checks
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
SET foreign_key_checks = 0;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES p (id);
SET foreign_key_checks = 1;

-- case: add foreign key with checks on again
-- expect: mysql-add-foreign-key
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
SET foreign_key_checks = 0;
SET foreign_key_checks = 1;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES p (id);

-- case: add foreign key, saved setting
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0;
ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES p (id);

-- case: inline references are nothing
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z bigint REFERENCES p (id);

-- case: inline references of 9.0
-- expect: mysql-add-foreign-key
-- since: 9.0.0
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z bigint REFERENCES p (id);

-- case: foreign key to another type
-- expect: mysql-add-foreign-key, type-mismatch
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t (id);

-- case: drop foreign key
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE u DROP FOREIGN KEY f;

-- case: index over an expression
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX i ON t ((lower(b)));

-- case: index over an expression before 8.0.13
-- expect: create-index-not-concurrent
-- since: 8.0
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX i ON t ((lower(b)));

-- case: an index that is dropped with an ALGORITHM
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY ka (a));
-- draft
DROP INDEX ka ON t ALGORITHM=INPLACE LOCK=NONE;

-- case: an index over an expression keeps writers out
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
-- draft
CREATE INDEX t_a ON t ((lower(a)));
-- draft
ALTER TABLE t ADD INDEX t_b ((upper(a)), id);

-- case: a primary key where a unique key stands
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (a int NOT NULL, b int NOT NULL, UNIQUE KEY ka (a)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD PRIMARY KEY (a);
