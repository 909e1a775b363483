-- case: a counter without a key
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id bigint AUTO_INCREMENT, n int, KEY (n, id));

-- case: two counters
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, n int AUTO_INCREMENT UNIQUE);

-- case: counters with their keys
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id bigint AUTO_INCREMENT, n int, UNIQUE KEY (id, n));
CREATE TABLE u (id serial, n int, PRIMARY KEY (n));
CREATE TABLE v (n int, id int AUTO_INCREMENT, PRIMARY KEY (n, id)) ENGINE=MyISAM;

-- case: the key of a counter
-- expect: mysql-alter-copy, refused-statement
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, n int);
-- draft
ALTER TABLE t DROP PRIMARY KEY;

-- case: the last column
-- expect: refused-statement
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (a int);
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: the last column makes room
-- expect: none
-- since: 8.0.30
CREATE TABLE t (a int);
ALTER TABLE t DROP COLUMN a, ADD COLUMN b int;

-- case: a key that does not tell the partitions apart
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, y int NOT NULL) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2020));

-- case: keys that tell the partitions apart
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id bigint NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2020));
CREATE TABLE u (id bigint NOT NULL, year int, d date NOT NULL, PRIMARY KEY (id, d)) PARTITION BY RANGE (year(d)) (PARTITION p0 VALUES LESS THAN (2020));

-- case: a foreign key and partitions
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, p_id bigint, FOREIGN KEY (p_id) REFERENCES p (id)) PARTITION BY HASH (id) PARTITIONS 4;

-- case: a foreign key empties what must not be empty
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, p_id bigint NOT NULL, FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE SET NULL);

-- case: a foreign key to what no index finds
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE p (id bigint PRIMARY KEY, a int, b int, KEY (a, b));
CREATE TABLE t (id bigint PRIMARY KEY, b int, FOREIGN KEY (b) REFERENCES p (b));

-- case: foreign keys to what an index finds
-- expect: none
-- since: 8.0.30
CREATE TABLE p (id bigint PRIMARY KEY, a int, b int, KEY (a, b));
CREATE TABLE t (id bigint PRIMARY KEY, a int, t_id bigint, FOREIGN KEY (a) REFERENCES p (a), FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE SET NULL);

-- case: a foreign key of a name that is taken
-- expect: object-exists
-- since: 8.0.30
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p_id int, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id));
CREATE TABLE d (id int PRIMARY KEY, p_id int, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id));

-- case: another type under a foreign key
-- expect: mysql-alter-copy, needed-object
-- since: 8.0.30
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p_id int, FOREIGN KEY (p_id) REFERENCES p (id));
-- draft
ALTER TABLE p MODIFY id bigint NOT NULL;

-- case: a longer text behind its foreign key
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE p (id varchar(10) PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p_id varchar(10), CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id));
-- draft
ALTER TABLE c DROP FOREIGN KEY f, MODIFY p_id varchar(20);

-- case: a row and a column that are too long
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(6000), b varchar(6000), c varchar(6000)) DEFAULT CHARSET=utf8mb4;

-- case: a column that is too long
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(20000)) DEFAULT CHARSET=utf8mb4;

-- case: long columns of one byte
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(20000), b varchar(40000)) DEFAULT CHARSET=latin1;

-- case: behind a column that is not there
-- expect: missing-object
-- since: 8.0.30
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int AFTER aa;

-- case: behind a column of the same statement
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int, ADD COLUMN c int AFTER b;

-- case: an index over a column that comes behind it
-- expect: create-index-not-concurrent
-- since: 8.0.30
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD FULLTEXT (b), ADD COLUMN b text;

-- case: a column that is not there is modified
-- expect: missing-object
-- since: 8.0.30
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int);
-- draft
ALTER TABLE t MODIFY aa varchar(20);

-- case: a foreign key that is not there
-- expect: missing-object
-- since: 8.0.30
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int, UNIQUE (a));
-- draft
ALTER TABLE t DROP FOREIGN KEY t_ibfk_1;

-- case: a check over several needs its column
-- expect: needed-object
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int, b int, CHECK (a < b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a row with a value too few
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
INSERT INTO t (id, n) VALUES (1, 2), (3);

-- case: rows with their values
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
INSERT INTO t VALUES (1, 2), (3, if(1 > 2, 3, 4));
INSERT INTO t (id) VALUES (5);
INSERT INTO t SET id = 6;

-- case: all rows of a table with a star
-- expect: whole-table-write
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
DELETE t.* FROM t;

-- case: another engine to innodb
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int) ENGINE=MyISAM;
-- draft
ALTER TABLE t ENGINE=InnoDB;

-- case: alter column of another database
-- expect: syntax-error
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
ALTER TABLE t ALTER COLUMN n TYPE bigint;

-- case: instant and a lock
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
ALTER TABLE t ADD COLUMN b int, ALGORITHM=INSTANT, LOCK=NONE;

-- case: a default of a long column
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT '');

-- case: a default that calls
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id char(36) PRIMARY KEY DEFAULT uuid());

-- case: defaults in parentheses and of now
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id char(36) PRIMARY KEY DEFAULT (uuid()), j json DEFAULT ('{}'), a text DEFAULT NULL, b datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE NOW(3), c bit(3) DEFAULT b'101', d date DEFAULT '2024-01-01');

-- case: an index over a long column
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a text, KEY (a));

-- case: an index over the beginning of a long column
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a text, KEY (a(20) DESC, id), FULLTEXT KEY (a));

-- case: an index over an expression needs its column
-- expect: needed-object
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b int, KEY l ((lower(a))));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: a column and the index over its expression
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b int, KEY l ((lower(a))));
ALTER TABLE t DROP KEY l, DROP COLUMN a;

-- case: a text that grows under its foreign key
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE p (id varchar(10) PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p_id varchar(10), FOREIGN KEY (p_id) REFERENCES p (id));
-- draft
ALTER TABLE c MODIFY p_id varchar(20);

-- case: an invisible column for newer servers
-- expect: none
-- since: 8.0.16
CREATE TABLE t (id int PRIMARY KEY, a int /*!80023 INVISIBLE */, b int);

-- case: an invisible column for older servers
-- expect: unsupported-in-version
-- since: 8.0.16
CREATE TABLE t (id int PRIMARY KEY, a int /*!80013 INVISIBLE */, b int);

-- case: a name for the new row
-- expect: unsupported-in-version
-- since: 8.0.18
INSERT INTO t (id, a) VALUES (1, 2) AS n ON DUPLICATE KEY UPDATE a = n.a;

-- case: intersect before its time
-- expect: unsupported-in-version
-- since: 8.0.30
CREATE VIEW v AS SELECT 1 AS a INTERSECT SELECT 1;

-- case: a collation of MariaDB
-- expect: unsupported-in-version
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a varchar(9)) COLLATE=utf8mb4_uca1400_ai_ci;

-- case: nowait of MariaDB
-- expect: unsupported-in-version
-- since: 8.0.30
ALTER TABLE t NOWAIT ADD COLUMN b int;

-- case: a column computed from the time
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a datetime AS (now()) VIRTUAL);

-- case: a check against the time
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a datetime, CHECK (a < CURRENT_TIMESTAMP));

-- case: columns called as functions are
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, user int, `database` int, b int AS (user + 1), CHECK (user < `database`));

-- case: a view of a column that is not there
-- expect: missing-object
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
CREATE VIEW v AS SELECT t.id, t.m FROM t;

-- case: a view of values
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, n int);
-- draft
CREATE VIEW v (a, b, c, d) AS SELECT id, NULL, CURRENT_DATE, n m FROM t x WHERE x.n > 1;

-- case: a reserved word as a column
-- expect: syntax-error
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, order int);

-- case: a reserved word in backticks
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, `order` int, status int, type int, name int, value int, date date, time time, text text, user int, data json, position int, level int, comment text, password text, action int, enum int, end int, begin int, offset_ int, count int, state int, language int, year year, timestamp timestamp);

-- case: a reserved word as a column that is added
-- expect: syntax-error
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN `key` int, ADD condition varchar(9);

-- case: a day of zeros
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a date NOT NULL DEFAULT '0000-00-00';

-- case: no column that is visible
-- expect: refused-statement
-- since: 8.0.23
CREATE TABLE t (a int INVISIBLE, b int INVISIBLE);

-- case: the last column that is visible goes
-- expect: refused-statement
-- since: 8.0.29
CREATE TABLE t (a int INVISIBLE, b int);
ALTER TABLE t DROP COLUMN b;

-- case: one column that is visible
-- expect: none
-- since: 8.0.23
CREATE TABLE t (a int INVISIBLE, b int);

-- case: stored from what a foreign key sets to null
-- expect: refused-statement
-- since: 8.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, own int, twice int AS (own * 2) STORED, FOREIGN KEY (own) REFERENCES p (id) ON DELETE SET NULL);

-- case: stored from what a foreign key deletes with its parent
-- expect: refused-statement
-- since: 8.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, own int, twice int AS (own * 2) STORED, FOREIGN KEY (own) REFERENCES p (id) ON DELETE CASCADE);

-- case: stored column added to what a foreign key sets to null
-- expect: refused-statement
-- since: 8.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, own int, FOREIGN KEY (own) REFERENCES p (id) ON DELETE SET NULL);
ALTER TABLE t ADD COLUMN twice int AS (own * 2) STORED;

-- case: virtual from what a foreign key sets to null
-- expect: none
-- since: 8.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, own int, twice int AS (own * 2) VIRTUAL, FOREIGN KEY (own) REFERENCES p (id) ON DELETE SET NULL);

-- case: stored from what a foreign key only looks up
-- expect: none
-- since: 8.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, own int, twice int AS (own * 2) STORED, FOREIGN KEY (own) REFERENCES p (id));

-- case: rows of all columns into one that is computed
-- expect: refused-statement
-- since: 8.0
CREATE TABLE s (id int PRIMARY KEY, a int);
CREATE TABLE t (id int PRIMARY KEY, a int AS (id + 1) VIRTUAL);
INSERT INTO t SELECT * FROM s;

-- case: rows of all columns into one less
-- expect: refused-statement
-- since: 8.0
CREATE TABLE s (id int PRIMARY KEY, a int, b int);
CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t (id, a) SELECT * FROM s;

-- case: rows of all columns and one more
-- expect: none
-- since: 8.0
CREATE TABLE s (id int PRIMARY KEY, a int);
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
INSERT INTO t SELECT s.*, 1 FROM s;

-- case: rows of all columns that are visible
-- expect: none
-- since: 8.0.23
CREATE TABLE s (id int PRIMARY KEY, a int, b int INVISIBLE);
CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t SELECT * FROM s;

-- case: inline references of 9.0 to another type
-- expect: type-mismatch
-- since: 9.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p bigint REFERENCES p (id));

-- case: inline references of 9.0 to a table that goes
-- expect: needed-object
-- since: 9.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p (id));
DROP TABLE p;

-- case: inline references before 9.0 to a table that goes
-- expect: none
-- since: 8.4
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p (id));
DROP TABLE p;

-- case: inline references of 9.0 to the key of a table
-- expect: none
-- since: 9.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p);

-- case: a foreign key to no columns
-- expect: refused-statement
-- since: 8.4
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p);

-- case: a foreign key of 9.0 to no columns
-- expect: none
-- since: 9.0
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p);

-- case: a view is not altered
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
ALTER TABLE v ADD COLUMN a int;

-- case: a view has no index
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
CREATE INDEX i ON v (id);

-- case: a view has no rows of its own
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
TRUNCATE TABLE v;

-- case: a foreign key to a view
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
CREATE TABLE c (id int PRIMARY KEY, v int, FOREIGN KEY (v) REFERENCES v (id));

-- case: a view is changed and renamed
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id FROM t;
ALTER VIEW v AS SELECT id, a FROM t;
RENAME TABLE v TO w;
