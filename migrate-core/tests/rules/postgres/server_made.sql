-- case: an index of a partition goes with the one of the whole table that the server made it for
-- expect: needed-object
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX e_at ON e (at);
-- draft
DROP INDEX e_1_at_idx;

-- case: a partition that comes later gets the index too
-- expect: needed-object
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX e_at ON e (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
DROP INDEX e_1_at_idx;

-- case: a table that is attached gets the index too
-- expect: needed-object
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX e_at ON e (at);
CREATE TABLE e_1 (id int, at date NOT NULL);
ALTER TABLE e ATTACH PARTITION e_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- draft
DROP INDEX e_1_at_idx;

-- case: the name that the server gave the index of a partition is taken
-- expect: object-exists
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX e_at ON e (at);
-- draft
CREATE INDEX CONCURRENTLY e_1_at_idx ON e_1 (at);

-- case: an index on ONLY the whole table makes none, and the partition's own becomes its part
-- expect: none
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX e_at ON ONLY e (at);
-- draft
CREATE INDEX CONCURRENTLY e_1_at_idx ON e_1 (at);
-- draft
ALTER INDEX e_at ATTACH PARTITION e_1_at_idx;

-- case: an index that was a part of one is nobody's once its table is no partition
-- expect: none
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX own ON e_1 (at);
CREATE INDEX e_at ON e (at);
ALTER TABLE e DETACH PARTITION e_1;
-- draft
DROP INDEX CONCURRENTLY own;

-- case: what is left of an index on a partition that was attached is no difference
-- expect: create-index-not-concurrent
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX e_at ON e (at);
CREATE TABLE e_1 (id int, at date NOT NULL, CONSTRAINT b CHECK (at >= '2024-01-01' AND at < '2025-01-01'));
-- draft
ALTER TABLE e ATTACH PARTITION e_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- down
ALTER TABLE e DETACH PARTITION e_1;

-- case: a table that is attached has the index already
-- expect: none
-- history
CREATE TABLE e (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX e_at ON e (at);
CREATE TABLE e_1 (id int, at date NOT NULL, PRIMARY KEY (id, at), CONSTRAINT b CHECK (at >= '2024-01-01' AND at < '2025-01-01'));
CREATE INDEX own ON e_1 (at);
-- draft
ALTER TABLE e ATTACH PARTITION e_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- case: a table that is attached gets the key of the whole table
-- expect: create-index-not-concurrent
-- history
CREATE TABLE e (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE e_1 (id int NOT NULL, at date NOT NULL, CONSTRAINT b CHECK (at >= '2024-01-01' AND at < '2025-01-01'));
CREATE UNIQUE INDEX own ON e_1 (id, at);
-- draft
ALTER TABLE e ATTACH PARTITION e_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- case: an index is built over a new table that nobody uses
-- expect: none
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX e_at ON e (at);
-- draft
CREATE TABLE e_1 (id int, at date NOT NULL);
ALTER TABLE e ATTACH PARTITION e_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- case: the parts go with the index and come back with it
-- expect: create-index-not-concurrent (warning)
-- phase: contract
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX e_at ON e (at);
-- draft
DROP INDEX e_at;
-- down
CREATE INDEX e_at ON e (at);

-- case: an index follows the one it is a part of to its new name
-- expect: needed-object
-- history
CREATE TABLE e (id int, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX e_at ON e (at);
ALTER INDEX e_at RENAME TO e_moment;
-- draft
DROP INDEX e_1_at_idx;

-- case: the indexes of a table that is like another one are nobody's
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b text UNIQUE);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_low ON t (lower(b), a) INCLUDE (id);
-- draft
CREATE TABLE u (LIKE t INCLUDING INDEXES);
DROP INDEX u_a_idx;
DROP INDEX u_lower_a_id_idx;
ALTER TABLE u DROP CONSTRAINT u_b_key;
ALTER INDEX u_pkey RENAME TO u_key;

-- case: a table that is like another one has its key
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
CREATE TABLE u (LIKE t INCLUDING ALL);
ALTER TABLE u ADD PRIMARY KEY (id);

-- case: a table that is like another one without its indexes has no key
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
CREATE TABLE u (LIKE t INCLUDING ALL EXCLUDING INDEXES);
ALTER TABLE u ADD PRIMARY KEY (id);

-- case: what is included is in the name that the server gives
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE INDEX ON t (a) INCLUDE (b);
-- draft
CREATE INDEX CONCURRENTLY t_a_idx ON t (a);
-- draft
DROP INDEX CONCURRENTLY t_a_b_idx;

-- case: an index went with its column
-- expect: missing-object
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE INDEX t_a ON t (b, a);
ALTER TABLE t DROP COLUMN a;
-- draft
DROP INDEX CONCURRENTLY t_a;

-- case: an index went with a column that its condition names
-- expect: missing-object
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE INDEX t_b ON t (b) WHERE a IS NOT NULL;
ALTER TABLE t DROP COLUMN a;
-- draft
DROP INDEX CONCURRENTLY t_b;

-- case: an index whose column another cast is called after stays, as far as anybody knows
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, int8 int);
CREATE INDEX t_a ON t ((a::int8));
ALTER TABLE t DROP COLUMN int8;
-- draft
DROP INDEX CONCURRENTLY t_a;

-- case: an index went with its table
-- expect: missing-object
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE INDEX t_a ON t (a);
DROP TABLE t;
-- draft
DROP INDEX CONCURRENTLY t_a;

-- case: an index went with its constraint
-- expect: missing-object
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT t_once UNIQUE);
ALTER TABLE t DROP CONSTRAINT t_once;
-- draft
DROP INDEX CONCURRENTLY t_once;

-- case: an index of that name was made anew
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE INDEX t_a ON t (a);
DROP TABLE t;
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE INDEX t_a ON t (a);
-- draft
DROP INDEX CONCURRENTLY t_a;

-- case: a down that drops what went with the table
-- expect: missing-object
-- draft
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE INDEX t_a ON t (a);
-- down
DROP TABLE t;
DROP INDEX t_a;
