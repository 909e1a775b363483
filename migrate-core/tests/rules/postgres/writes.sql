-- case: update without where
-- expect: whole-table-write
UPDATE t SET a = 1;

-- case: update only
-- expect: whole-table-write
UPDATE ONLY public.t AS x SET a = 1;

-- case: update with where
-- expect: none
UPDATE t SET a = 1 WHERE id = 7;

-- case: where true
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE true;

-- case: where 1 = 1
-- expect: whole-table-write
DELETE FROM t WHERE 1=1;

-- case: where tautology under or
-- expect: whole-table-write
DELETE FROM t WHERE id = 3 OR (1 = 1);

-- case: where and true keeps the condition
-- expect: none
DELETE FROM t WHERE id = 3 AND true;

-- case: where not false
-- expect: whole-table-write
DELETE FROM t WHERE NOT false;

-- case: where null or not null
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE b IS NULL OR b IS NOT NULL;

-- case: where the key is not null
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 1 WHERE id IS NOT NULL;

-- case: where a nullable column is not null
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- draft
UPDATE t SET a = 1 WHERE b IS NOT NULL;

-- case: where a column equals itself
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 1 WHERE id = id;

-- case: where in all of the table
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t);

-- case: where in a part of the table
-- expect: none
UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t LIMIT 10);

-- case: where false
-- expect: none
DELETE FROM t WHERE 1 = 0;

-- case: update in a CTE
-- expect: whole-table-write
WITH x AS (UPDATE t SET a = 1 RETURNING id) SELECT count(*) FROM x;

-- case: delete in a CTE of an insert
-- expect: whole-table-write
WITH x AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM x;

-- case: update in a DO body
-- expect: whole-table-write
DO $$ BEGIN UPDATE t SET a = 1; END $$;

-- case: update in a DO body with a tag and a condition
-- expect: whole-table-write
DO $body$
BEGIN
  IF EXISTS (SELECT 1 FROM t) THEN
    DELETE FROM t;
  END IF;
END
$body$;

-- case: narrow update in a DO loop
-- expect: none
DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM t LOOP UPDATE t SET a = 1 WHERE id = r.id; END LOOP; END $$;

-- case: ddl in a DO body
-- expect: drop-column
DO $$ BEGIN ALTER TABLE t DROP COLUMN a; END $$;

-- case: execute in a DO body
-- expect: opaque-dynamic-sql
DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$;

-- case: execute in a loop
-- expect: opaque-dynamic-sql
DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT 1' LOOP NULL; END LOOP; END $$;

-- case: the word execute in a string
-- expect: none
DO $$ BEGIN RAISE NOTICE 'EXECUTE this'; END $$;

-- case: execute function is no dynamic SQL
-- expect: create-trigger-lock
DO $$ BEGIN CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); END $$;

-- case: a function body is not run
-- expect: none
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET a = 1; EXECUTE 'x'; END $$;

-- case: backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=t key=id
UPDATE t SET a = 1;

-- case: migrate without backfill
-- expect: whole-table-write
-- phase: migrate
UPDATE t SET a = 1;

-- case: new table
-- expect: none
CREATE TABLE n AS SELECT 1 AS a;
UPDATE n SET a = 2;

-- case: insert select
-- expect: none
INSERT INTO t SELECT * FROM u;

-- case: lock
-- expect: explicit-lock
LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE;

-- case: lock without mode
-- expect: explicit-lock
LOCK t;

-- case: weak lock
-- expect: none
LOCK TABLE t IN ROW SHARE MODE;

-- case: two tables
-- expect: multiple-access-exclusive
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;

-- case: the same table twice
-- expect: none
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE public.a ADD COLUMN y int;

-- case: a new table beside
-- expect: none
CREATE TABLE n (a int);
ALTER TABLE n ADD COLUMN b int;
ALTER TABLE a ADD COLUMN x int;

-- case: write while holding
-- expect: statement-while-holding-access-exclusive
ALTER TABLE a ADD COLUMN x int;
UPDATE b SET y = 1 WHERE id < 10;

-- case: a row of values while holding
-- expect: none
ALTER TABLE a ADD COLUMN x int;
INSERT INTO settings VALUES (1);

-- case: write before
-- expect: none
UPDATE b SET y = 1 WHERE id < 10;
ALTER TABLE a ADD COLUMN x int;

-- case: validate while holding
-- expect: statement-while-holding-access-exclusive
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE a VALIDATE CONSTRAINT c;

-- case: begin without commit
-- expect: uncommitted-transaction
-- layout: sqlx
BEGIN;
ALTER TABLE a ADD COLUMN x int;

-- case: commit in a file
-- expect: uncommitted-transaction
-- layout: sqlx
ALTER TABLE a ADD COLUMN x int;
COMMIT;

-- case: begin and commit around the whole
-- expect: none
-- layout: sqlx
BEGIN;
ALTER TABLE a ADD COLUMN x int;
COMMIT;

-- case: silent things
-- expect: none
COMMENT ON TABLE t IS 'x';
ANALYZE t;
SET lock_timeout = '1s';
GRANT SELECT ON t TO bob;
CREATE EXTENSION IF NOT EXISTS pgcrypto;

-- case: rows without a value in a column that the file adds are all rows
-- expect: whole-table-write, statement-while-holding-access-exclusive
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
ALTER TABLE held ADD COLUMN size int;
UPDATE held SET size = 0 WHERE size IS NULL;

-- case: rows without a value in a new column, or with another one, are all rows
-- expect: whole-table-write, statement-while-holding-access-exclusive
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
ALTER TABLE held ADD COLUMN size int;
UPDATE held SET size = 1 WHERE (size IS NULL OR size = 0) AND true;

-- case: rows without a value in a column that has a default
-- expect: statement-while-holding-access-exclusive
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
ALTER TABLE held ADD COLUMN size int DEFAULT 4;
UPDATE held SET size = 0 WHERE size IS NULL;

-- case: rows that were left without a value in a new column
-- expect: statement-while-holding-access-exclusive
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
ALTER TABLE held ADD COLUMN size int;
UPDATE held SET size = 1 WHERE id = 3;
UPDATE held SET size = 0 WHERE size IS NULL;

-- case: rows without a value in a column that was there
-- expect: none
-- history
CREATE TABLE held (id bigint PRIMARY KEY, size int);
-- draft
UPDATE held SET size = 0 WHERE size IS NULL;

-- case: a condition that is a query from nowhere
-- expect: whole-table-write
-- history
CREATE TABLE held (id bigint PRIMARY KEY, size int);
-- draft
DELETE FROM held WHERE (SELECT true);

-- case: a condition that is a query from nowhere and leaves out
-- expect: none
-- history
CREATE TABLE held (id bigint PRIMARY KEY, size int);
-- draft
DELETE FROM held WHERE (SELECT true WHERE 1 = 2);

-- case: an error that is allowed says nothing of the lock before it
-- expect: statement-while-holding-access-exclusive
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text); CREATE TABLE tiny (id bigint PRIMARY KEY, body text);
-- draft
ALTER TABLE held ADD COLUMN size int;
-- migrate:allow create-index-not-concurrent "a dozen rows"
CREATE INDEX tiny_body ON tiny (body);

-- case: a condition that begins with a truth
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a text);
-- draft
UPDATE t SET a = 'x' WHERE coalesce(true, false);

-- case: a condition that begins with a column
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a text, b boolean);
-- draft
UPDATE t SET a = 'x' WHERE coalesce(a = 'y', false);
