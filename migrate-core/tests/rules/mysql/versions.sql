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
