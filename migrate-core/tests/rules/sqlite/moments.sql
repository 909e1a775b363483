-- Cases: what SQLite takes at no moment, and what every row has.

-- case: an index over the present moment
-- expect: refused-statement, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE INDEX i ON t (date('now'));

-- case: an index over no moment
-- expect: refused-statement, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE INDEX i ON t (a, julianday());

-- case: an index over a date of this place
-- expect: refused-statement, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE INDEX i ON t (date(a, 'localtime'));
INSERT INTO t (a) VALUES ('2020-01-01');

-- case: an index over a date of the row
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE INDEX i ON t (strftime('%Y', a), datetime(a, '+1 day'));

-- case: an index over some rows, by the present moment
-- expect: refused-statement, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE INDEX i ON t (b) WHERE a > CURRENT_DATE;

-- case: a CHECK by the present moment
-- expect: refused-statement
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, at TEXT CHECK (at <= datetime('now')));
INSERT INTO n (at) VALUES ('2020-01-01');

-- case: a CHECK by the present moment, by its word
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, at TEXT CHECK (at <= CURRENT_TIMESTAMP));

-- case: a CHECK by the form of a date
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, at TEXT CHECK (at = date(at)));

-- case: a column computed from the present moment
-- expect: refused-statement
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, at TEXT, age REAL AS (julianday('now') - julianday(at)));
INSERT INTO n (at) VALUES ('2020-01-01');
SELECT age FROM n;

-- case: a default of the present moment
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, at TEXT DEFAULT (datetime('now')));

-- case: an order within an aggregate, too early
-- expect: unsupported-in-version
-- since: 3.43
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE VIEW v AS SELECT group_concat(a, ',' ORDER BY b) AS l FROM t;

-- case: an order within an aggregate
-- expect: none
-- since: 3.44
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE VIEW v AS SELECT group_concat(a, ',' ORDER BY b) AS l FROM t;

-- case: an order behind an aggregate
-- expect: none
-- since: 3.43
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
CREATE VIEW v AS SELECT group_concat(a) AS l, max((SELECT id FROM t ORDER BY id LIMIT 1)) AS m FROM t ORDER BY 1;

-- case: every row has a number
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
UPDATE t SET b = 0 WHERE rowid IS NOT NULL;

-- case: a column of that name may be NULL
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, rowid TEXT, b INTEGER);
-- draft
UPDATE t SET b = 0 WHERE rowid IS NOT NULL;

-- case: what else there is adds no row
-- expect: whole-table-write
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
UPDATE t SET b = 0 WHERE id = id OR FALSE;

-- case: a name in another case
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
-- draft
ALTER TABLE t RENAME COLUMN a TO A;
