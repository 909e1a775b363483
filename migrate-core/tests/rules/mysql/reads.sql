-- case: a condition of a CHECK names a column that is not there
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CHECK (a < c));

-- case: what a CHECK and a computed column can name
-- expect: none
-- since: 8.0.30
CREATE TABLE t (
  id int PRIMARY KEY, a date NOT NULL, b date, kind varchar(10) NOT NULL, doc longtext CHECK (json_valid (`doc`)),
  days int AS (TIMESTAMPDIFF(DAY, a, COALESCE(b, a))) STORED,
  slug varchar(60) AS (LOWER(TRIM(BOTH '-' FROM CONVERT(kind USING utf8mb4)))) VIRTUAL,
  CHECK (b IS NULL OR t.b >= a + INTERVAL 1 WEEK),
  CHECK (kind IN ('a', "b") AND kind NOT LIKE 'x%' ESCAPE '!' AND CAST(kind AS BINARY) <> '' AND kind COLLATE utf8mb4_bin <> ''),
  CHECK (CASE WHEN kind = 'a' THEN days ELSE 1 END > 0)
);

-- case: a computed column names a column that is not there
-- expect: missing-object
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, email varchar(100));
-- draft
ALTER TABLE t ADD COLUMN domain varchar(100) AS (substring_index(mail, '@', -1)) VIRTUAL;

-- case: a view of two tables shows a column that is not there
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, a_id int);
CREATE VIEW v AS SELECT x.n, y.amount FROM a x JOIN b AS y ON y.a_id = x.id;

-- case: views and queries that read what is there
-- expect: none
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, n int, at datetime);
CREATE TABLE b (id int PRIMARY KEY, a_id int, kind varchar(9));
CREATE VIEW v AS SELECT x.id, x.n + 1 AS more, COUNT(DISTINCT y.id) twins, MAX(x.at) newest FROM a x LEFT JOIN b AS y ON y.a_id = x.id
  WHERE x.at > UTC_TIMESTAMP() - INTERVAL 3 MONTH GROUP BY x.id HAVING twins > 0 ORDER BY more, newest DESC;
CREATE VIEW w AS SELECT kind, count(*) n FROM b GROUP BY kind ORDER BY n DESC LIMIT 5;
CREATE VIEW u AS SELECT d.total FROM (SELECT a_id, COUNT(*) AS total FROM b GROUP BY a_id) AS d;
CREATE VIEW s AS WITH c AS (SELECT id AS k FROM a) SELECT k FROM c;
INSERT INTO b (id, a_id) SELECT id, n FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id) ON DUPLICATE KEY UPDATE kind = VALUES(kind);
UPDATE a JOIN b ON b.a_id = a.id SET a.n = 1, b.kind = UPPER(b.kind) WHERE a.id = 7;
DELETE x FROM a AS x LEFT JOIN b y ON y.a_id = x.id WHERE y.id IS NULL;
DELETE FROM a USING a JOIN b USING (id) WHERE b.kind = 'x';

-- case: rows that are told by a column that is not there
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, at datetime);
DELETE FROM t WHERE created_at < '2020-01-01';

-- case: an update of several tables sets a column that is not there
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, a_id int);
UPDATE a x JOIN b ON b.a_id = x.id SET x.amount = 1 WHERE b.id = 1;

-- case: rows are copied from a column that is not there
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
INSERT INTO b (id, n) SELECT id, SUM(amount) FROM a GROUP BY id;

-- case: a view with fewer columns than names
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE VIEW v (id, n, m) AS SELECT id, n FROM a;

-- case: a table made by a query has the columns of that
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, n int, KEY a_n (n));
CREATE TABLE b AS SELECT id, n AS amount, n + 1 plus FROM a;
CREATE INDEX b_amount ON b (amount, plus);
CREATE INDEX b_n ON b (n);

-- case: a table made by a query has no index
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, n int, KEY a_n (n));
CREATE TABLE b SELECT * FROM a;
ALTER TABLE b ADD PRIMARY KEY (id);
DROP INDEX a_n ON b;

-- case: a trigger names columns that its table has not, 1
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TRIGGER t_bi BEFORE INSERT ON t FOR EACH ROW SET NEW.amount = 0;

-- case: a trigger names columns that its table has not, 2
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TRIGGER t_bu BEFORE UPDATE ON t FOR EACH ROW BEGIN IF OLD.amount > 1 THEN SET NEW.n = 1; END IF; END;

-- case: rows that a trigger has not, or cannot change, 1
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TRIGGER t_bi BEFORE INSERT ON t FOR EACH ROW SET NEW.n = OLD.n;

-- case: rows that a trigger has not, or cannot change, 2
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TRIGGER t_bd BEFORE DELETE ON t FOR EACH ROW SET @last = NEW.id;

-- case: rows that a trigger has not, or cannot change, 3
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TRIGGER t_au AFTER UPDATE ON t FOR EACH ROW SET NEW.n = 1;

-- case: triggers as they should be
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TABLE log (t_id int, was int, is_now int);
CREATE TRIGGER t_bu BEFORE UPDATE ON t FOR EACH ROW SET NEW.n = OLD.n + NEW.`n`;
CREATE TRIGGER t_au AFTER UPDATE ON t FOR EACH ROW BEGIN SET @old = OLD.n; INSERT INTO log VALUES (NEW.id, OLD.n, NEW.n); END;
DROP TRIGGER t_au;
CREATE TRIGGER t_au AFTER UPDATE ON t FOR EACH ROW INSERT INTO log VALUES (NEW.id, OLD.n, NEW.n);

-- case: a trigger of that name is there
-- expect: object-exists
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE u (id int PRIMARY KEY);
CREATE TRIGGER bi BEFORE INSERT ON t FOR EACH ROW SET @n = NEW.id;
CREATE TRIGGER bi BEFORE INSERT ON u FOR EACH ROW SET @n = NEW.id;

-- case: a query into a file or variables
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SELECT * INTO OUTFILE '/tmp/t.csv' FIELDS TERMINATED BY ',' FROM t;
SELECT id, a INTO @id, @a FROM t WHERE id = 1;
SELECT a FROM t WHERE id = 1 INTO @a;

-- case: units and types that are no columns
-- expect: none
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a datetime, b varchar(20));
-- draft
SELECT EXTRACT(DAY FROM a), TIMESTAMPDIFF(MONTH, a, now()), TIMESTAMPADD(WEEK, 1, a), a + INTERVAL 1 YEAR, a - INTERVAL (1 + 1) HOUR, CONVERT(b, DATE), CAST(b AS TIME), GET_FORMAT(DATE, 'USA'), DATE '2020-01-01', CONVERT(concat(b, 'x'), DATETIME)
FROM t WHERE a BETWEEN now() - INTERVAL id DAY AND now() + INTERVAL id + 1 MINUTE AND date(a) = CONVERT(b, DATE);

-- case: a column that is gone and has the name of a unit
-- expect: missing-object
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a datetime, b varchar(20));
-- draft
SELECT id FROM t WHERE year > 2020 AND b = 'x';
