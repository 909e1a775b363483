-- case: create index
-- expect: create-index-not-concurrent
CREATE INDEX i ON t (a);

-- case: create unique index with a comment
-- expect: create-index-not-concurrent
CREATE /* CONCURRENTLY */ UNIQUE INDEX i ON t (a);

-- case: concurrently
-- expect: none
CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);

-- case: concurrently with a session setting
-- expect: none
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY i ON t (a);

-- case: an index called concurrently
-- expect: create-index-not-concurrent
CREATE INDEX "concurrently" ON t (a);

-- case: concurrently between BEGIN and COMMIT
-- expect: concurrently-in-transaction
-- layout: sqlx
-- transaction: off
BEGIN;
CREATE INDEX CONCURRENTLY i ON t (a);
COMMIT;

-- case: concurrently beside others in the native layout
-- expect: mixed-transaction
CREATE INDEX CONCURRENTLY i ON t (a);
COMMENT ON TABLE t IS 'x';

-- case: concurrently without transaction
-- expect: none
-- transaction: off
CREATE INDEX CONCURRENTLY i ON t (a);
CREATE INDEX CONCURRENTLY j ON t (b);

-- case: partitioned parent
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (a int, d date) PARTITION BY RANGE (d);
CREATE TABLE t_2026 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- draft
CREATE INDEX i ON t (a);

-- case: on only a partitioned parent
-- expect: none
-- history
CREATE TABLE t (a int, d date) PARTITION BY RANGE (d);
-- draft
CREATE INDEX i ON ONLY t (a);

-- case: on only a plain table
-- expect: create-index-not-concurrent
-- history
CREATE TABLE t (a int);
-- draft
CREATE INDEX i ON ONLY t (a);

-- case: concurrently on a partitioned parent
-- expect: concurrently-on-partitioned
-- history
CREATE TABLE t (a int, d date) PARTITION BY RANGE (d);
-- draft
CREATE INDEX CONCURRENTLY i ON t (a);

-- case: attach index
-- expect: none
ALTER INDEX i ATTACH PARTITION j;

-- case: drop index
-- expect: drop-index-not-concurrent
DROP INDEX IF EXISTS app.i CASCADE;

-- case: drop index concurrently
-- expect: none
DROP INDEX CONCURRENTLY i;

-- case: drop unique index
-- expect: drop-index-not-concurrent, drop-unique
-- history
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t (a);
-- draft
DROP INDEX i;

-- case: drop unique index concurrently
-- expect: drop-unique
-- history
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t (a);
-- draft
DROP INDEX CONCURRENTLY i;

-- case: drop unique index in contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t (a);
-- draft
DROP INDEX CONCURRENTLY i;

-- case: reindex
-- expect: reindex-not-concurrent
REINDEX INDEX i;

-- case: reindex database
-- expect: reindex-not-concurrent
REINDEX (VERBOSE) DATABASE d;

-- case: reindex concurrently in parentheses
-- expect: none
REINDEX (CONCURRENTLY) TABLE t;

-- case: reindex concurrently false
-- expect: reindex-not-concurrent
REINDEX (CONCURRENTLY false) TABLE t;

-- case: reindex concurrently before 12
-- expect: unsupported-in-version
-- since: 11
REINDEX TABLE CONCURRENTLY t;

-- case: rename index
-- expect: none
ALTER INDEX i RENAME TO j;

-- case: refresh
-- expect: refresh-matview-blocking
REFRESH MATERIALIZED VIEW m;

-- case: refresh concurrently
-- expect: none
REFRESH MATERIALIZED VIEW CONCURRENTLY m;

-- case: cluster
-- expect: table-rewrite-command
CLUSTER t USING i;

-- case: cluster all
-- expect: table-rewrite-command
CLUSTER;

-- case: vacuum full
-- expect: table-rewrite-command
VACUUM FULL t;

-- case: vacuum full in parentheses
-- expect: table-rewrite-command
VACUUM (ANALYZE, FULL) t;

-- case: vacuum full false
-- expect: none
VACUUM (FULL false) t;

-- case: vacuum full off
-- expect: none
VACUUM (FULL off, ANALYZE) t;

-- case: cluster on is a note
-- expect: none
ALTER TABLE t CLUSTER ON i;

-- case: unlogged
-- expect: table-rewrite-option
ALTER TABLE t SET UNLOGGED;

-- case: tablespace
-- expect: table-rewrite-option
ALTER TABLE t SET TABLESPACE fast;

-- case: access method
-- expect: table-rewrite-option
-- since: 15
ALTER TABLE t SET ACCESS METHOD columnar;

-- case: options
-- expect: none
ALTER TABLE t SET (fillfactor = 70), ALTER a SET STATISTICS 500, OWNER TO bob;

-- case: attach without proof
-- expect: attach-partition-scan
ALTER TABLE t ATTACH PARTITION c FOR VALUES IN (1);

-- case: attach with proof
-- expect: none
-- history
CREATE TABLE t (a int) PARTITION BY LIST (a);
CREATE TABLE c (a int, CHECK (a IS NOT NULL AND a = 1));
-- draft
ALTER TABLE t ATTACH PARTITION c FOR VALUES IN (1);

-- case: attach with a proof that is too wide
-- expect: attach-partition-scan
-- history
CREATE TABLE t (a int) PARTITION BY LIST (a);
CREATE TABLE c (a int, CHECK (a IS NOT NULL AND a IN (1, 2)));
-- draft
ALTER TABLE t ATTACH PARTITION c FOR VALUES IN (1);

-- case: attach with a proof that lets NULL in
-- expect: attach-partition-scan
-- history
CREATE TABLE t (a int) PARTITION BY LIST (a);
CREATE TABLE c (a int, CHECK (a = 1));
-- draft
ALTER TABLE t ATTACH PARTITION c FOR VALUES IN (1);

-- case: attach a new table
-- expect: none
CREATE TABLE c (LIKE t);
ALTER TABLE t ATTACH PARTITION c FOR VALUES IN (1);

-- case: attach beside a default partition
-- expect: attach-partition-scan
-- history
CREATE TABLE t (a int) PARTITION BY LIST (a);
CREATE TABLE d PARTITION OF t DEFAULT;
-- draft
CREATE TABLE c (LIKE t);
ALTER TABLE t ATTACH PARTITION c FOR VALUES IN (1);

-- case: detach
-- expect: detach-partition-not-concurrent
ALTER TABLE t DETACH PARTITION c;

-- case: detach concurrently
-- expect: none
-- since: 14
ALTER TABLE t DETACH PARTITION c CONCURRENTLY;

-- case: partition of
-- expect: create-partition-locks-parent
CREATE TABLE c PARTITION OF t FOR VALUES IN (1);

-- case: index exists and differs
-- expect: if-not-exists-masks-drift
-- history
CREATE TABLE t (a int, b int);
CREATE INDEX i ON t (a);
-- draft
CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (b);
