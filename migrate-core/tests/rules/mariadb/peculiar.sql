-- case: not enforced is MySQL's
-- expect: unsupported-in-version
ALTER TABLE t ADD CONSTRAINT k CHECK (id > 0) NOT ENFORCED;
-- case: drop check is MySQL's
-- expect: unsupported-in-version
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, CONSTRAINT k CHECK (a > 0));
-- draft
ALTER TABLE c DROP CHECK k;
-- case: invisible indexes are MySQL's
-- expect: unsupported-in-version
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, KEY i (a));
-- draft
ALTER TABLE c ALTER INDEX i INVISIBLE;
-- case: ignored indexes are its own
-- expect: none
-- since: 10.6
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, KEY i (a));
-- draft
ALTER TABLE c ALTER INDEX i IGNORED;
-- case: invisible index
-- expect: unsupported-in-version
-- since: 10.11
-- history
CREATE TABLE m (id INT PRIMARY KEY, a VARCHAR(20));
-- draft
ALTER TABLE m ADD INDEX k (a) INVISIBLE;

-- case: ignored index
-- expect: none
-- since: 10.11
-- history
CREATE TABLE m (id INT PRIMARY KEY, a VARCHAR(20));
-- draft
ALTER TABLE m ADD INDEX k (a) IGNORED;

-- case: update returning
-- expect: unsupported-in-version
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT AUTO_INCREMENT PRIMARY KEY, a INT);
-- draft
UPDATE n SET a = 2 WHERE id = 3 RETURNING a;

-- case: partition pk
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, d DATE) PARTITION BY RANGE (year(d)) (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);

-- case: partition list dup
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY) PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1, 2), PARTITION p1 VALUES IN (2, 3));

-- case: partition fine
-- expect: none
-- since: 10.11
CREATE TABLE n (id INT, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE COLUMNS (d) (PARTITION p0 VALUES LESS THAN ('2020-01-01'), PARTITION pm VALUES LESS THAN (MAXVALUE));

-- case: trigger on view
-- expect: create-trigger-lock, refused-statement
-- since: 10.11
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
CREATE VIEW v AS SELECT * FROM n;
-- draft
CREATE TRIGGER tr BEFORE INSERT ON v FOR EACH ROW SET NEW.a = 1;
