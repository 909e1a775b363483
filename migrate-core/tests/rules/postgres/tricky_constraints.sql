-- case: a check by a domain cast
-- expect: add-check-validated
ALTER TABLE t ADD CHECK (a::text <> '') NO INHERIT;

-- case: two constraints, one validated
-- expect: add-check-validated
ALTER TABLE t ADD CONSTRAINT c1 CHECK (a > 0) NOT VALID, ADD CONSTRAINT c2 CHECK (b > 0);

-- case: a check on a table with the words in a comment
-- expect: add-check-validated
ALTER TABLE t ADD CONSTRAINT c1 CHECK (a > 0) /* NOT VALID */;

-- case: a column added with a table constraint beside it
-- expect: add-check-validated
ALTER TABLE t ADD COLUMN k int DEFAULT 1, ADD CONSTRAINT c1 CHECK (k > 0);

-- case: a foreign key on a column added beside it
-- expect: add-fk-validated
ALTER TABLE t ADD COLUMN p_id bigint, ADD CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p (id);

-- case: a foreign key to itself
-- expect: add-fk-validated
ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES t (id);

-- case: a foreign key from a new table
-- expect: fk-locks-parent
CREATE TABLE n (id bigint);
ALTER TABLE n ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES p (id) NOT VALID;

-- case: a composite foreign key
-- expect: add-fk-validated
-- history
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE t (a int, b int);
-- draft
ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES p MATCH FULL ON UPDATE CASCADE;

-- case: a foreign key of a partitioned table
-- expect: add-fk-validated
-- history
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint, d date) PARTITION BY RANGE (d);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- draft
ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES p;

-- case: unique nulls not distinct
-- expect: add-unique-constraint
-- since: 15
ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a);

-- case: unique with included columns
-- expect: add-unique-constraint
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) INCLUDE (b) DEFERRABLE;

-- case: unique of a column added beside it
-- expect: add-unique-constraint
ALTER TABLE t ADD COLUMN k int, ADD UNIQUE (k);

-- case: a primary key of two columns, one nullable
-- expect: add-primary-key
-- history
CREATE TABLE t (a int NOT NULL, b int);
-- draft
ALTER TABLE t ADD PRIMARY KEY (a, b);

-- case: a not null constraint dropped with its column
-- expect: drop-column
-- history
CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (a > b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a constraint of a dropped column is gone
-- expect: missing-object
-- phase: contract
-- history
CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (a > b));
-- draft
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP CONSTRAINT k;

-- case: a renamed constraint keeps its index
-- expect: object-exists
-- history
CREATE TABLE t (a int CONSTRAINT k UNIQUE);
ALTER TABLE t RENAME CONSTRAINT k TO l;
-- draft
CREATE INDEX CONCURRENTLY l ON t (a);

-- case: an index of a constraint cannot be dropped by itself
-- expect: drop-unique, needed-object
-- history
CREATE TABLE t (a int UNIQUE);
-- draft
DROP INDEX CONCURRENTLY t_a_key;

-- case: the name a server gives to a check
-- expect: none
-- history
CREATE TABLE t (a int CHECK (a > 0), CHECK (a < 10000));
-- draft
ALTER TABLE t DROP CONSTRAINT t_a_check;
ALTER TABLE t DROP CONSTRAINT t_a_check1;

-- case: the name a server gives to a check on two columns
-- expect: none
-- history
CREATE TABLE t (a int, b int, CHECK (a <> b + 1));
-- draft
ALTER TABLE t DROP CONSTRAINT t_check;

-- case: the name a server gives to a key of two columns
-- expect: drop-unique
-- history
CREATE TABLE t (a int, b int, UNIQUE (a, b));
-- draft
ALTER TABLE t DROP CONSTRAINT t_a_b_key;

-- case: the name a server gives to a foreign key
-- expect: drop-fk-locks-parent
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (p_id int REFERENCES p);
-- draft
ALTER TABLE t DROP CONSTRAINT t_p_id_fkey;

-- case: the name a server gives to an index
-- expect: none
-- history
CREATE TABLE t (a int, b int);
CREATE INDEX ON t (a, b);
CREATE INDEX ON t (a, b);
CREATE INDEX ON t (lower(a::text));
-- draft
ALTER INDEX t_a_b_idx RENAME TO one;
ALTER INDEX t_a_b_idx1 RENAME TO two;
ALTER INDEX t_lower_idx RENAME TO three;

-- case: a table takes the name of an index
-- expect: object-exists
-- history
CREATE TABLE t (a int);
CREATE INDEX k ON t (a);
-- draft
CREATE TABLE k (a int);

-- case: a view takes the name of a table
-- expect: object-exists
-- history
CREATE TABLE t (a int);
-- draft
CREATE VIEW t AS SELECT 1 AS a;

-- case: the sequence goes with its table
-- expect: drop-table
-- history
CREATE TABLE t (a serial);
-- draft
DROP TABLE t;
CREATE SEQUENCE t_a_seq;

-- case: an index goes with its table
-- expect: drop-table
-- history
CREATE TABLE t (a int);
CREATE INDEX k ON t (a);
-- draft
DROP TABLE t;
CREATE TABLE k (a int);

-- case: a view in the way of a drop
-- expect: drop-table
-- history
CREATE TABLE t (a int);
CREATE VIEW w AS SELECT 1 AS a;
-- draft
DROP TABLE t CASCADE;

-- case: concurrently, unique, included and partial
-- expect: none
CREATE UNIQUE INDEX CONCURRENTLY k ON ONLY public.t USING btree (a DESC NULLS LAST) INCLUDE (b) WITH (fillfactor = 70) WHERE a > 0;

-- case: an index without a name, concurrently
-- expect: unnamed-concurrent-index
CREATE INDEX CONCURRENTLY ON t (a);

-- case: drop two indexes concurrently
-- expect: drop-index-not-concurrent
DROP INDEX CONCURRENTLY k, l;

-- case: an index is renamed with its table's statement
-- expect: none
-- history
CREATE TABLE t (a int);
CREATE INDEX k ON t (a);
-- draft
ALTER TABLE k RENAME TO l;

-- case: statistics and storage
-- expect: none
ALTER TABLE t ALTER COLUMN a SET STATISTICS 100, ALTER COLUMN a SET (n_distinct = 5), ALTER COLUMN b SET STORAGE PLAIN;

-- case: replica identity and options
-- expect: none
ALTER TABLE t REPLICA IDENTITY FULL;

-- case: autovacuum options
-- expect: none
ALTER TABLE t SET (autovacuum_enabled = false, toast.autovacuum_enabled = false);

-- case: cluster on and without
-- expect: none
ALTER TABLE t SET WITHOUT CLUSTER;

-- case: a statement about statistics
-- expect: none
CREATE STATISTICS st ON a, b FROM t;

-- case: an extended comment
-- expect: none
COMMENT ON COLUMN t.a IS 'DROP TABLE t;';

-- case: lock in access share mode
-- expect: none
LOCK TABLE ONLY t IN ACCESS SHARE MODE NOWAIT;

-- case: lock of a new table
-- expect: none
CREATE TABLE n (id bigint);
LOCK TABLE n IN ACCESS EXCLUSIVE MODE;
