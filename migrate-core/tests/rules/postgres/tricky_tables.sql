-- case: two renames and a swap of names
-- expect: none
CREATE TABLE one (id bigint);
CREATE TABLE two (id bigint);
ALTER TABLE one RENAME TO tmp;
ALTER TABLE two RENAME TO one;
ALTER TABLE tmp RENAME TO two;
CREATE INDEX ON one (id);
CREATE INDEX ON two (id);

-- case: a new table takes the place of an old one
-- expect: create-index-not-concurrent, rename-table, statement-while-holding-access-exclusive
-- history
CREATE TABLE t (id bigint);
-- draft
CREATE TABLE t_new (id bigint);
ALTER TABLE t RENAME TO t_old;
ALTER TABLE t_new RENAME TO t;
CREATE INDEX t_id ON t (id);
CREATE INDEX t_old_id ON t_old (id);

-- case: an unlogged new table
-- expect: none
CREATE UNLOGGED TABLE n (id bigint);
ALTER TABLE n SET LOGGED;

-- case: create table as with no data
-- expect: none
CREATE TABLE n AS TABLE u WITH NO DATA;
ALTER TABLE n ADD COLUMN extra serial;

-- case: create table as if not exists over an old one
-- expect: add-column-serial
-- history
CREATE TABLE n (id bigint);
-- draft
CREATE TABLE IF NOT EXISTS n AS SELECT 1 AS id;
ALTER TABLE n ADD COLUMN extra serial;

-- case: select into with a CTE
-- expect: none
WITH x AS (SELECT 1 AS id) SELECT id INTO UNLOGGED n FROM x;
CREATE INDEX ON n (id);

-- case: a temporary table hides an old one
-- expect: none
-- history
CREATE TABLE t (id bigint);
-- draft
CREATE TEMP TABLE t (id bigint);
CREATE INDEX ON t (id);

-- case: the old one behind a temporary table
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id bigint);
-- draft
CREATE TEMP TABLE t (id bigint);
CREATE INDEX ON public.t (id);

-- case: names with dots are one name
-- expect: create-index-not-concurrent
CREATE TABLE "app.users" (id bigint);
CREATE INDEX ON users (id);

-- case: names with dots are found again
-- expect: none
CREATE TABLE "app.users" (id bigint);
CREATE INDEX ON "app.users" (id);

-- case: names with quotes are found again
-- expect: none
CREATE TABLE "a""b" (id bigint);
CREATE INDEX ON "a""b" (id);

-- case: unicode names are found again
-- expect: none
CREATE TABLE größe (id bigint, "Straße" text);
CREATE INDEX ON "größe" ("Straße");

-- case: ascii folds only
-- expect: none
CREATE TABLE N (ID bigint);
CREATE INDEX ON n (id);

-- case: unicode escapes
-- expect: none
CREATE TABLE U&"d\0061t" (id bigint);
CREATE INDEX ON dat (id);

-- case: comments in a name
-- expect: none
CREATE TABLE public /* here */ . /* there */ n (id bigint);
CREATE INDEX ON -- yes
  n /* no */ (id);

-- case: nested comments
-- expect: create-index-not-concurrent
CREATE INDEX /* a /* CONCURRENTLY */ b */ nested_i ON t (a);

-- case: a statement in a comment
-- expect: none
/* DROP TABLE t; */ -- DROP TABLE t;
SELECT 1;

-- case: a statement in a dollar string
-- expect: none
SELECT $a$ ; DROP TABLE t; $b$ $a$;

-- case: a statement in an escape string
-- expect: none
SELECT E'\'; DROP TABLE t; --';

-- case: a backslash is no escape in a plain string
-- expect: drop-table
SELECT '\';
DROP TABLE t; --';

-- case: inherited columns
-- expect: none
-- history
CREATE TABLE base (id bigint NOT NULL);
CREATE TABLE child (extra text) INHERITS (base);
-- draft
ALTER TABLE child ALTER COLUMN id SET NOT NULL;

-- case: a column added to a parent
-- expect: add-column-volatile-default
-- history
CREATE TABLE base (id bigint NOT NULL);
CREATE TABLE child (extra text) INHERITS (base);
-- draft
ALTER TABLE base ADD COLUMN token uuid DEFAULT gen_random_uuid();

-- case: a foreign table has no rows here
-- expect: none
CREATE FOREIGN TABLE remote (id bigint) SERVER elsewhere;
ALTER FOREIGN TABLE remote ADD COLUMN n int NOT NULL;

-- case: create schema authorization
-- expect: none
CREATE SCHEMA IF NOT EXISTS fresh;
CREATE TABLE fresh.n (id bigint);
CREATE INDEX ON fresh.n (id);

-- case: search_path with two schemas
-- expect: create-index-not-concurrent
-- history
CREATE SCHEMA app;
CREATE TABLE public.t (id bigint);
-- draft
SET search_path = app, public;
CREATE INDEX ON t (id);

-- case: a new table in the first schema hides the old one
-- expect: none
-- history
CREATE SCHEMA app;
CREATE TABLE public.t (id bigint);
-- draft
SET LOCAL search_path = app, public;
CREATE TABLE t (id bigint);
CREATE INDEX ON t (id);

-- case: search_path by set_config
-- expect: none
-- history
CREATE SCHEMA app;
-- draft
SELECT set_config('search_path', 'app', false);
CREATE TABLE t (id bigint);
CREATE INDEX ON app.t (id);

-- case: settings before a statement
-- expect: none
SET lock_timeout = '2s';
SET LOCAL statement_timeout TO '1min';
ALTER TABLE t ADD COLUMN extra int;
RESET lock_timeout;

-- case: drop and create again
-- expect: drop-table
DROP TABLE IF EXISTS t;
CREATE TABLE t (id bigint);
CREATE INDEX ON t (id);

-- case: drop of a table made here
-- expect: none
CREATE TABLE n (id bigint);
DROP TABLE n;

-- case: drop if exists of what never was
-- expect: none
-- history
CREATE TABLE t (id bigint);
-- draft
CREATE TABLE n (id bigint);
DROP TABLE IF EXISTS n;

-- case: truncate cascade
-- expect: truncate-table
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE TABLE k (t_id bigint REFERENCES t);
-- draft
TRUNCATE t RESTART IDENTITY CASCADE;

-- case: truncate of an old and a new one
-- expect: truncate-table
CREATE TABLE n (id bigint);
TRUNCATE TABLE n, ONLY t;

-- case: like does not make the old table new
-- expect: add-column-serial
CREATE TABLE n (LIKE t INCLUDING ALL);
ALTER TABLE t ADD COLUMN extra serial;

-- case: a partition made here of an old table
-- expect: create-partition-locks-parent
-- history
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
-- draft
CREATE TABLE events_x PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE INDEX ON events_x (id);

-- case: an index on the parent of old partitions
-- expect: create-index-not-concurrent
-- history
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_x PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- draft
CREATE INDEX IF NOT EXISTS events_id ON events USING btree (id);

-- case: a not null on a partitioned parent
-- expect: set-not-null-scan
-- history
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_x PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- draft
ALTER TABLE events ALTER COLUMN id SET NOT NULL;

-- case: a volatile default on a partitioned parent
-- expect: add-column-volatile-default
-- history
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_x PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- draft
ALTER TABLE events ADD COLUMN token uuid DEFAULT gen_random_uuid();

-- case: attach as default
-- expect: attach-partition-scan
-- history
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_x PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE rest (id bigint, at date);
-- draft
ALTER TABLE events ATTACH PARTITION rest DEFAULT;

-- case: attach with the bound written in another order
-- expect: none
-- history
CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE x (id bigint, at date NOT NULL, CHECK ('2026-01-01' <= at AND at < '2027-01-01'));
-- draft
ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: attach with a typed literal
-- expect: none
-- history
CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE x (id bigint, at date NOT NULL, CHECK (at >= DATE '2026-01-01' AND at < DATE '2027-01-01'));
-- draft
ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: attach with a cast literal
-- expect: none
-- history
CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE x (id bigint, at date NOT NULL, CHECK (at >= '2026-01-01'::date AND at < '2027-01-01'::date));
-- draft
ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: attach with a narrower check
-- expect: none
-- history
CREATE TABLE events (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE x (id int NOT NULL, CHECK (id >= 10 AND id < 20));
-- draft
ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM (0) TO (100);

-- case: attach with a check that is not valid
-- expect: attach-partition-scan
-- history
CREATE TABLE events (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE x (id int NOT NULL);
ALTER TABLE x ADD CONSTRAINT c CHECK (id >= 0 AND id < 10000) NOT VALID;
-- draft
ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM (0) TO (10000);

-- case: attach with BETWEEN
-- expect: none
-- history
CREATE TABLE events (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE x (id int NOT NULL, CHECK (id BETWEEN 1 AND 9999));
-- draft
ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM (0) TO (10000);

-- case: a CHECK of something else leaves the default partition to be read
-- expect: attach-partition-scan
-- history
CREATE TABLE t (a int NOT NULL, b int) PARTITION BY RANGE (a);
CREATE TABLE rest PARTITION OF t DEFAULT;
ALTER TABLE rest ADD CONSTRAINT other CHECK (b > 0);
-- draft
CREATE TABLE p (LIKE t);
ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (1) TO (10);

-- case: a partition is created beside a default one
-- expect: attach-partition-scan, create-partition-locks-parent
-- history
CREATE TABLE t (a int NOT NULL, b int) PARTITION BY RANGE (a);
CREATE TABLE rest PARTITION OF t DEFAULT;
-- draft
CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a partition is created beside a default one that excludes it
-- expect: create-partition-locks-parent
-- history
CREATE TABLE t (a int NOT NULL, b int) PARTITION BY RANGE (a);
CREATE TABLE rest PARTITION OF t DEFAULT;
ALTER TABLE rest ADD CONSTRAINT other CHECK (a < 1);
-- draft
CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a temporary view goes as it came
-- expect: none
-- history
CREATE TABLE t (a int); CREATE VIEW shown AS SELECT a FROM t;
-- draft
CREATE TEMP VIEW shown AS SELECT 1 AS a;
DROP VIEW shown;

-- case: behind a temporary view stands the other one
-- expect: drop-view
-- history
CREATE TABLE t (a int); CREATE VIEW shown AS SELECT a FROM t;
-- draft
CREATE TEMP VIEW shown AS SELECT 1 AS a;
DROP VIEW shown;
DROP VIEW shown;

-- case: what a rollback took back can be made again
-- expect: none
-- layout: sqlx
-- transaction: off
BEGIN;
SAVEPOINT one;
CREATE TABLE made (a int);
ROLLBACK TO SAVEPOINT one;
CREATE TABLE made (a bigint);
ROLLBACK;
CREATE TABLE made (a text);

-- case: a foreign key needs the table
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE p1 (id int PRIMARY KEY); CREATE TABLE c1 (id int PRIMARY KEY, p int REFERENCES p1);
-- draft
DROP TABLE p1;

-- case: the tables of a foreign key go together
-- expect: multiple-access-exclusive
-- phase: contract
-- history
CREATE TABLE p1 (id int PRIMARY KEY); CREATE TABLE c1 (id int PRIMARY KEY, p int REFERENCES p1);
-- draft
DROP TABLE p1, c1;

-- case: with CASCADE only the foreign key goes
-- expect: none
-- phase: contract
-- history
CREATE TABLE p2 (id int PRIMARY KEY); CREATE TABLE c2 (id int PRIMARY KEY, p int REFERENCES p2);
-- draft
DROP TABLE p2 CASCADE;

-- case: a view needs the table, and another view the view
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE t1 (id int); CREATE VIEW v1 AS SELECT id FROM t1; CREATE TABLE t2 (id int); CREATE VIEW v2 AS SELECT id FROM t2; CREATE VIEW v3 AS SELECT id FROM v2;
-- draft
DROP TABLE t1;

-- case: views go in their order
-- expect: none
-- phase: contract
-- history
CREATE TABLE t2 (id int); CREATE VIEW v2 AS SELECT id FROM t2; CREATE VIEW v3 AS SELECT id FROM v2;
-- draft
DROP VIEW v3, v2;
DROP TABLE t2;

-- case: a column needs its type
-- expect: needed-object
-- phase: contract
-- history
CREATE TYPE feeling AS ENUM ('a'); CREATE TABLE f1 (id int, f feeling[]);
-- draft
DROP TYPE feeling;

-- case: a type of the same name in another schema
-- expect: none
-- phase: contract
-- history
CREATE SCHEMA other; CREATE TYPE other.feeling AS ENUM ('a'); CREATE TYPE feeling AS ENUM ('a'); CREATE TABLE f1 (id int, f feeling);
-- draft
DROP TYPE other.feeling;
DROP SCHEMA other;

-- case: what is in a schema needs it
-- expect: needed-object
-- phase: contract
-- history
CREATE SCHEMA other; CREATE TABLE other.f1 (id int);
-- draft
DROP SCHEMA other;

-- case: a foreign key needs the key it refers to
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE p1 (id int CONSTRAINT p1_id PRIMARY KEY); CREATE TABLE c1 (id int PRIMARY KEY, p int REFERENCES p1);
-- draft
ALTER TABLE p1 DROP CONSTRAINT p1_id;
