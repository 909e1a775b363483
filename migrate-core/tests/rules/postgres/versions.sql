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

-- case: statistics of an expression, before it was there
-- expect: unsupported-in-version
-- since: 13
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE STATISTICS s ON id, (lower(name)) FROM t;

-- case: statistics of an expression, as of 14
-- expect: none
-- since: 14
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE STATISTICS s ON id, (lower(name)) FROM t;

-- case: an OUT parameter of a procedure, before it was there
-- expect: unsupported-in-version
-- since: 13
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE OR REPLACE PROCEDURE p(a integer, OUT b integer) LANGUAGE sql AS 'SELECT 1';

-- case: an OUT parameter of a procedure, as of 14
-- expect: none
-- since: 14
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE OR REPLACE PROCEDURE p(a integer, OUT b integer) LANGUAGE sql AS 'SELECT 1';

-- case: a publication with a condition, before it was there
-- expect: unsupported-in-version
-- since: 14
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE PUBLICATION p FOR TABLE t WHERE (id > 5);

-- case: a publication with a condition, as of 15
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE PUBLICATION p FOR TABLE t WHERE (id > 5);

-- case: a key of a partitioned table, before it was there
-- expect: unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE TABLE n (id bigint, CONSTRAINT one UNIQUE (id)) PARTITION BY RANGE (id);

-- case: a key of a partitioned table, as of 11
-- expect: none
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE TABLE n (id bigint, CONSTRAINT one UNIQUE (id)) PARTITION BY RANGE (id);

-- case: an index of a partitioned table, before it was there
-- expect: create-index-not-concurrent, unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
CREATE INDEX n_id ON n (id);

-- case: an index of a partitioned table, as of 11
-- expect: create-index-not-concurrent
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
CREATE INDEX n_id ON n (id);

-- case: a foreign key of a partitioned table, before it was there
-- expect: add-fk-validated, unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
ALTER TABLE n ADD CONSTRAINT to_t FOREIGN KEY (id) REFERENCES t;

-- case: a foreign key of a partitioned table, as of 11
-- expect: add-fk-validated
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
ALTER TABLE n ADD CONSTRAINT to_t FOREIGN KEY (id) REFERENCES t;

-- case: a trigger for the rows of a partitioned table, before it was there
-- expect: create-trigger-lock, unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
CREATE TRIGGER touched AFTER UPDATE ON n FOR EACH ROW EXECUTE PROCEDURE touch();

-- case: a trigger for the rows of a partitioned table, as of 11
-- expect: create-trigger-lock
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
CREATE TRIGGER touched AFTER UPDATE ON n FOR EACH ROW EXECUTE PROCEDURE touch();

-- case: a trigger before the rows of a partitioned table, before it was there
-- expect: create-trigger-lock, unsupported-in-version
-- since: 12
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
CREATE TRIGGER touched BEFORE UPDATE ON n FOR EACH ROW EXECUTE FUNCTION touch();

-- case: a trigger before the rows of a partitioned table, as of 13
-- expect: create-trigger-lock
-- since: 13
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE n (id bigint) PARTITION BY RANGE (id);
-- draft
CREATE TRIGGER touched BEFORE UPDATE ON n FOR EACH ROW EXECUTE FUNCTION touch();

-- case: statistics of an index, before it was there
-- expect: unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE INDEX t_lower ON t (lower(name));
-- draft
ALTER INDEX t_lower ALTER COLUMN 1 SET STATISTICS 100;

-- case: statistics of an index, as of 11
-- expect: none
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE INDEX t_lower ON t (lower(name));
-- draft
ALTER INDEX t_lower ALTER COLUMN 1 SET STATISTICS 100;

-- case: an option of VACUUM, before it was there
-- expect: unsupported-in-version
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
VACUUM (INDEX_CLEANUP false) t;

-- case: an option of VACUUM, as of 12
-- expect: none
-- since: 12
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
VACUUM (INDEX_CLEANUP false) t;

-- case: VACUUM of several tables, before it was there
-- expect: unsupported-in-version
-- since: 10
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint);
-- draft
VACUUM t, u;

-- case: VACUUM of several tables, as of 11
-- expect: none
-- since: 11
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint);
-- draft
VACUUM t, u;

-- case: the default storage, before it was there
-- expect: unsupported-in-version
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ALTER COLUMN name SET STORAGE DEFAULT;

-- case: the default storage, as of 16
-- expect: none
-- since: 16
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ALTER COLUMN name SET STORAGE DEFAULT;

-- case: what MERGE returns, before it was there
-- expect: unsupported-in-version
-- since: 16
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint);
-- draft
MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING t.id;

-- case: what MERGE returns, as of 17
-- expect: none
-- since: 17
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
CREATE TABLE u (id bigint);
-- draft
MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING t.id;

-- case: what an UPDATE returns of the old row, before it was there
-- expect: unsupported-in-version
-- since: 17
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
UPDATE t SET name = 'x' WHERE id = 1 RETURNING old.name;

-- case: what an UPDATE returns of the old row, as of 18
-- expect: none
-- since: 18
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
UPDATE t SET name = 'x' WHERE id = 1 RETURNING old.name;

-- case: CLUSTER with options, before it was there
-- expect: table-rewrite-command, unsupported-in-version
-- since: 13
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CLUSTER (VERBOSE) t USING t_pkey;

-- case: CLUSTER with options, as of 14
-- expect: table-rewrite-command
-- since: 14
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CLUSTER (VERBOSE) t USING t_pkey;

-- case: a number in groups, before it was there
-- expect: unsupported-in-version
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ADD COLUMN n integer DEFAULT 1_000_000;

-- case: a number in groups, as of 16
-- expect: none
-- since: 16
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ADD COLUMN n integer DEFAULT 1_000_000;

-- case: a function whose body is a RETURN, before 14
-- expect: unsupported-in-version
-- since: 13
CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1;

-- case: a function that returns in a text, before 14
-- expect: none
-- since: 13
CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';

-- case: a field of a jsonb in brackets, before 14
-- expect: unsupported-in-version
-- since: 13
-- history
CREATE TABLE held (id bigint PRIMARY KEY, data jsonb, tags text[]);
-- draft
UPDATE held SET data['a'] = '1' WHERE id = 3;

-- case: an array and an element of one, before 14
-- expect: none
-- since: 13
-- history
CREATE TABLE held (id bigint PRIMARY KEY, data jsonb, tags text[]);
-- draft
UPDATE held SET tags[1] = 'a' WHERE tags = ARRAY['a'] AND id = 3;

-- case: functions of newer servers
-- expect: unsupported-in-version
-- since: 13
CREATE VIEW sums AS SELECT bit_count('\x12'::bytea) AS bits;
