-- case: update without where
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = 'x';

-- case: update of some
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = 'x' WHERE a IS NULL;

-- case: update where true
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE OR IGNORE t SET a = 'x' WHERE (1 = 1) OR a = 'y';

-- case: update where the key is not null
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = 'x' WHERE id NOT NULL;

-- case: delete without where
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
DELETE FROM "T";

-- case: delete with a limit
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 100);

-- case: update behind a with
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
WITH x AS (SELECT 1 AS a WHERE 1), y (b) AS NOT MATERIALIZED (SELECT 2) UPDATE t SET a = (SELECT a FROM x);

-- case: update of a table of this file
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
UPDATE t SET a = 'x';

-- case: insert and replace
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
INSERT INTO t (a) VALUES ('x') ON CONFLICT DO UPDATE SET a = 'y';
REPLACE INTO t VALUES (1, 'x');
INSERT INTO t DEFAULT VALUES;

-- case: the where stands in a string
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = ' WHERE id = 1' -- WHERE id = 1
;

-- case: an allow with a reason
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
-- migrate:allow whole-table-write "ten rows"
UPDATE t SET a = 'x';

-- case: null or not null
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
-- draft
UPDATE t SET a = 0 WHERE a IS NULL OR a IS NOT NULL;

-- case: not nothing
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
-- draft
UPDATE t SET a = 0 WHERE NOT 0;

-- case: one number is less than another
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
-- draft
DELETE FROM t WHERE 1 < 2;

-- case: two numbers differ
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
-- draft
DELETE FROM t WHERE 1 <> 2 AND NOT false;

-- case: conditions that nearly do
-- expect: none
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);
-- draft
UPDATE t SET a = 0 WHERE a IS NULL OR b IS NOT NULL;
UPDATE t SET a = 0 WHERE NOT 1;
DELETE FROM t WHERE 1 > 2;
DELETE FROM t WHERE a <> 2;

-- case: an update of the rows that another table has
-- expect: none
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = u.a FROM u WHERE u.id = t.id;
UPDATE t SET a = few.a FROM (SELECT id, a FROM u LIMIT 5) AS few WHERE few.id = t.id;

-- case: an update whose condition names its table
-- expect: whole-table-write
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = '' WHERE t.id = main.t.id;

-- case: a parameter is NULL
-- expect: parameter
-- history
CREATE TABLE plans (id INTEGER PRIMARY KEY, name TEXT, "a?" TEXT, [b:c] TEXT);
-- draft
INSERT INTO plans (id, name) VALUES (7001, ?1);

-- case: what looks like a parameter
-- expect: none
-- history
CREATE TABLE plans (id INTEGER PRIMARY KEY, name TEXT, "a?" TEXT, [b:c] TEXT);
-- draft
INSERT INTO plans (id, name, "a?", [b:c]) VALUES (7001, 'x ? :y $1', '@z', 'a') -- ? :y
;

-- case: the table written again from itself
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
INSERT OR REPLACE INTO t SELECT id, upper(a) FROM t;

-- case: rows put over those they are made from
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
INSERT INTO t (id, a) SELECT id, upper(a) FROM t WHERE true ON CONFLICT (id) DO UPDATE SET a = excluded.a;

-- case: some rows put over those they are made from
-- expect: none
-- phase: migrate
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
-- draft
REPLACE INTO t SELECT id, upper(a) FROM t WHERE id < 100;
REPLACE INTO t SELECT id, a FROM u;
REPLACE INTO t SELECT t.id, u.a FROM t JOIN u ON u.id = t.id AND u.a > 'x';
INSERT OR IGNORE INTO t SELECT id, a FROM t;

-- case: a condition that begins with a truth
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = 'x' WHERE coalesce(true, false);

-- case: a condition that begins with a falsehood
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
UPDATE t SET a = 'x' WHERE coalesce(false, true);

-- case: the rows whose key is one of the keys
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
DELETE FROM t WHERE id IN (SELECT "id" FROM t);

-- case: the rows whose key is one of some keys
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
-- draft
DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 100);
DELETE FROM t WHERE id IN (SELECT id FROM u);
DELETE FROM t WHERE id NOT IN (SELECT id FROM t);
