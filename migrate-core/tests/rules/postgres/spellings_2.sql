-- case: index on only partitioned
-- expect: none
-- history
CREATE TABLE t (a int) PARTITION BY RANGE (a);
-- draft
CREATE INDEX i ON ONLY t (a);

-- case: index on partitioned
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (2);
-- draft
CREATE INDEX i ON t (a);

-- case: index on new renamed table
-- expect: none
CREATE TABLE n (a int);
ALTER TABLE n RENAME TO m;
CREATE INDEX i ON m (a);

-- case: index on table made with if not exists over existing
-- expect: create-index-not-concurrent
-- history
CREATE TABLE n (a int);
-- draft
CREATE TABLE IF NOT EXISTS n (a int);
CREATE INDEX i ON n (a);

-- case: drop index
-- expect: drop-index-not-concurrent
DROP INDEX i;

-- case: drop index concurrently cascade
-- expect: none
DROP INDEX CONCURRENTLY IF EXISTS i;

-- case: drop several index
-- expect: drop-index-not-concurrent
-- history
CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b);
-- draft
DROP INDEX i, j;

-- case: reindex
-- expect: reindex-not-concurrent
REINDEX TABLE t;

-- case: reindex parens concurrently
-- expect: none
REINDEX (CONCURRENTLY, VERBOSE) TABLE t;

-- case: reindex concurrently 11
-- expect: unsupported-in-version
-- since: 11
REINDEX INDEX CONCURRENTLY i;

-- case: vacuum full
-- expect: table-rewrite-command
VACUUM (FULL) t;

-- case: vacuum full false
-- expect: none
VACUUM (FULL false, ANALYZE) t;

-- case: vacuum full word
-- expect: table-rewrite-command
VACUUM FULL VERBOSE t;

-- case: vacuum plain
-- expect: none
VACUUM ANALYZE t;

-- case: refresh new
-- expect: none
CREATE MATERIALIZED VIEW mv AS SELECT 1 WITH NO DATA;
REFRESH MATERIALIZED VIEW mv;

-- case: attach with check
-- expect: none
-- history
CREATE TABLE t (a int NOT NULL) PARTITION BY RANGE (a); CREATE TABLE p (a int NOT NULL, CONSTRAINT c CHECK (a >= 1 AND a < 10));
-- draft
ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (1) TO (10);

-- case: attach new
-- expect: none
-- history
CREATE TABLE t (a int NOT NULL) PARTITION BY RANGE (a);
-- draft
CREATE TABLE p (LIKE t);
ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (1) TO (10);

-- case: detach
-- expect: detach-partition-not-concurrent
ALTER TABLE t DETACH PARTITION p;

-- case: detach concurrently
-- expect: none
-- since: 14
ALTER TABLE t DETACH PARTITION p CONCURRENTLY;

-- case: create partition
-- expect: create-partition-locks-parent
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);

-- case: truncate
-- expect: truncate-table
TRUNCATE ONLY t RESTART IDENTITY CASCADE;

-- case: truncate new
-- expect: none
CREATE TABLE n AS SELECT 1 AS a;
TRUNCATE TABLE n;

-- case: trigger
-- expect: create-trigger-lock
CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();

-- case: disable trigger all
-- expect: disable-trigger
ALTER TABLE t DISABLE TRIGGER ALL;

-- case: lock
-- expect: explicit-lock
LOCK TABLE t;

-- case: lock share mode
-- expect: explicit-lock
LOCK t IN SHARE MODE NOWAIT;

-- case: lock row exclusive
-- expect: none
LOCK TABLE t IN ROW EXCLUSIVE MODE;

-- case: lock access share
-- expect: none
LOCK TABLE t IN ACCESS SHARE MODE;

-- case: AE then data
-- expect: statement-while-holding-access-exclusive
ALTER TABLE a ADD COLUMN x int;
UPDATE b SET y = 1 WHERE id = 5;

-- case: tautology
-- expect: whole-table-write
DELETE FROM t WHERE 1 = 1;

-- case: in cte
-- expect: whole-table-write
WITH d AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM d;

-- case: where
-- expect: none
UPDATE t SET a = 1 WHERE id = 3;

-- case: rename column without keyword
-- expect: rename-column
ALTER TABLE t RENAME a TO b;

-- case: rename table
-- expect: rename-table
ALTER TABLE IF EXISTS ONLY t RENAME TO u;

-- case: rename table with view
-- expect: none
-- history
CREATE TABLE t (id int);
-- draft
ALTER TABLE t RENAME TO u;
CREATE VIEW t AS SELECT * FROM u;

-- case: rename view column
-- expect: rename-column
ALTER VIEW v RENAME COLUMN a TO b;

-- case: rename type
-- expect: rename-type
ALTER TYPE a RENAME TO b;

-- case: rename enum value
-- expect: rename-enum-value
ALTER TYPE a RENAME VALUE 'x' TO 'y';

-- case: drop unique index
-- expect: drop-unique
-- history
CREATE TABLE t (c int); CREATE UNIQUE INDEX u ON t (c);
-- draft
DROP INDEX CONCURRENTLY u;

-- case: revoke
-- expect: revoke-privilege
REVOKE INSERT ON t FROM app;

-- case: create rule
-- expect: create-rule
CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;

-- case: enum add value and use
-- expect: enum-add-value-in-transaction
-- since: 12
ALTER TYPE e ADD VALUE 'x';
UPDATE t SET s = 'x' WHERE id = 1;

-- case: enum add value 11 with others
-- expect: enum-add-value-in-transaction
-- since: 11
ALTER TYPE e ADD VALUE IF NOT EXISTS 'x' BEFORE 'y';
CREATE TABLE n (a int);

-- case: storage and compression of a new column
-- expect: none
-- since: 16
ALTER TABLE t ADD COLUMN a text STORAGE EXTERNAL COMPRESSION lz4 COLLATE "C" DEFAULT 'x' NOT NULL, ADD b jsonb compression pglz DEFAULT '{}'::jsonb;

-- case: the column of a storage is judged
-- expect: add-column-not-null-no-default
-- since: 16
ALTER TABLE t ADD COLUMN a text STORAGE EXTERNAL NOT NULL;

-- case: an operator class in an exclusion constraint
-- expect: add-exclusion-constraint
ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist ((int4range(b, b)) range_ops WITH OPERATOR(pg_catalog.&&));

-- case: operator classes, their order and a condition in an exclusion constraint
-- expect: add-exclusion-constraint
ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (r range_ops WITH &&, (int4range(b, b)) pg_catalog.range_ops WITH =) WHERE (b > 0);

-- case: an operator class in an exclusion constraint of a new table
-- expect: none
CREATE TABLE rooms (during tsrange, EXCLUDE USING gist (during range_ops WITH &&));

-- case: every table moves to another tablespace
-- expect: table-rewrite-option
ALTER TABLE ALL IN TABLESPACE pg_default OWNED BY postgres SET TABLESPACE fast NOWAIT;

-- case: every index moves to another tablespace
-- expect: table-rewrite-option
ALTER INDEX ALL IN TABLESPACE fast SET TABLESPACE pg_default;

-- case: every materialized view moves to another tablespace
-- expect: table-rewrite-option
ALTER MATERIALIZED VIEW ALL IN TABLESPACE fast SET TABLESPACE pg_default;

-- case: every table stays in its tablespace
-- expect: none
ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default;

-- case: a transaction that begins where one ends
-- expect: none
-- layout: sqlx
-- transaction: off
BEGIN;
ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;
COMMIT AND CHAIN;
ALTER TABLE t VALIDATE CONSTRAINT k;
COMMIT AND NO CHAIN;

-- case: the transaction that begins where one ends is one
-- expect: validate-same-transaction
-- layout: sqlx
-- transaction: off
BEGIN;
ALTER TABLE t ADD COLUMN k int;
COMMIT AND CHAIN;
ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT k;
COMMIT;

-- case: the transaction that begins where one ends never ends
-- expect: uncommitted-transaction
-- layout: sqlx
-- transaction: off
BEGIN;
ALTER TABLE t ADD COLUMN k int;
ROLLBACK AND CHAIN;
ALTER TABLE t ADD COLUMN l int;
