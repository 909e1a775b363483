-- Cases: what makes an object another one than it was, and what two spellings have in common.

-- case: an index comes back without what it included
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX i ON t (a) INCLUDE (b);
-- draft
DROP INDEX CONCURRENTLY i;
-- down
CREATE INDEX CONCURRENTLY i ON t (a);

-- case: an index comes back with what it included
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX i ON t (a) INCLUDE (b);
-- draft
DROP INDEX CONCURRENTLY i;
-- down
CREATE INDEX CONCURRENTLY i ON public.t USING btree (a) INCLUDE ("b");

-- case: an index comes back by another method
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX i ON t USING hash (a);
-- draft
DROP INDEX CONCURRENTLY i;
-- down
CREATE INDEX CONCURRENTLY i ON t (a);

-- case: a unique index comes back that takes several NULLs
-- expect: down-not-inverse, drop-unique
-- since: 15
-- history
CREATE TABLE t (id int PRIMARY KEY, a int); CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT;
-- draft
DROP INDEX CONCURRENTLY i;
-- down
CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);

-- case: a domain comes back over another type
-- expect: down-not-inverse, drop-type
-- history
CREATE DOMAIN nick AS varchar(30);
-- draft
DROP DOMAIN nick;
-- down
CREATE DOMAIN nick AS varchar(40);

-- case: a domain comes back in other words
-- expect: drop-type
-- history
CREATE DOMAIN nick AS varchar(30) DEFAULT 'x';
-- draft
DROP DOMAIN nick;
-- down
CREATE DOMAIN public.nick AS character varying(30) DEFAULT 'x'::character varying;

-- case: two indexes without names
-- expect: none
CREATE TABLE t (a int);
CREATE INDEX ON t (a);
CREATE INDEX ON t (a);
DROP INDEX t_a_idx1;

-- case: a part of an index is dropped by itself
-- expect: needed-object
-- history
CREATE TABLE p (id bigint NOT NULL, k text) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
CREATE INDEX p_k ON ONLY p (k); CREATE INDEX p1_k ON p1 (k); ALTER INDEX p_k ATTACH PARTITION p1_k;
-- draft
DROP INDEX p1_k;

-- case: NOT NULL is said twice of a column that is added
-- expect: none
-- history
CREATE TABLE t (id bigint);
-- draft
ALTER TABLE t ADD COLUMN a int DEFAULT 5 NOT NULL, ALTER COLUMN a SET NOT NULL;

-- case: NOT NULL of a column that is added without it
-- expect: set-not-null-scan
-- history
CREATE TABLE t (id bigint);
-- draft
ALTER TABLE t ADD COLUMN a int DEFAULT 5, ALTER COLUMN a SET NOT NULL;

-- case: statistics of a call, on 13
-- expect: unsupported-in-version
-- since: 13
-- history
CREATE TABLE t (a text, b int);
-- draft
CREATE STATISTICS s ON lower(a), b FROM t;

-- case: statistics of a call, on 14
-- expect: none
-- since: 14
-- history
CREATE TABLE t (a text, b int);
-- draft
CREATE STATISTICS s ON lower(a), b FROM t;

-- case: kinds of statistics stand in parentheses on 13 as well
-- expect: none
-- since: 13
-- history
CREATE TABLE t (a text, b int);
-- draft
CREATE STATISTICS s (ndistinct, mcv) ON a, b FROM t;

-- case: the types of a table that a query fills
-- expect: none
-- history
CREATE TABLE t (id bigint, a varchar(30), b text);
CREATE TABLE kept AS SELECT t.a, b AS what FROM t;
-- draft
ALTER TABLE kept ALTER a TYPE varchar(60), ALTER what TYPE varchar;

-- case: the types of a table that a query fills, by other names
-- expect: alter-column-type-rewrite
-- history
CREATE TABLE t (id int, a varchar(30));
CREATE TABLE kept (one, two) AS SELECT id, a FROM t;
-- draft
ALTER TABLE kept ALTER two TYPE varchar(60), ALTER one TYPE bigint;

-- case: a column that the query does not give
-- expect: missing-object
-- history
CREATE TABLE t (id int, a varchar(30));
SELECT id AS key INTO kept FROM t;
-- draft
CREATE INDEX CONCURRENTLY kept_a ON kept (a);

-- case: all columns of the tables that a query joins
-- expect: missing-object
-- history
CREATE TABLE t (id int); CREATE TABLE u (t int, b text);
CREATE TABLE kept AS SELECT t.*, u.b FROM t JOIN u ON u.t = t.id;
-- draft
ALTER TABLE kept ALTER b SET DEFAULT 'x', ALTER id SET DEFAULT 1, ALTER t SET DEFAULT 1;

-- case: columns of a query that nobody knows
-- expect: none
-- history
CREATE TABLE t (id int);
CREATE TABLE kept AS SELECT *, count(*) OVER (), 1 + 1 FROM (SELECT id AS key, 2 AS n FROM t) s;
-- draft
ALTER TABLE kept ALTER n SET DEFAULT 1, ALTER key SET DEFAULT 1;

-- case: what a table of a query demands is not demanded of the copy
-- expect: set-not-null-scan
-- history
CREATE TABLE t (id int NOT NULL);
CREATE TABLE kept AS SELECT id FROM t;
-- draft
ALTER TABLE kept ALTER id SET NOT NULL;

-- case: a privilege is taken from a role of the same file
-- expect: none
-- history
CREATE TABLE t (id int);
-- draft
CREATE ROLE told_apart_once NOLOGIN;
GRANT SELECT ON t TO told_apart_once;
REVOKE SELECT ON t FROM told_apart_once;
DROP ROLE told_apart_once;

-- case: a privilege is taken from others as well
-- expect: revoke-privilege
-- history
CREATE TABLE t (id int);
-- draft
CREATE ROLE told_apart_once NOLOGIN;
REVOKE SELECT ON t FROM told_apart_once, PUBLIC;
DROP ROLE told_apart_once;
