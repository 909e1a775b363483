-- case: a column of a unique index over several cannot go
-- expect: needed-object
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a column goes with its unique index
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b));
-- draft
ALTER TABLE t DROP COLUMN b, DROP KEY u;

-- case: a column of an index over several can go
-- expect: mysql-alter-rebuild
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a, b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: all columns of a unique index can go
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b));
-- draft
ALTER TABLE t DROP COLUMN a, DROP COLUMN b;

-- case: a table that others refer to is not truncated
-- expect: needed-object
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, t int, FOREIGN KEY (t) REFERENCES t (id));
-- draft
TRUNCATE TABLE t;

-- case: a table that others refer to is truncated without checks
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, t int, FOREIGN KEY (t) REFERENCES t (id));
-- draft
SET foreign_key_checks = 0;
TRUNCATE TABLE t;

-- case: a view is no table
-- expect: refused-statement
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP TABLE v;

-- case: a view that may be no table
-- expect: none
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
DROP TABLE IF EXISTS v;

-- case: a table is no view
-- expect: refused-statement
-- since: 10.11
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
DROP VIEW t;

-- case: a text grows under its foreign key
-- expect: needed-object
-- since: 10.11
-- history
CREATE TABLE p (id varchar(10) PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p_id varchar(10), FOREIGN KEY (p_id) REFERENCES p (id));
-- draft
ALTER TABLE c MODIFY p_id varchar(20);

-- case: instant and no lock
-- expect: none
-- since: 10.11
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
ALTER TABLE t ADD COLUMN b int, ALGORITHM=INSTANT, LOCK=NONE;

-- case: defaults and keys of long columns
-- expect: none
-- since: 10.11
CREATE TABLE t (id char(36) PRIMARY KEY DEFAULT uuid(), a text NOT NULL DEFAULT '', j json DEFAULT '{}', KEY (a));

-- case: a name for the new row
-- expect: unsupported-in-version
-- since: 10.11
INSERT INTO t (id, a) VALUES (1, 2) AS n ON DUPLICATE KEY UPDATE a = n.a;

-- case: the operator of JSON
-- expect: unsupported-in-version
-- since: 10.11
CREATE VIEW v AS SELECT doc->>'$.a' AS a FROM t;

-- case: an arrow in a text
-- expect: none
-- since: 10.11
INSERT INTO t (id, a) VALUES (1, 'a -> b'), (2, "lateral (x)");

-- case: lateral
-- expect: unsupported-in-version
-- since: 10.11
CREATE VIEW v AS SELECT * FROM t, LATERAL (SELECT 1 AS x) y;

-- case: the srid of a column
-- expect: unsupported-in-version
-- since: 10.11
CREATE TABLE t (id int PRIMARY KEY, g point NOT NULL SRID 4326);

-- case: a column called srid
-- expect: none
-- since: 10.11
CREATE TABLE t (id int PRIMARY KEY, srid int, g point NOT NULL /*!80003 SRID 4326 */);

-- case: a collation of MySQL
-- expect: unsupported-in-version
-- since: 10.11
CREATE TABLE t (id int PRIMARY KEY, a varchar(9)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- case: stored from what a foreign key sets to null
-- expect: refused-statement
-- since: 10.6
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, own int, twice int AS (own * 2) STORED, FOREIGN KEY (own) REFERENCES p (id) ON DELETE SET NULL);

-- case: stored from what a foreign key deletes with its parent
-- expect: none
-- since: 10.6
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, own int, twice int AS (own * 2) STORED, FOREIGN KEY (own) REFERENCES p (id) ON DELETE CASCADE);

-- case: no column that is visible
-- expect: refused-statement
-- since: 10.6
CREATE TABLE t (a int INVISIBLE, b int INVISIBLE);

-- case: a period to a column that is not there
-- expect: missing-object
-- since: 10.6
CREATE TABLE t (id int, s date, PERIOD FOR valid (s, e));

-- case: periods
-- expect: none
-- since: 10.6
CREATE TABLE t (id int, s date, e date, PERIOD FOR valid (s, e));
CREATE TABLE v (id int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING;
CREATE TABLE u (id int, period date);

-- case: a foreign key to no columns
-- expect: refused-statement
-- since: 10.6
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p);

-- case: times of rows without their period
-- expect: refused-statement
-- since: 10.6
CREATE TABLE t (id int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END) WITH SYSTEM VERSIONING;

-- case: a period of rows without their times
-- expect: refused-statement
-- since: 10.6
CREATE TABLE t (id int, s timestamp(6), e timestamp(6), PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING;
