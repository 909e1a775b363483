-- case: a trigger that executes a function, as of 11
-- expect: create-trigger-lock, unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- draft
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();

-- case: a trigger that executes a procedure is as old as triggers
-- expect: create-trigger-lock
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- draft
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE PROCEDURE touch();

-- case: a procedure, as of 11
-- expect: unsupported-in-version
-- since: 10
CREATE OR REPLACE PROCEDURE tidy() LANGUAGE sql AS 'SELECT 1';

-- case: a procedure is called, as of 11
-- expect: unsupported-in-version
-- since: 10
-- history
CREATE PROCEDURE tidy() LANGUAGE sql AS 'SELECT 1';
-- draft
CALL tidy();

-- case: partitions by hash, as of 11
-- expect: unsupported-in-version
-- since: 10
CREATE TABLE t (id bigint NOT NULL) PARTITION BY HASH (id);

-- case: REINDEX (CONCURRENTLY), as of 14
-- expect: unsupported-in-version
-- since: 13
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
REINDEX (VERBOSE, CONCURRENTLY) TABLE t;

-- case: REINDEX TABLE CONCURRENTLY, as of 12
-- expect: none
-- since: 13
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
REINDEX (VERBOSE) TABLE CONCURRENTLY t;

-- case: multiranges, as of 14
-- expect: unsupported-in-version
-- since: 13
CREATE TABLE t (id bigint PRIMARY KEY, open tstzmultirange NOT NULL);

-- case: a column of a view is renamed, as of 13
-- expect: rename-column, unsupported-in-version
-- since: 12
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
ALTER VIEW v RENAME COLUMN id TO number;

-- case: a column of a view is renamed by ALTER TABLE
-- expect: rename-column
-- since: 12
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
ALTER TABLE v RENAME COLUMN id TO number;

-- case: uuidv7, as of 18
-- expect: unsupported-in-version
-- since: 17
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT pg_catalog.uuidv7());

-- case: uuidv7 of one's own
-- expect: none
-- since: 14
CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT uuidv7());

-- case: uuidv7 of another schema
-- expect: none
-- since: 14
-- history
CREATE SCHEMA extensions;
CREATE FUNCTION extensions.uuidv7() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
-- draft
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT extensions.uuidv7());

-- case: what one only speaks of
-- expect: none
-- since: 10
CREATE TABLE t (id bigint PRIMARY KEY, storage text, "hash" text, execute text, note text DEFAULT 'EXECUTE FUNCTION f()');
COMMENT ON TABLE t IS 'NULLS NOT DISTINCT';

-- case: a CHECK that is not enforced reads nothing
-- expect: none
-- since: 18
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ADD CONSTRAINT named CHECK (name <> '') NOT ENFORCED;

-- case: a CHECK that is not enforced proves nothing
-- expect: set-not-null-scan
-- since: 18
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name IS NOT NULL) NOT ENFORCED);
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;

-- case: the constraint that forbids NULL is dropped, as of 18
-- expect: drop-not-null (warning)
-- since: 18
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text, CONSTRAINT named NOT NULL name);
-- draft
ALTER TABLE t DROP CONSTRAINT named;

-- case: what the constraint forbade is not forbidden any more
-- expect: set-not-null-scan
-- since: 18
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text, CONSTRAINT named NOT NULL name);
ALTER TABLE t DROP CONSTRAINT named;
-- draft
ALTER TABLE t ALTER COLUMN name SET NOT NULL;
