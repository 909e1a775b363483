-- case: what a query of WITH gives to a new table
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS WITH q AS (SELECT id, a AS b FROM t) SELECT * FROM q;
ALTER TABLE u ALTER COLUMN a SET NOT NULL;

-- case: it has what the query of WITH calls it
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS WITH q AS (SELECT id, a AS b FROM t) SELECT * FROM q;
ALTER TABLE u ALTER COLUMN b SET NOT NULL;

-- case: names that are listed for a query of WITH
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS WITH q (x, y) AS (SELECT id, a FROM t) SELECT q.* FROM q;
CREATE INDEX ON u (x);
CREATE INDEX ON u (a);

-- case: a query in FROM
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS SELECT s.* FROM (SELECT *, lower(a) AS low FROM t) s;
CREATE INDEX ON u (low, a);
CREATE INDEX ON u (lower);

-- case: rows that are listed, and names for them
-- expect: missing-object
CREATE TABLE u AS SELECT * FROM (VALUES (1, 'a')) AS v (x, y);
CREATE INDEX ON u (x, y);
CREATE INDEX ON u (column1);

-- case: what a UNION gives is called as in its first query
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS SELECT id AS x FROM t UNION ALL SELECT id AS y FROM t;
CREATE INDEX ON u (x);
CREATE INDEX ON u (y);

-- case: all of a table
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS TABLE t;
CREATE INDEX ON u (a);
CREATE INDEX ON u (b);

-- case: what a query gives that nobody can see through
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS WITH q AS (DELETE FROM t WHERE id < 0 RETURNING *) SELECT * FROM q;
CREATE TABLE v AS SELECT * FROM generate_series(1, 3) AS g (x), json_to_record('{}') AS r (y int);
CREATE INDEX ON u (a);
CREATE INDEX ON v (y);

-- case: a query of WITH hides the table of its name, in what stands behind it only
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS WITH t AS (SELECT id AS n FROM t) SELECT * FROM t;
CREATE INDEX ON u (n);
CREATE INDEX ON u (a);

-- case: the type of a column that came through queries
-- expect: fk-locks-parent, type-mismatch
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
CREATE TABLE u AS WITH q AS (SELECT a AS b FROM t) SELECT s.b FROM (SELECT * FROM q) s;
ALTER TABLE u ADD FOREIGN KEY (b) REFERENCES t (id);

-- case: a text is longer than its column
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(3));
-- draft
INSERT INTO t (id, a) VALUES (1, 'abcd');

-- case: a text that is assigned is longer than its column, whatever rows there are
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a char(2));
-- draft
UPDATE t SET a = 'abc' WHERE id = 1;

-- case: blanks at the end are cut off, and a cast cuts off anything
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(3), b text, c varchar, d varchar(1)[]);
-- draft
INSERT INTO t (id, a, b, c, d) VALUES (1, 'abc  ', 'abcd', 'abcd', '{a,b}'), (2, 'abcd'::varchar(3), '', '', '{}');

-- case: a number is out of range
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a smallint);
-- draft
INSERT INTO t (id, a) VALUES (1, 40000);

-- case: a number in quotes is out of range
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a smallint);
-- draft
INSERT INTO t (id, a) VALUES ('3000000000', 1);

-- case: a number has more digits than its column
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a numeric(5, 2));
-- draft
UPDATE t SET a = 1000 WHERE id = 1;

-- case: numbers that have room
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a smallint, b numeric(5, 2), c numeric, d bigint);
-- draft
INSERT INTO t (id, a, b, c, d) VALUES (-2147483648, '-32768', 999.991, 123456789, 3000000000), (1, 32767, '000999.5', 1e9, 0);

-- case: the default of a column that is added is too long for it
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a varchar(3) NOT NULL DEFAULT 'abcd';

-- case: nothing looks at a default before there is a row
-- expect: none
CREATE TABLE t (id int PRIMARY KEY, a varchar(3) DEFAULT 'abcd');
