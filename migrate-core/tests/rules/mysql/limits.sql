-- case: defaults that are no values of their types, 1
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE a (s enum('new', 'done') NOT NULL DEFAULT 'open');

-- case: defaults that are no values of their types, 2
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE b (n int NOT NULL DEFAULT '');

-- case: defaults that are no values of their types, 3
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE c (n tinyint NOT NULL DEFAULT 300);

-- case: defaults that are no values of their types, 4
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE d (n varchar(3) NOT NULL DEFAULT 'abcd');

-- case: defaults that are no values of their types, 5
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE e (n int unsigned NOT NULL DEFAULT -1);

-- case: defaults that are no values of their types, 6
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE f (n int NOT NULL DEFAULT NULL);

-- case: defaults that are values of their types
-- expect: none
-- since: 8.0.30
CREATE TABLE a (
  id int PRIMARY KEY, s enum('new', 'done') NOT NULL DEFAULT 'NEW', f set('a', 'b') DEFAULT 'b,a', g set('a') NOT NULL DEFAULT '',
  n int NOT NULL DEFAULT '0', m tinyint unsigned DEFAULT 255, i int DEFAULT 1.5, o tinyint(1) NOT NULL DEFAULT TRUE,
  p decimal(5, 2) DEFAULT '1.50', q bigint DEFAULT NULL, r char(3) DEFAULT 'EUR', t bit(1) DEFAULT b'0', u date DEFAULT '2020-01-01'
);

-- case: moments as defaults, 1
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE a (d date DEFAULT CURRENT_TIMESTAMP);

-- case: moments as defaults, 2
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE b (d date DEFAULT CURRENT_DATE);

-- case: moments as defaults, 3
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE c (d datetime(6) DEFAULT CURRENT_TIMESTAMP);

-- case: moments as defaults, as MySQL wants them
-- expect: none
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, d date DEFAULT (CURRENT_DATE), e datetime(6) DEFAULT CURRENT_TIMESTAMP(6), f timestamp NOT NULL DEFAULT NOW());

-- case: keys that are too long, 1
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, url varchar(1024) NOT NULL, UNIQUE KEY (url)) CHARSET utf8mb4;

-- case: keys that are too long, 2
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE b (host varchar(300) NOT NULL, path varchar(700) NOT NULL, PRIMARY KEY (host, path)) CHARSET utf8mb4;

-- case: keys that are too long, 3
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE c (id int PRIMARY KEY, url text NOT NULL, UNIQUE KEY (url));

-- case: keys that fit
-- expect: none
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, url varchar(768) NOT NULL, UNIQUE KEY (url)) CHARSET utf8mb4;
CREATE TABLE b (id int PRIMARY KEY, url varchar(1024) NOT NULL, UNIQUE KEY (url(191))) CHARSET utf8mb4;
CREATE TABLE c (id int PRIMARY KEY, url text NOT NULL, UNIQUE KEY (url(255)), FULLTEXT KEY (url));
CREATE INDEX b_url ON b (url(100), id);

-- case: an index over a long column
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, notes text);
-- draft
CREATE INDEX t_notes ON t (notes);

-- case: names of more than 64 characters
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE INDEX an_index_whose_name_tells_more_than_anybody_wants_to_know_about_it ON t (n);

-- case: texts of two character sets
-- expect: type-mismatch
-- since: 8.0.30
CREATE TABLE p (code char(2) CHARACTER SET ascii PRIMARY KEY);
CREATE TABLE c (code char(2), FOREIGN KEY (code) REFERENCES p (code)) CHARSET utf8mb4;

-- case: a foreign key over fewer columns than it refers to
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE c (a int, FOREIGN KEY (a) REFERENCES p (a, b));

-- case: a value for a computed column
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, w int, area int AS (w * w) STORED);
INSERT INTO t (id, w, area) VALUES (1, 2, 4);

-- case: another value for a computed column
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, w int, area int AS (w * w) STORED);
INSERT INTO t (id, w) VALUES (1, 2);
UPDATE t SET area = 4 WHERE id = 1;

-- case: computed columns are left to the server
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, w int, area int AS (w * w) STORED);
INSERT INTO t (id, w, area) VALUES (1, 2, DEFAULT);
INSERT INTO t SET id = 2, w = 3, area = DEFAULT;
UPDATE t SET area = DEFAULT WHERE id = 1;

-- case: a word that is reserved by now, as a new column
-- expect: syntax-error
-- since: 8.0.30
CREATE TABLE a (id int PRIMARY KEY, rank int);

-- case: a word that is reserved by now, as one more column
-- expect: syntax-error
-- since: 8.0
CREATE TABLE b (id int PRIMARY KEY, `rank` int);
ALTER TABLE b ADD COLUMN system int;

-- case: a word that is reserved by now, in an INSERT
-- expect: syntax-error
-- since: 8.0.30
CREATE TABLE b (id int PRIMARY KEY, `rank` int);
INSERT INTO b (id, rank) VALUES (1, 1);

-- case: words that were not reserved then
-- expect: none
-- since: 5.7
CREATE TABLE a (id int PRIMARY KEY, rank int, `groups` int, system int, offset int);

-- case: a key that was meant for a column
-- expect: syntax-error
-- since: 8.0.30
CREATE TABLE t (id int PRIMARY KEY, key varchar(20));

-- case: a table of the session that is none
-- expect: missing-object
-- since: 8.0.30
CREATE TEMPORARY TABLE a (id int);
DROP TEMPORARY TABLE b;

-- case: a table of the session comes and goes
-- expect: none
-- since: 8.0.30
CREATE TEMPORARY TABLE a (id int);
DROP TEMPORARY TABLE a;
DROP TEMPORARY TABLE IF EXISTS a;
CREATE TEMPORARY TABLE a (id int);
UPDATE a SET id = 1;
DROP TEMPORARY TABLE a;

-- case: parent and child in one DROP
-- expect: none
-- since: 8.0.30
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES p (id));
DROP TABLE p, c;

-- case: REFERENCES at a column, of which MySQL makes nothing
-- expect: none
-- since: 8.0.30
CREATE TABLE stops (id int PRIMARY KEY, zone_id bigint NOT NULL REFERENCES zones (id, name));
CREATE TABLE zones (id int PRIMARY KEY, stop_id varchar(9) REFERENCES stops (nothing));

-- case: a key over more than a compact row gives it
-- expect: refused-statement
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY, k varchar(255), UNIQUE KEY (k)) CHARSET=utf8mb4 ROW_FORMAT=COMPACT;

-- case: a key added to a redundant row
-- expect: refused-statement
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY, k varchar(255)) CHARSET=utf8mb4 ROW_FORMAT=REDUNDANT;
ALTER TABLE t ADD INDEX (k);

-- case: keys that a compact row gives
-- expect: none
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY, k varchar(191), j varchar(191), KEY (k, j)) CHARSET=utf8mb4 ROW_FORMAT=COMPACT;
CREATE TABLE u (id int PRIMARY KEY, k varchar(255), KEY (k)) CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC;
CREATE TABLE v (id int PRIMARY KEY, k varchar(255)) CHARSET=utf8mb4 ROW_FORMAT=COMPACT;
ALTER TABLE v ROW_FORMAT=DYNAMIC;
ALTER TABLE v ADD INDEX (k);

-- case: a foreign key to the beginnings of values
-- expect: refused-statement
-- since: 8.0
CREATE TABLE p (id int PRIMARY KEY, t varchar(100), UNIQUE KEY (t(20)));
CREATE TABLE c (id int PRIMARY KEY, t varchar(100), FOREIGN KEY (t) REFERENCES p (t));

-- case: a foreign key to a column that has its own key beside one of beginnings
-- expect: none
-- since: 8.4
CREATE TABLE p (id int PRIMARY KEY, t varchar(100), KEY (t(20)), UNIQUE KEY t2 (t));
CREATE TABLE c (id int PRIMARY KEY, t varchar(100), FOREIGN KEY (t) REFERENCES p (t));

-- case: a point that starts as a text
-- expect: refused-statement
-- since: 8.0
CREATE TABLE t (id int PRIMARY KEY, p point NOT NULL DEFAULT '');

-- case: points that start as one
-- expect: none
-- since: 8.0.13
CREATE TABLE t (id int PRIMARY KEY, p point DEFAULT NULL, q multipolygon DEFAULT (NULL), r geometry NOT NULL DEFAULT (point(1, 1)));

-- case: an index over more of a column than there is, 1
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b text);
-- draft
CREATE INDEX i ON t (a(11));

-- case: an index over more of a column than there is, 2
-- expect: refused-statement
CREATE TABLE t (id int PRIMARY KEY, a varbinary(10), KEY (a(20)));

-- case: an index over all of a column
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b text);
-- draft
CREATE INDEX i ON t (a(10), b(700));
