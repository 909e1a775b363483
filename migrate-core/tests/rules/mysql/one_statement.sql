-- Cases: what one ALTER TABLE finds of what its other actions do, names in quotes, and what a table cannot have.

-- case: a column and its index go
-- expect: mysql-alter-rebuild
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY kb (b));
-- draft
ALTER TABLE t DROP COLUMN b, DROP INDEX kb;

-- case: behind a column that goes
-- expect: drop-column, missing-object
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t ADD COLUMN c int AFTER b, DROP COLUMN b;

-- case: behind the old name of a column
-- expect: missing-object, rename-column
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t CHANGE b bb int, ADD COLUMN c int AFTER b;

-- case: behind a column that goes and comes
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t DROP COLUMN b, ADD COLUMN b varchar(10), ADD COLUMN c int AFTER b;

-- case: a column that comes and goes
-- expect: drop-column, missing-object
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int, DROP COLUMN b;

-- case: a default before the column is defined anew
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ALTER a SET DEFAULT 3, MODIFY a int;

-- case: ORDER BY by several columns
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t ORDER BY a DESC, b;

-- case: ORDER BY before another action
-- expect: syntax-error
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t ORDER BY a, ADD COLUMN c int;

-- case: an index that is hidden and not shown again
-- expect: down-not-inverse
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));
-- draft
ALTER TABLE t ALTER INDEX k INVISIBLE;
-- down
SELECT 1;

-- case: an index that is hidden and shown again
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));
-- draft
ALTER TABLE t ALTER INDEX k INVISIBLE;
-- down
ALTER TABLE t ALTER INDEX k VISIBLE;

-- case: a hidden index that is shown and hidden again
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a) INVISIBLE);
-- draft
ALTER TABLE t ALTER INDEX k VISIBLE;
-- down
ALTER TABLE t ALTER INDEX k INVISIBLE;

-- case: a table in quotes
-- expect: syntax-error
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE "t" DROP COLUMN a;

-- case: rows of a table in quotes
-- expect: syntax-error
UPDATE "t" SET a = 1 WHERE id = 2;

-- case: a new column in quotes
-- expect: syntax-error
CREATE TABLE t ("id" int PRIMARY KEY);

-- case: a key over a column in quotes
-- expect: syntax-error
CREATE TABLE t (id int, PRIMARY KEY ("id"));

-- case: an index over a column in quotes
-- expect: syntax-error
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
CREATE INDEX k ON t ("a");

-- case: texts in quotes where they may stand
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT "table" COMMENT 'column');
-- draft
INSERT INTO t VALUES (1, "into"), (2, 'update'), (3, TRIM(BOTH 'x' FROM 'xax'));

-- case: texts in quotes in a view
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- draft
CREATE VIEW v AS SELECT id AS "Id" FROM t WHERE a IN ("key", 'unique');

-- case: a value that is there in another case
-- expect: refused-statement
CREATE TABLE t (id int PRIMARY KEY, s enum('a', 'b', 'A'));

-- case: the same where case counts
-- expect: none
CREATE TABLE t (id int PRIMARY KEY, s enum('a', 'b', 'A') COLLATE utf8mb4_bin) CHARSET=utf8mb4;

-- case: a full-text index of a table in partitions
-- expect: refused-statement
CREATE TABLE t (id int PRIMARY KEY, b text, FULLTEXT KEY f (b)) PARTITION BY HASH (id) PARTITIONS 2;

-- case: NULL in a primary key
-- expect: refused-statement
CREATE TABLE t (id int NULL, PRIMARY KEY (id));

-- case: a key column that becomes NULL
-- expect: drop-not-null, refused-statement
-- history
CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY id int NULL;

-- case: the tables of a copy are swapped
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE t_new (id int PRIMARY KEY, a bigint);
-- draft
RENAME TABLE t TO t_old, t_new TO t;
