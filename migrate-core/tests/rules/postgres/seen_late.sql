-- case: a body makes the table that it indexes
-- expect: none
-- draft
DO $$ BEGIN
  CREATE TABLE IF NOT EXISTS fresh (id bigint PRIMARY KEY, note text);
  CREATE INDEX ON fresh (note);
  ALTER TABLE fresh RENAME TO staged;
  CREATE INDEX ON staged (id, note);
END $$;

-- case: a body fills and empties a temporary table
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
DO $$ BEGIN
  CREATE TEMP TABLE w AS SELECT 1 AS id;
  UPDATE w SET id = 2;
  DELETE FROM w;
  DROP TABLE w;
END $$;

-- case: a body that makes one table and indexes another
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
DO $$ BEGIN
  CREATE TABLE fresh (id bigint PRIMARY KEY);
  CREATE INDEX ON t (name);
END $$;

-- case: a body makes a table where it is missing, which it is not
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
DO $$ BEGIN
  IF to_regclass('t') IS NULL THEN CREATE TABLE t (id bigint PRIMARY KEY, name text); END IF;
  CREATE INDEX ON t (name);
END $$;

-- case: an attribute of a type gets another name
-- expect: rename-column
-- history
CREATE TYPE address AS (street text, zip text);
-- draft
ALTER TYPE address RENAME ATTRIBUTE zip TO postcode;

-- case: an attribute of a type is dropped
-- expect: drop-column
-- history
CREATE TYPE address AS (street text, zip text);
-- draft
ALTER TYPE address ADD ATTRIBUTE city text, DROP ATTRIBUTE IF EXISTS zip;

-- case: an attribute is added to a type
-- expect: none
-- history
CREATE TYPE address AS (street text, zip text);
-- draft
ALTER TYPE address ADD ATTRIBUTE city text;

-- case: an attribute of a new type is dropped
-- expect: none
-- draft
CREATE TYPE address AS (street text, zip text);
ALTER TYPE address DROP ATTRIBUTE zip;
ALTER TYPE address RENAME ATTRIBUTE street TO road;

-- case: an extension is dropped
-- expect: drop-function
-- draft
DROP EXTENSION IF EXISTS citext;

-- case: an extension is made anew
-- expect: none
-- draft
DROP EXTENSION IF EXISTS citext;
CREATE EXTENSION citext;

-- case: rows are copied while a table is held
-- expect: statement-while-holding-access-exclusive
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a integer;
CREATE TABLE kept AS SELECT id FROM u;

-- case: a materialized view is filled while a table is held
-- expect: statement-while-holding-access-exclusive
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a integer;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM u;

-- case: nothing is copied while a table is held
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a integer;
CREATE TABLE kept AS SELECT id FROM u WITH NO DATA;
CREATE TABLE one AS SELECT 1 AS id;
CREATE MATERIALIZED VIEW shown AS SELECT id FROM u WITH NO DATA;

-- case: a table with the view of its name in another schema
-- expect: rename-table
-- history
CREATE SCHEMA app;
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t RENAME TO u;
CREATE VIEW app.t AS SELECT * FROM u;

-- case: a table with a temporary view of its name
-- expect: rename-table
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t RENAME TO u;
CREATE TEMP VIEW t AS SELECT * FROM u;

-- case: a table of a schema with the view of its name there
-- expect: none
-- history
CREATE SCHEMA app;
CREATE TABLE app.t (id bigint PRIMARY KEY, name text);
-- draft
SET search_path = app;
ALTER TABLE app.t RENAME TO u;
CREATE VIEW t AS SELECT * FROM u;

-- case: the default collation is the one that a column has
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name varchar(20));
CREATE INDEX t_name ON t (name);
-- draft
ALTER TABLE t ALTER COLUMN name TYPE varchar(40) COLLATE "default";

-- case: an extension computes the same for each row
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
CREATE EXTENSION IF NOT EXISTS pgcrypto;
ALTER TABLE t ADD COLUMN sum bytea DEFAULT public.digest('a'::text, 'sha256');

-- case: an extension computes another one for each row
-- expect: add-column-volatile-default
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
CREATE EXTENSION IF NOT EXISTS pgcrypto;
ALTER TABLE t ADD COLUMN salt text DEFAULT gen_salt('bf');

-- case: the rows of two queries are a new table
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint PRIMARY KEY);
-- draft
SELECT id INTO ids FROM t UNION SELECT id FROM u EXCEPT SELECT 0;
ALTER TABLE ids ALTER COLUMN id SET NOT NULL;
ALTER TABLE ids ADD PRIMARY KEY (id);

-- case: an index of the parent alone, before there was one
-- expect: unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint, day date) PARTITION BY RANGE (day);
-- draft
CREATE INDEX t_id ON ONLY t (id);

-- case: a foreign key to a partitioned table, before there was one
-- expect: fk-locks-parent, unsupported-in-version
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
-- draft
CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint REFERENCES t (id));

-- case: a default partition, before there was one
-- expect: unsupported-in-version
-- since: 10
-- draft
CREATE TABLE t (id bigint, day date) PARTITION BY RANGE (day);
CREATE TABLE t_rest PARTITION OF t DEFAULT;

-- case: VACUUM within a transaction of the file
-- layout: plain
-- transaction: off
-- expect: refused-statement
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
BEGIN;
VACUUM t;
COMMIT;

-- case: a default that the transaction gives back
-- expect: none
-- history
CREATE TABLE t (id bigserial PRIMARY KEY, level integer NOT NULL DEFAULT 1);
-- draft
ALTER TABLE t ALTER COLUMN id DROP DEFAULT;
ALTER TABLE t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
ALTER TABLE t ALTER COLUMN level DROP DEFAULT;
ALTER TABLE public.t ALTER COLUMN level SET DEFAULT 2;

-- case: a default that another transaction gives back
-- transaction: off
-- expect: drop-default
-- history
CREATE TABLE t (id bigint PRIMARY KEY, level integer NOT NULL DEFAULT 1);
-- draft
ALTER TABLE t ALTER COLUMN level DROP DEFAULT;
ALTER TABLE t ALTER COLUMN level SET DEFAULT 2;

-- case: the text of a new value in a table without the enum
-- expect: none
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TYPE mood ADD VALUE 'angry';
UPDATE t SET name = 'angry' WHERE id = 1;
DELETE FROM t WHERE name = 'angry';
CREATE VIEW v AS SELECT id FROM t WHERE name <> 'angry';
CREATE TABLE u (name text DEFAULT 'angry');

-- case: the text of a new value is read as one
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id bigint PRIMARY KEY, feels mood);
-- draft
ALTER TYPE mood ADD VALUE 'angry';
CREATE VIEW v AS SELECT id FROM t WHERE feels <> 'angry';

-- case: a new value is cast to its type
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TYPE mood ADD VALUE 'angry';
UPDATE t SET name = 'angry'::mood::text WHERE id = 1;

-- case: a domain over an enum holds the new value
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN feeling AS mood;
CREATE TABLE t (id bigint PRIMARY KEY, feels feeling);
-- draft
ALTER TYPE mood ADD VALUE 'angry';
DELETE FROM t WHERE feels = 'angry';

-- case: a body that is read when it runs names a new value
-- expect: none
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- draft
ALTER TYPE mood ADD VALUE 'angry';
CREATE FUNCTION is_angry(m mood) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN m = 'angry'; END $$;

-- case: a body that is read at once names a new value
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- draft
ALTER TYPE mood ADD VALUE 'angry';
CREATE FUNCTION is_angry(m mood) RETURNS boolean LANGUAGE sql AS $$ SELECT m = 'angry' $$;

-- case: a constraint under the server's name is validated at once
-- expect: validate-same-transaction
-- history
CREATE TABLE t (id bigint PRIMARY KEY, level integer);
-- draft
ALTER TABLE t ADD CHECK (level > 0) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT t_level_check;

-- case: a column with a foreign key is dropped
-- phase: contract
-- expect: drop-fk-locks-parent
-- history
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, p_id bigint REFERENCES p, level integer);
-- draft
ALTER TABLE t DROP COLUMN p_id;

-- case: a body in a string with escapes
-- expect: truncate-table
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
DO E'BEGIN\n  TRUNCATE t;\nEND';

-- case: SET SCHEMA is the search path
-- expect: create-index-not-concurrent
-- history
CREATE SCHEMA app;
CREATE TABLE app.t (id bigint PRIMARY KEY, name text);
-- draft
CREATE TABLE t (id bigint PRIMARY KEY, name text);
SET SCHEMA 'app';
CREATE INDEX t_name ON t (name);

-- case: NOT VALID says nothing of a table without rows
-- phase: contract
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID);
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: LIKE brings a CHECK along
-- phase: contract
-- expect: none
-- history
CREATE TABLE origin (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name IS NOT NULL));
CREATE TABLE t (LIKE origin INCLUDING ALL EXCLUDING INDEXES);
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: LIKE leaves a CHECK behind
-- phase: contract
-- expect: set-not-null-scan
-- history
CREATE TABLE origin (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name IS NOT NULL));
CREATE TABLE t (LIKE origin INCLUDING ALL EXCLUDING CONSTRAINTS);
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: row security is on already
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE t NO FORCE ROW LEVEL SECURITY;
-- draft
ALTER TABLE t ENABLE ROW LEVEL SECURITY;

-- case: row security is forced on the owner too
-- expect: enable-rls
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- draft
ALTER TABLE t FORCE ROW LEVEL SECURITY;

-- case: row security was off again
-- expect: enable-rls
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t DISABLE ROW LEVEL SECURITY;
-- draft
ALTER TABLE t ENABLE ROW LEVEL SECURITY;

-- case: USING names the column with its table
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ALTER COLUMN name TYPE varchar USING t.name;

-- case: USING ends with the cast that happens anyway
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN name TYPE text USING name::varchar(50)::text;

-- case: USING cuts before the cast that happens anyway
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name varchar(20));
-- draft
ALTER TABLE t ALTER COLUMN name TYPE text USING name::varchar(5)::text;

-- case: a view that is made again under another spelling
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP VIEW public.v;
CREATE VIEW v AS SELECT id, name FROM t;

-- case: a view of the old name shows the renamed one
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE VIEW v AS SELECT id FROM t;
-- draft
ALTER VIEW v RENAME TO w;
CREATE VIEW v AS SELECT * FROM w;

-- case: a view of the old name shows less than the renamed one
-- expect: rename-view
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE VIEW v AS SELECT id, name FROM t;
-- draft
ALTER VIEW v RENAME TO w;
CREATE VIEW v AS SELECT id FROM w;

-- case: a domain brings the default of a NOT NULL column
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE DOMAIN flag AS boolean DEFAULT false;
-- draft
ALTER TABLE t ADD COLUMN marked flag NOT NULL;

-- case: a column gives up the default of its domain
-- expect: add-column-not-null-no-default
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE DOMAIN flag AS boolean DEFAULT false;
-- draft
ALTER TABLE t ADD COLUMN marked flag NOT NULL DEFAULT NULL;

-- case: a body validates what it adds
-- expect: validate-same-transaction
-- history
CREATE TABLE t (id bigint PRIMARY KEY, level integer);
-- draft
DO $$ BEGIN
  ALTER TABLE t ADD CONSTRAINT positive CHECK (level > 0) NOT VALID;
  ALTER TABLE t VALIDATE CONSTRAINT positive;
END $$;

-- case: what a body adds is validated behind it
-- expect: validate-same-transaction
-- history
CREATE TABLE t (id bigint PRIMARY KEY, level integer);
-- draft
DO $$ BEGIN
  ALTER TABLE t ADD CONSTRAINT positive CHECK (level > 0) NOT VALID;
END $$;
ALTER TABLE t VALIDATE CONSTRAINT positive;

-- case: what a body locks stays locked
-- expect: statement-while-holding-access-exclusive
-- history
CREATE TABLE t (id bigint PRIMARY KEY, level integer);
CREATE TABLE u (id bigint PRIMARY KEY, level integer);
-- draft
DO $$ BEGIN ALTER TABLE t ADD COLUMN note text; END $$;
UPDATE u SET level = 1 WHERE id < 1000;

-- case: SET LOCAL ends with its transaction
-- layout: plain
-- transaction: off
-- since: 14
-- expect: alter-column-type-rewrite, create-index-not-concurrent
-- history
CREATE SCHEMA app;
CREATE TABLE t (id bigint PRIMARY KEY, name text, at timestamp);
-- draft
BEGIN;
SET LOCAL search_path = app;
SET LOCAL timezone = 'UTC';
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE INDEX t_name ON t (name);
COMMIT;
CREATE INDEX t_name ON t (name);
ALTER TABLE t ALTER COLUMN at TYPE timestamptz;

-- case: a table gets its name back
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t RENAME TO u;
ALTER TABLE u RENAME TO t;

-- case: a table gets another name twice
-- expect: rename-table
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t RENAME TO u;
ALTER TABLE u RENAME TO v;

-- case: a list that takes NULL needs no NOT NULL
-- expect: none
-- history
CREATE TABLE t (code text, n integer) PARTITION BY LIST (code);
CREATE TABLE t_us (code text, n integer, CHECK (code = 'us'));
-- draft
ALTER TABLE t ATTACH PARTITION t_us FOR VALUES IN ('us', NULL);

-- case: nobody has a privilege on what is new
-- expect: none
-- history
CREATE SCHEMA app;
-- draft
CREATE SCHEMA inner_circle;
REVOKE ALL ON SCHEMA inner_circle FROM PUBLIC;
CREATE TABLE app.t (id bigint PRIMARY KEY);
REVOKE ALL ON app.t FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA inner_circle FROM PUBLIC;

-- case: somebody may have a privilege on a schema
-- expect: revoke-privilege
-- history
CREATE SCHEMA app;
-- draft
REVOKE ALL ON SCHEMA app FROM PUBLIC;

-- case: a CHECK of the parent alone proves nothing of its children
-- phase: contract
-- expect: set-not-null-scan
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (note text) INHERITS (t);
ALTER TABLE t ADD CONSTRAINT named CHECK (name IS NOT NULL) NO INHERIT;
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: a CHECK of the parent alone, who has no children
-- phase: contract
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name IS NOT NULL) NO INHERIT);
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: a CHECK of the parent proves it of its children
-- phase: contract
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (note text) INHERITS (t);
ALTER TABLE t ADD CONSTRAINT named CHECK (name IS NOT NULL);
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: a proof that was taken back
-- layout: plain
-- transaction: off
-- phase: contract
-- expect: set-not-null-scan
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
ALTER TABLE t ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID;
-- draft
BEGIN;
ALTER TABLE t VALIDATE CONSTRAINT named;
ROLLBACK;
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: a table that was taken back
-- layout: plain
-- transaction: off
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
BEGIN;
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT * FROM u;
ROLLBACK;
CREATE INDEX t_name ON t (name);

-- case: an identity column is NOT NULL
-- expect: drop-not-null, refused-statement
-- history
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, name text);
-- draft
ALTER TABLE t ALTER COLUMN id DROP NOT NULL;

-- case: what was an identity column need not be NOT NULL
-- expect: drop-not-null
-- history
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, name text);
ALTER TABLE t ALTER COLUMN id DROP IDENTITY;
-- draft
ALTER TABLE t ALTER COLUMN id DROP NOT NULL;
