-- case: if not exists of a column
-- expect: unsupported-in-version
ALTER TABLE t ADD COLUMN IF NOT EXISTS a int;

-- case: if exists of a column
-- expect: drop-column, unsupported-in-version
-- since: 8.0.29
ALTER TABLE t DROP COLUMN IF EXISTS a;

-- case: if exists of an index
-- expect: unsupported-in-version
ALTER TABLE t DROP INDEX IF EXISTS i;

-- case: nocopy
-- expect: unsupported-in-version
ALTER TABLE t ADD INDEX (a), ALGORITHM=NOCOPY;

-- case: sequence
-- expect: unsupported-in-version
CREATE SEQUENCE s;

-- case: or replace table
-- expect: unsupported-in-version
CREATE OR REPLACE TABLE t (a int);

-- case: uuid
-- expect: unsupported-in-version
CREATE TABLE t (a uuid);

-- case: expression default
-- expect: none
-- since: 8.0.13
CREATE TABLE t (a char(36) DEFAULT (uuid()));

-- case: invisible column
-- expect: unsupported-in-version
-- since: 8.0.20
CREATE TABLE t (a int, b int INVISIBLE);

-- case: rename column of old
-- expect: rename-column, unsupported-in-version
-- since: 5.7.0
ALTER TABLE t RENAME COLUMN a TO b;

-- case: an indexed column is dropped with its index
-- expect: mysql-alter-rebuild
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY by_a (a));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: instant, and the release named is too old for this place
-- expect: unsupported-in-version
-- since: 8.0.28
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD COLUMN c int AFTER a, ALGORITHM=INSTANT;

-- case: instant, and new enough for this place
-- expect: none
-- since: 8.0.29
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD COLUMN c int AFTER a, ALGORITHM=INSTANT;

-- case: instant, before there was such a thing
-- expect: unsupported-in-version
-- since: 8.0.11
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD COLUMN c int, ALGORITHM=INSTANT;

-- case: the first release of a series, by name
-- expect: mysql-alter-rebuild
-- since: 8.0.11
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD COLUMN c int;

-- case: another collation of the same character set
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (a varchar(20)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- case: the collation that the table has anyway
-- expect: none
-- history
CREATE TABLE t (a varchar(20)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;

-- case: a key takes the place of another one, which builds the table once
-- expect: mysql-alter-rebuild
-- phase: contract
-- history
CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a)) ENGINE=InnoDB;
-- draft
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a, b);
-- down
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a);

-- case: WITH for 5.7
-- expect: unsupported-in-version
-- since: 5.7
-- history
CREATE TABLE t (a int);
-- draft
CREATE VIEW v AS WITH c AS (SELECT a FROM t) SELECT * FROM c;

-- case: OVER for 5.7
-- expect: unsupported-in-version
-- since: 5.7
-- history
CREATE TABLE t (a int);
-- draft
CREATE VIEW w AS SELECT a, row_number() OVER (ORDER BY a) AS n FROM t;

-- case: WITH RECURSIVE for 5.7
-- expect: unsupported-in-version
-- since: 5.7
-- history
CREATE TABLE t (a int);
-- draft
CREATE VIEW x AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n;

-- case: words that are none of these
-- expect: none
-- since: 5.7
-- history
CREATE TABLE t (a int);
-- draft
CREATE VIEW v AS SELECT a, count(*) AS `over` FROM t GROUP BY a WITH ROLLUP;

-- case: a CHECK that the server reads and forgets
-- expect: none
-- since: 5.7
-- history
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);
-- draft
ALTER TABLE t ADD CONSTRAINT n_pos CHECK (n > 0);

-- case: a CHECK that the server forgot
-- expect: mysql-alter-rebuild
-- since: 5.7
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT ab CHECK (a < b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a CHECK that the server keeps
-- expect: mysql-alter-copy
-- since: 8.0.16
-- history
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);
-- draft
ALTER TABLE t ADD CONSTRAINT n_pos CHECK (n > 0);

-- case: a CHECK dropped where there is none
-- expect: unsupported-in-version
-- since: 5.7
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, CONSTRAINT n_pos CHECK (n > 0));
-- draft
ALTER TABLE t DROP CHECK n_pos;
