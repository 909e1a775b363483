-- case: a tautology of numbers
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE 2 > 1;

-- case: a tautology of strings
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE 'x' = 'x';

-- case: a tautology in parentheses
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE ((true));

-- case: a tautology by is true
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE true IS TRUE;

-- case: a tautology behind a cast
-- expect: whole-table-write
DELETE FROM t WHERE 't'::boolean;

-- case: a tautology and another
-- expect: whole-table-write
DELETE FROM t WHERE true AND 1 = 1;

-- case: delete using
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int);
-- draft
DELETE FROM t USING u WHERE t.id = u.id AND u.id < 10;

-- case: update from without a condition
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int);
-- draft
UPDATE t SET a = u.id FROM u;

-- case: a merge
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int);
-- draft
MERGE INTO t USING (SELECT id FROM u WHERE id < 5) AS s ON s.id = t.id WHEN MATCHED THEN UPDATE SET a = 0 WHEN NOT MATCHED THEN INSERT VALUES (s.id, 1);

-- case: upsert of one row
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
INSERT INTO t VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET a = excluded.a;

-- case: a write in the second CTE
-- expect: whole-table-write
WITH x AS (SELECT 1), y AS (DELETE FROM t) SELECT * FROM x;

-- case: a write in a CTE of a CTE
-- expect: none
WITH x AS (UPDATE t SET a = 1 WHERE id = 3 RETURNING id) UPDATE u SET id = 1 WHERE id IN (SELECT id FROM x);

-- case: a write in explain
-- expect: whole-table-write
EXPLAIN ANALYZE UPDATE t SET a = 1;

-- case: explain writes nothing
-- expect: none
EXPLAIN UPDATE t SET a = 1;

-- case: a prepared write
-- expect: none
PREPARE k AS UPDATE t SET a = 1;
DEALLOCATE k;

-- case: a write in a loop over all rows of a DO
-- expect: whole-table-write
DO $$ DECLARE n int; BEGIN LOOP UPDATE t SET a = 1; GET DIAGNOSTICS n = ROW_COUNT; EXIT WHEN n > 0; END LOOP; END $$;

-- case: a write in an exception block
-- expect: whole-table-write
DO $$ BEGIN BEGIN DELETE FROM t; EXCEPTION WHEN others THEN NULL; END; END $$ LANGUAGE plpgsql;

-- case: a DO with the language first and nested quotes
-- expect: whole-table-write
DO LANGUAGE plpgsql 'BEGIN UPDATE t SET a = 1; END';

-- case: execute with a format
-- expect: opaque-dynamic-sql
DO $do$ BEGIN EXECUTE format($f$ UPDATE %I SET a = 1 $f$, 't'); END $do$;

-- case: a copy from a program is not judged
-- expect: none
INSERT INTO t SELECT g + 5000 FROM generate_series(1, 10) g;

-- case: insert from another table while holding
-- expect: statement-while-holding-access-exclusive
ALTER TABLE t ADD COLUMN k int;
INSERT INTO t (id) SELECT id + 5000 FROM u;

-- case: an index on a new table while holding
-- expect: none
ALTER TABLE t ADD COLUMN k int;
CREATE TABLE n (id bigint);
CREATE INDEX ON n (id);

-- case: a select while holding
-- expect: none
ALTER TABLE t ADD COLUMN k int;
SELECT 1;

-- case: two columns of one table in two statements
-- expect: none
ALTER TABLE t ADD COLUMN k int;
ALTER TABLE t ADD COLUMN l int;
COMMENT ON COLUMN t.k IS 'x';

-- case: a view is replaced beside an ALTER
-- expect: none
ALTER TABLE t ADD COLUMN k int;
CREATE OR REPLACE VIEW w AS SELECT 1 AS a;

-- case: a savepoint
-- expect: transaction-control
SAVEPOINT one;
ALTER TABLE t ADD COLUMN k int;
RELEASE SAVEPOINT one;

-- case: set role and session
-- expect: none
SET ROLE NONE;
ALTER TABLE t ADD COLUMN k int;

-- case: notify
-- expect: none
NOTIFY k, 'x';

-- case: refresh of a view made here
-- expect: none
CREATE MATERIALIZED VIEW n AS SELECT 1 AS a WITH NO DATA;
REFRESH MATERIALIZED VIEW n;

-- case: a policy and its table
-- expect: none
CREATE POLICY k ON t FOR SELECT USING (id > 0);

-- case: force row security
-- expect: none
ALTER TABLE t NO FORCE ROW LEVEL SECURITY;

-- case: vacuum analyze alone
-- expect: none
VACUUM (ANALYZE, FULL 0) t;

-- case: reindex with more options
-- expect: none
REINDEX (VERBOSE true, CONCURRENTLY true) TABLE t;

-- case: alter system is understood or said to be not
-- expect: none
ALTER TABLE t ALTER COLUMN a SET DEFAULT random();

-- case: a default dropped of a nullable column
-- expect: drop-default
-- history
CREATE TABLE t (a int DEFAULT 3);
-- draft
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;

-- case: add and drop a default
-- expect: none
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD COLUMN k int DEFAULT 1 NOT NULL;
ALTER TABLE t ALTER COLUMN k SET DEFAULT 2;
