-- case: update
-- expect: whole-table-write
UPDATE t SET a = 1;

-- case: update with where
-- expect: none
UPDATE t SET a = 1 WHERE id = 3;

-- case: update with limit
-- expect: none
UPDATE t SET a = 1 LIMIT 1000;

-- case: update ordered
-- expect: whole-table-write
UPDATE LOW_PRIORITY IGNORE t AS x SET x.a = 1 ORDER BY id;

-- case: update of a join
-- expect: whole-table-write
UPDATE t JOIN u ON u.id = t.id SET t.a = u.a;

-- case: update of a join with where
-- expect: none
UPDATE t JOIN u ON u.id = t.id SET t.a = u.a WHERE u.b = 3;

-- case: update of two tables
-- expect: whole-table-write
UPDATE t, u SET t.a = 1, u.b = 2;

-- case: update of a new table from an old one
-- expect: none
CREATE TABLE t (id int, a int);
UPDATE t JOIN u ON u.id = t.id SET t.a = u.a;

-- case: delete
-- expect: whole-table-write
DELETE FROM t;

-- case: delete with limit
-- expect: none
DELETE FROM t LIMIT 100;

-- case: delete with where
-- expect: none
DELETE FROM t WHERE a < 3 ORDER BY a LIMIT 5;

-- case: delete from a join
-- expect: whole-table-write
DELETE x FROM t AS x JOIN u ON u.id = x.id;

-- case: delete using
-- expect: whole-table-write
DELETE FROM x USING t AS x JOIN u ON u.id = x.id;

-- case: delete in a new table
-- expect: none
CREATE TABLE t (id int);
DELETE x FROM t AS x JOIN u ON u.id = x.id;

-- case: tautology
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE 1 = 1;

-- case: true
-- expect: whole-table-write
DELETE FROM t WHERE true;

-- case: one
-- expect: whole-table-write
DELETE FROM t WHERE 1;

-- case: text tautology
-- expect: whole-table-write
DELETE FROM t WHERE 'a' = 'a';

-- case: or true
-- expect: whole-table-write
DELETE FROM t WHERE id = 3 OR 1 = 1;

-- case: and true
-- expect: none
DELETE FROM t WHERE id = 3 AND 1 = 1;

-- case: nested tautology
-- expect: whole-table-write
DELETE FROM t WHERE ((1 = 1) AND (2 > 1));

-- case: false
-- expect: none
DELETE FROM t WHERE 1 = 0;

-- case: between
-- expect: none
DELETE FROM t WHERE id BETWEEN 1 AND 10;

-- case: key is not null
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 1 WHERE id IS NOT NULL;

-- case: nullable is not null
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 1 WHERE a IS NOT NULL;

-- case: with
-- expect: whole-table-write
WITH x AS (SELECT 1 AS a) UPDATE t JOIN x SET t.a = x.a;

-- case: insert
-- expect: none
INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2;

-- case: insert select
-- expect: none
INSERT INTO t (a) SELECT b FROM u;

-- case: replace
-- expect: none
REPLACE INTO t SET a = 1;

-- case: strings hide words
-- expect: none
INSERT INTO t (a) VALUES ('DROP TABLE t; -- \' DELETE FROM t');

-- case: load data
-- expect: none
LOAD DATA LOCAL INFILE 'x' INTO TABLE t;

-- case: prepared
-- expect: opaque-dynamic-sql
SET @sql = CONCAT('ALTER TABLE t ', 'DROP a');
PREPARE s FROM @sql;
EXECUTE s;
DEALLOCATE PREPARE s;

-- case: not understood
-- expect: opaque-statement
CLONE LOCAL DATA DIRECTORY = 'x';

-- case: action not understood
-- expect: opaque-statement
ALTER TABLE t FROBNICATE;

-- case: show
-- expect: none
SHOW TABLES;

-- case: in a batch
-- expect: none
-- phase: migrate
-- directive: backfill table=t key=id
UPDATE t SET a = 1;

-- case: procedure that is called
-- expect: drop-column
-- since: 8.0.29
CREATE PROCEDURE p() BEGIN IF EXISTS (SELECT 1) THEN ALTER TABLE t DROP COLUMN a; END IF; END;
CALL p();
DROP PROCEDURE p;

-- case: procedure that is not called
-- expect: none
CREATE PROCEDURE p() BEGIN DELETE FROM t; END;

-- case: procedure of another file
-- expect: none
CALL p(1, 'x');

-- case: procedure with dynamic statements
-- expect: opaque-dynamic-sql
CREATE PROCEDURE p() BEGIN SET @s = 'DROP TABLE t'; PREPARE x FROM @s; EXECUTE x; END;
CALL p();
DROP PROCEDURE p;

-- case: procedure with a whole-table write
-- expect: whole-table-write
CREATE DEFINER = `root`@`localhost` PROCEDURE `P`(IN a int) DELETE FROM t;
CALL p(1);

-- case: a column that is null or is not
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 0 WHERE a IS NULL OR (a IS NOT NULL);

-- case: a column that is null or another one that is not
-- expect: none
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
UPDATE t SET a = 0 WHERE a IS NULL OR b IS NOT NULL;

-- case: joins that leave rows out
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, a int);
-- draft
UPDATE t JOIN u ON u.id = t.id AND u.a = 3 SET t.a = 1;
-- draft
UPDATE t INNER JOIN (SELECT id FROM u LIMIT 100) AS few ON few.id = t.id SET t.a = 1;
-- draft
UPDATE t, (SELECT id FROM u WHERE a > 3) few SET t.a = 1 WHERE few.id = t.id;
-- draft
DELETE t FROM t JOIN u ON (u.id = t.id) AND (u.a > 3);

-- case: a join that leaves out what it does not find
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, a int);
-- draft
UPDATE t LEFT JOIN (SELECT id, a FROM u LIMIT 100) AS few ON few.id = t.id AND few.a = 3 SET t.a = few.a;

-- case: a join by what is computed
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
CREATE TABLE u (id int PRIMARY KEY, a varchar(10));
-- draft
UPDATE t JOIN u ON LEFT(u.a, 3) = t.a SET t.a = u.a;

-- case: rows that go with those of a table that goes with the session
-- expect: none
-- history
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
-- draft
CREATE TEMPORARY TABLE ids AS SELECT id FROM b WHERE n > 5;
UPDATE a, ids SET a.n = 1 WHERE a.id = ids.id;

-- case: rows that are joined to those of a table that goes with the session
-- expect: none
-- history
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
-- draft
CREATE TEMPORARY TABLE ids AS SELECT id FROM b WHERE n > 5;
UPDATE a JOIN ids ON a.id = ids.id SET a.n = 1;
DELETE a FROM a JOIN ids ON a.id = ids.id;
DELETE FROM a USING a, ids WHERE a.id = ids.id;

-- case: rows that go with those of a table that the file makes
-- expect: none
-- history
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
-- draft
CREATE TABLE ids (id int PRIMARY KEY);
DELETE a FROM a, ids WHERE a.id = ids.id;

-- case: rows that go with those of a table that goes with the session, or with none
-- expect: whole-table-write
-- history
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
-- draft
CREATE TEMPORARY TABLE ids AS SELECT id FROM b WHERE n > 5;
UPDATE a LEFT JOIN ids ON a.id = ids.id SET a.n = 1;

-- case: every row beside each of a table that goes with the session
-- expect: whole-table-write
-- history
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
-- draft
CREATE TEMPORARY TABLE ids AS SELECT id FROM b WHERE n > 5;
UPDATE a, ids SET a.n = 1;

-- case: rows that go with those of a table that is there
-- expect: whole-table-write
-- history
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
-- draft
UPDATE a, b SET a.n = 1 WHERE a.id = b.id;

-- case: a parameter that nothing gives
-- expect: parameter
-- history
CREATE TABLE plans (id int PRIMARY KEY, name varchar(50));
-- draft
INSERT INTO plans (id, name) VALUES (1, ?);

-- case: what looks like a parameter
-- expect: none
-- history
CREATE TABLE plans (id int PRIMARY KEY, name varchar(50));
-- draft
SET @name = 'why?';
INSERT INTO plans (id, name) VALUES (1, @name);
PREPARE one FROM 'INSERT INTO plans VALUES (?, ?)';

-- case: rows that a query with a name tells
-- expect: none
-- since: 8.0
-- phase: migrate
WITH x AS (SELECT id FROM t WHERE a > 5 LIMIT 10) UPDATE t JOIN x ON x.id = t.id SET t.b = 1;
WITH x AS (SELECT id FROM t WHERE a > 5 LIMIT 10) DELETE t FROM t JOIN x USING (id);

-- case: a query with a name that tells no rows
-- expect: whole-table-write
-- since: 8.0
-- phase: migrate
WITH x AS (SELECT max(id) AS m FROM t) UPDATE t SET b = (SELECT m FROM x);

-- case: a row by SET without what it needs
-- expect: refused-statement
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
INSERT INTO t SET id = 1;

-- case: a row by SET
-- expect: none
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL DEFAULT 1);
INSERT INTO t SET id = 1, a = DEFAULT(b);

-- case: a row of defaults
-- expect: refused-statement
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int NOT NULL);
INSERT INTO t () VALUES ();

-- case: a row of defaults that are there
-- expect: none
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int NOT NULL DEFAULT 1, b text);
INSERT INTO t VALUES ();

-- case: a value for a column that is hidden and not named
-- expect: refused-statement
-- since: 8.0.23
CREATE TABLE t (a int, b int INVISIBLE DEFAULT 5);
INSERT INTO t VALUES (1, 2);

-- case: values for the columns that are not hidden
-- expect: none
-- since: 8.0.23
CREATE TABLE t (a int, b int INVISIBLE DEFAULT 5);
INSERT INTO t VALUES (1);
INSERT INTO t (a, b) VALUES (1, 2);
INSERT INTO t SELECT 1;

-- case: values for a column that only newer servers hide
-- expect: none
-- since: 8.0.16
CREATE TABLE t (a int, b int /*!80023 INVISIBLE */ DEFAULT 5);
INSERT INTO t VALUES (1, 2);

-- case: the table written again from itself
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
REPLACE INTO t SELECT id, a + 1 FROM t;

-- case: rows put over those they are made from
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
INSERT INTO t (id, a) SELECT id, a FROM t AS old WHERE 1 = 1 ON DUPLICATE KEY UPDATE a = old.a + 1;

-- case: some rows put over those they are made from
-- expect: none
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, a int);
-- draft
REPLACE INTO t SELECT id, a + 1 FROM t WHERE id BETWEEN 1 AND 100;
REPLACE INTO t SELECT id, a FROM t ORDER BY id LIMIT 10;
REPLACE INTO t SELECT id, a FROM u;
INSERT IGNORE INTO t SELECT id, a FROM t;

-- case: a condition that begins with a truth
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 1 WHERE COALESCE(1, 0);

-- case: a condition that begins with a falsehood
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 1 WHERE COALESCE(0, id) = 4;
