-- Cases: virtual columns that come, go or move beside what else a statement does.

-- case: a virtual column beside a comment
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY kb (b));
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL, COMMENT = 'x';

-- case: a virtual column beside a longer varchar
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20));
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL, MODIFY b varchar(30);

-- case: a virtual column beside another name
-- expect: mysql-alter-copy, rename-column
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL, RENAME COLUMN b TO c;

-- case: a virtual column beside a unique index
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL, ADD UNIQUE KEY u (b);

-- case: a virtual column beside an index
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL, ADD KEY k (b);

-- case: a virtual column that goes beside a unique index
-- expect: mysql-alter-copy
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t DROP COLUMN v, ADD UNIQUE KEY u (b);

-- case: a virtual column that goes beside a column that comes
-- expect: drop-column, mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t DROP COLUMN v, ADD COLUMN c int;

-- case: a virtual column before another one
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t ADD COLUMN w int AS (a + 2) VIRTUAL AFTER a;

-- case: a virtual column behind the others
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, v int AS (a + 1) VIRTUAL, b int);
-- draft
ALTER TABLE t ADD COLUMN w int AS (a + 2) VIRTUAL AFTER v;

-- case: a virtual column in the place of another one
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t DROP COLUMN v, ADD COLUMN w int AS (a + 2) VIRTUAL AFTER a;

-- case: a virtual column of a table with a full-text index
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b text, FULLTEXT KEY f (b));
-- draft
ALTER TABLE t ADD COLUMN w int AS (a + 2) VIRTUAL AFTER a;

-- case: an indexed column before a virtual one
-- expect: mysql-alter-copy
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL, KEY kb (b));
-- draft
ALTER TABLE t DROP COLUMN b, COMMENT = 'x';

-- case: an index over a virtual column beside a column that goes before it
-- expect: mysql-alter-copy
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t DROP COLUMN b, ADD INDEX kv (v);

-- case: a character set of the table that a column takes
-- expect: mysql-convert-charset
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(20)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(30), DEFAULT CHARSET latin1;
