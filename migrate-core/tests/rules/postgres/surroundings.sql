-- case: security invoker on 14
-- expect: unsupported-in-version
-- since: 14
CREATE VIEW v WITH (security_invoker = true) AS SELECT 1;

-- case: is distinct is no matter
-- expect: none
-- since: 13
CREATE INDEX CONCURRENTLY i ON t (a) WHERE a IS NOT DISTINCT FROM 1;

-- case: serial in new partition
-- expect: none
CREATE TABLE n (id serial) PARTITION BY RANGE (id);
CREATE TABLE n1 PARTITION OF n FOR VALUES FROM (1) TO (2);
CREATE INDEX ON n (id);

-- case: create table like existing
-- expect: none
CREATE TABLE n (LIKE t INCLUDING ALL);
CREATE INDEX ON n (id);

-- case: create schema with new table inside
-- expect: none
CREATE SCHEMA app CREATE TABLE n (id int) CREATE VIEW v AS SELECT id FROM n;
CREATE INDEX ON app.n (id);

-- case: search path
-- expect: none
SET search_path = app;
CREATE TABLE n (id int);
CREATE INDEX ON app.n (id);

-- case: search path other
-- expect: create-index-not-concurrent
SET search_path = app;
CREATE TABLE n (id int);
CREATE INDEX ON public.n (id);

-- case: set schema of new table
-- expect: none
CREATE TABLE n (id int);
ALTER TABLE n SET SCHEMA app;
CREATE INDEX ON app.n (id);

-- case: set schema of new then public
-- expect: create-index-not-concurrent
-- history
CREATE TABLE app.n (id int);
-- draft
CREATE TABLE n (id int);
CREATE INDEX ON app.n (id);

-- case: set_config search path
-- expect: none
SELECT pg_catalog.set_config('search_path', 'app', false);
CREATE TABLE n (id int);
CREATE INDEX ON app.n (id);

-- case: do body with perform set and alter
-- expect: add-column-not-null-no-default
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'c') THEN
    ALTER TABLE t ADD COLUMN c int NOT NULL;
  END IF;
END $$;

-- case: do body with index
-- expect: create-index-not-concurrent
DO LANGUAGE plpgsql $body$
DECLARE x int;
BEGIN
  CREATE INDEX i ON t (a);
EXCEPTION WHEN duplicate_table THEN NULL;
END
$body$;

-- case: do body whole update in loop
-- expect: whole-table-write
DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM t LOOP DELETE FROM u; END LOOP; END $$;

-- case: do body string that looks like sql
-- expect: none
DO $$ BEGIN RAISE NOTICE 'DROP TABLE users;'; END $$;

-- case: do in single quotes
-- expect: drop-table
DO 'BEGIN DROP TABLE users; END';

-- case: do concurrent index
-- expect: concurrently-in-transaction
DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (a); END $$;

-- case: do execute format
-- expect: opaque-dynamic-sql
DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD c int', 't'); END $$;

-- case: function body is not run
-- expect: none
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$;

-- case: function with dynamic not run
-- expect: none
CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'x'; END $$;

-- case: select 1 comment at start
-- expect: drop-table
/* nested /* comment */ still */ DROP TABLE t;

-- case: dollar in names
-- expect: none
CREATE TABLE t$1 (a$b int);
CREATE INDEX ON t$1 (a$b);

-- case: E string with quote
-- expect: none
INSERT INTO t (a) VALUES (E'it\'s; DROP TABLE x');

-- case: rename to old name chain
-- expect: none
CREATE TABLE a1 (id int);
ALTER TABLE a1 RENAME TO b1;
ALTER TABLE b1 RENAME TO c1;
ALTER TABLE c1 ADD COLUMN z serial, ADD CONSTRAINT k CHECK (z > 0), ALTER z SET NOT NULL;

-- case: ctas then many
-- expect: none
CREATE TABLE c2 AS SELECT * FROM t WITH DATA;
ALTER TABLE c2 ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX ON c2 (x);
ALTER TABLE c2 ALTER x TYPE bigint;
DROP TABLE c2;

-- case: temp table
-- expect: none
CREATE TEMP TABLE tmp (a int);
CREATE INDEX ON tmp (a);
UPDATE tmp SET a = 1;
DROP TABLE tmp;

-- case: drop table made in history
-- expect: drop-table
-- history
CREATE TABLE n (a int);
-- draft
DROP TABLE n;

-- case: drop then create same
-- expect: drop-table
DROP TABLE n;
CREATE TABLE n (a int);
CREATE INDEX ON n (a);

-- case: delete with false
-- expect: none
DELETE FROM t WHERE false;

-- case: update with id = id
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE id = id;

-- case: update or true
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE id = 5 OR true;

-- case: update not false
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE NOT false;

-- case: update is not null of not null column
-- expect: whole-table-write
-- history
CREATE TABLE t (id int NOT NULL, a int);
-- draft
UPDATE t SET a = 1 WHERE id IS NOT NULL;

-- case: update from
-- expect: whole-table-write
UPDATE t SET a = u.a FROM u;

-- case: update from join
-- expect: none
UPDATE t SET a = u.a FROM u WHERE u.id = t.id;

-- case: delete using
-- expect: none
DELETE FROM t USING u WHERE t.id = u.id;

-- case: insert select all
-- expect: none
INSERT INTO n SELECT * FROM t;

-- case: update only
-- expect: whole-table-write
UPDATE ONLY public."T" AS x SET a = 2;

-- case: merge
-- expect: none
-- since: 15
MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = 1;

-- case: cte update with where
-- expect: none
WITH d AS (UPDATE t SET a = 1 WHERE id = 1 RETURNING *) SELECT * FROM d;

-- case: drop column cascade view
-- expect: drop-column
-- history
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;
-- draft
ALTER TABLE t DROP COLUMN a CASCADE;

-- case: alter column add identity
-- expect: none
-- history
CREATE TABLE t (id bigint NOT NULL);
-- draft
ALTER TABLE t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;

-- case: drop identity
-- expect: drop-default
-- history
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY);
-- draft
ALTER TABLE t ALTER COLUMN id DROP IDENTITY;

-- case: set default
-- expect: none
ALTER TABLE t ALTER c SET DEFAULT random();

-- case: set default null on not null column
-- expect: drop-default
-- history
CREATE TABLE t (c int NOT NULL DEFAULT 3);
-- draft
ALTER TABLE t ALTER c SET DEFAULT NULL;

-- case: set expression
-- expect: add-column-generated-stored
-- since: 17
-- history
CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a) STORED);
-- draft
ALTER TABLE t ALTER c SET EXPRESSION AS (a + 1);

-- case: not null constraint 18
-- expect: none
-- since: 18
ALTER TABLE t ADD CONSTRAINT nn NOT NULL c NOT VALID;

-- case: validate nn then set not null 18
-- expect: none
-- since: 18
-- phase: contract
-- history
CREATE TABLE t (c int); ALTER TABLE t ADD CONSTRAINT nn NOT NULL c NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT nn;
-- draft
ALTER TABLE t ALTER c SET NOT NULL;

-- case: domain set not null
-- expect: alter-domain-add-constraint
ALTER DOMAIN d SET NOT NULL;

-- case: alter type add attribute
-- expect: none
ALTER TYPE comp ADD ATTRIBUTE x int;

-- case: force rls
-- expect: enable-rls
ALTER TABLE t FORCE ROW LEVEL SECURITY;

-- case: rls on new
-- expect: none
CREATE TABLE n (a int);
ALTER TABLE n ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON n USING (true);

-- case: drop trigger
-- expect: create-trigger-lock
DROP TRIGGER IF EXISTS tr ON t;

-- case: drop rule
-- expect: none
DROP RULE r ON t;

-- case: drop function trigger only
-- expect: none
-- history
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- draft
DROP FUNCTION f();

-- case: drop function
-- expect: drop-function
DROP FUNCTION IF EXISTS app.f(int, text);

-- case: drop procedure
-- expect: drop-function
DROP PROCEDURE p;

-- case: drop routine
-- expect: drop-function
DROP ROUTINE p;

-- case: drop view mat
-- expect: drop-view
DROP MATERIALIZED VIEW IF EXISTS mv;

-- case: drop schema
-- expect: drop-schema
DROP SCHEMA app CASCADE;

-- case: drop owned
-- expect: opaque-statement
DROP OWNED BY bob;

-- case: rename matview
-- expect: rename-view
ALTER MATERIALIZED VIEW m RENAME TO n;

-- case: alter table rename of view
-- expect: rename-table
ALTER TABLE v RENAME TO w;

-- case: set schema of view
-- expect: set-schema
ALTER VIEW v SET SCHEMA s;

-- case: rename table then view with column list
-- expect: none
-- history
CREATE TABLE t (id int, a int);
-- draft
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT id, a FROM u;

-- case: rename table then partial view
-- expect: rename-table
-- history
CREATE TABLE t (id int, a int);
-- draft
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT id FROM u;

-- case: rename table then view with group
-- expect: rename-table
-- history
CREATE TABLE t (id int, a int);
-- draft
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT DISTINCT id, a FROM u;

-- case: rename table and view autocommit
-- expect: rename-table
-- transaction: off
-- history
CREATE TABLE t (id int);
-- draft
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT * FROM u;

-- case: rename column with view swap
-- expect: none
-- history
CREATE TABLE t (id int, a int);
-- draft
ALTER TABLE t RENAME COLUMN a TO b;
ALTER TABLE t RENAME TO t_base;
CREATE VIEW t AS SELECT id, b AS a, b FROM t_base;

-- case: many actions
-- expect: add-check-validated, add-column-not-null-no-default, alter-column-type-rewrite, drop-column
ALTER TABLE "public"."t"
  ADD COLUMN ok int,
  DROP COLUMN "old",
  ADD COLUMN bad int NOT NULL,
  ALTER COLUMN x TYPE bigint USING x::bigint,
  ADD CONSTRAINT c CHECK (x > 0),
  VALIDATE CONSTRAINT d,
  SET (autovacuum_enabled = off);

-- case: alter foreign table
-- expect: none
ALTER FOREIGN TABLE ft ADD COLUMN c int NOT NULL;

-- case: create table if not exists with fk
-- expect: fk-locks-parent
CREATE TABLE IF NOT EXISTS n (u bigint REFERENCES users (id));

-- case: inherit
-- expect: none
ALTER TABLE t INHERIT p;

-- case: unlogged create
-- expect: none
CREATE UNLOGGED TABLE n (a int);

-- case: copy
-- expect: none
COPY t FROM '/tmp/x.csv';

-- case: prepared
-- expect: opaque-statement
EXECUTE plan(1);

-- case: call
-- expect: none
CALL do_things();

-- case: alter system
-- expect: none
ALTER SYSTEM SET work_mem = '1GB';

-- case: if not exists differing table
-- expect: if-not-exists-masks-drift
-- history
CREATE TABLE n (a int);
-- draft
CREATE TABLE IF NOT EXISTS n (a int, b int);

-- case: if not exists same table
-- expect: none
-- history
CREATE TABLE n (a int);
-- draft
CREATE TABLE IF NOT EXISTS n (a int);

-- case: if not exists column other type
-- expect: if-not-exists-masks-drift
-- history
CREATE TABLE n (a int);
-- draft
ALTER TABLE n ADD COLUMN IF NOT EXISTS a text;

-- case: if not exists index other columns
-- expect: if-not-exists-masks-drift
-- history
CREATE TABLE n (a int, b int); CREATE INDEX i ON n (a);
-- draft
CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON n (b);

-- case: index if not exists same
-- expect: none
-- history
CREATE TABLE n (a int, b int); CREATE INDEX i ON n (a);
-- draft
CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON n (a);

-- case: column missing
-- expect: missing-object
-- history
CREATE TABLE n (a int);
-- draft
ALTER TABLE n ALTER COLUMN b SET DEFAULT 1;

-- case: column exists
-- expect: object-exists
-- history
CREATE TABLE n (a int);
-- draft
ALTER TABLE n ADD COLUMN a int;

-- case: fk type mismatch
-- expect: fk-locks-parent, type-mismatch
-- history
CREATE TABLE p (id uuid PRIMARY KEY);
-- draft
CREATE TABLE n (a bigint REFERENCES p (id));
