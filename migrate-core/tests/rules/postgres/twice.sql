-- case: an UPDATE assigns a column once
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
UPDATE k SET a = 1, b = 2, A = 3 WHERE id = 1;

-- case: an UPDATE assigns a column once, in a list as well
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
UPDATE k SET (a, b) = (1, 2), a = 3 WHERE id = 1;

-- case: an UPDATE assigns elements and fields of a column one by one
-- expect: none
-- since: 15
-- history
CREATE TYPE pair AS (x int, y int);
CREATE TABLE k (id bigint PRIMARY KEY, a int[], p pair, "A" int);
-- draft
UPDATE k SET a[1] = 1, a[2] = 2, p.x = 1, p.y = 2, "A" = 4 WHERE id = 1;

-- case: an INSERT names a column once
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
INSERT INTO k (id, a, a) VALUES (1, 2, 3);

-- case: ON CONFLICT assigns a column once
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
INSERT INTO k (id, a) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET a = 1, a = 2;

-- case: ON CONFLICT assigns what was given
-- expect: none
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
INSERT INTO k (id, a) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = 2;

-- case: MERGE assigns a column once
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
CREATE TABLE j (id bigint PRIMARY KEY, a int);
-- draft
MERGE INTO k USING j ON k.id = j.id AND k.id = 1 WHEN MATCHED THEN UPDATE SET a = 1, a = 2;

-- case: MERGE names a column once
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
CREATE TABLE j (id bigint PRIMARY KEY, a int);
-- draft
MERGE INTO k USING j ON k.id = j.id WHEN NOT MATCHED THEN INSERT (id, a, a) VALUES (j.id, 1, 2);

-- case: each action of MERGE has columns of its own
-- expect: none
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
CREATE TABLE j (id bigint PRIMARY KEY, a int);
-- draft
MERGE INTO k USING j ON k.id = j.id AND k.id = 1 WHEN MATCHED AND j.a > 1 THEN UPDATE SET a = 1 WHEN MATCHED THEN UPDATE SET a = 2 WHEN NOT MATCHED THEN INSERT (id, a) VALUES (j.id, 1);

-- case: a view names a column once
-- expect: refused-statement
-- since: 15
-- draft
CREATE VIEW v (a, a) AS SELECT 1, 2;

-- case: a view of two counts without names
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
CREATE VIEW v AS SELECT count(a), count(b) FROM k;

-- case: a view of two counts with names
-- expect: none
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
CREATE VIEW v AS SELECT count(a) AS with_a, count(b) FROM k;

-- case: a view of two literals
-- expect: refused-statement
-- since: 15
-- draft
CREATE VIEW v AS SELECT 1, 'two';

-- case: a view with names for what has none
-- expect: none
-- since: 15
-- draft
CREATE VIEW v (a, b) AS SELECT 1, 2;

-- case: a table from a query that shows a column twice
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE k (id bigint PRIMARY KEY, a int, b int);
-- draft
CREATE TABLE copied AS SELECT max(a), max(b) FROM k;

-- case: SELECT INTO shows each column once
-- expect: refused-statement
-- since: 15
-- draft
SELECT 1 AS a, 2 AS a INTO z;

-- case: a query that makes nothing may show a column twice
-- expect: none
-- since: 15
-- draft
SELECT 1 AS a, 2 AS a;
