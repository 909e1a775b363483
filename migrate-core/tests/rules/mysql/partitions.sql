-- case: a partition that is not there
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
ALTER TABLE t TRUNCATE PARTITION p2;

-- case: the last partitions
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
ALTER TABLE t DROP PARTITION p0, p1;

-- case: a partition that is there already
-- expect: object-exists
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (10));
ALTER TABLE t ADD PARTITION (PARTITION p0 VALUES LESS THAN (30));

-- case: a partition before the last
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (10));
ALTER TABLE t ADD PARTITION (PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN (15));

-- case: a partition behind all values
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL, d date NOT NULL, PRIMARY KEY (id, d)) PARTITION BY RANGE COLUMNS (d) (PARTITION p0 VALUES LESS THAN ('2026-01-01'), PARTITION rest VALUES LESS THAN (MAXVALUE));
ALTER TABLE t ADD PARTITION (PARTITION p1 VALUES LESS THAN ('2027-01-01'));

-- case: partitions of a table without
-- expect: refused-statement
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL PRIMARY KEY);
ALTER TABLE t ADD PARTITION (PARTITION p1 VALUES LESS THAN (20));

-- case: a column that tells the partitions apart is not there
-- expect: missing-object
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL PRIMARY KEY) PARTITION BY HASH (tenant) PARTITIONS 4;

-- case: partitions come and go
-- expect: none
-- since: 8.0.30
CREATE TABLE t (id int NOT NULL, d date NOT NULL, PRIMARY KEY (id, d)) PARTITION BY RANGE (TO_DAYS(d)) (PARTITION p0 VALUES LESS THAN (TO_DAYS('2025-01-01')), PARTITION p1 VALUES LESS THAN (TO_DAYS('2026-01-01')));
ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES LESS THAN (TO_DAYS('2027-01-01')));
ALTER TABLE t DROP PARTITION p0, p1;
ALTER TABLE t ADD PARTITION (PARTITION p0 VALUES LESS THAN MAXVALUE);
ALTER TABLE t REORGANIZE PARTITION p0 INTO (PARTITION p3 VALUES LESS THAN (TO_DAYS('2028-01-01')), PARTITION rest VALUES LESS THAN MAXVALUE);
ALTER TABLE t TRUNCATE PARTITION p3, rest;
CREATE TABLE u (id int NOT NULL, kind int NOT NULL, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3));
ALTER TABLE u ADD PARTITION (PARTITION c VALUES IN (4));
ALTER TABLE u DROP PARTITION a;
CREATE TABLE v (id int NOT NULL PRIMARY KEY) PARTITION BY KEY () PARTITIONS 4;
ALTER TABLE v ADD PARTITION PARTITIONS 2;
ALTER TABLE v COALESCE PARTITION 2;

-- case: more partitions of a hash
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 4;
-- draft
ALTER TABLE t ADD PARTITION PARTITIONS 4;

-- case: a named partition of a hash
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY KEY (id) (PARTITION p0, PARTITION p1);
-- draft
ALTER TABLE t ADD PARTITION (PARTITION p2);

-- case: a day before the last partition
-- expect: refused-statement
-- history
CREATE TABLE t (id int, at datetime, PRIMARY KEY (id, at)) PARTITION BY RANGE (TO_DAYS(at)) (PARTITION p0 VALUES LESS THAN (TO_DAYS('2024-01-01')));
-- draft
ALTER TABLE t ADD PARTITION (PARTITION p1 VALUES LESS THAN (to_days('2023-01-01')));

-- case: a year that is not behind
-- expect: refused-statement
CREATE TABLE t (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (YEAR(at)) (PARTITION p0 VALUES LESS THAN (YEAR('2024-01-01')), PARTITION p1 VALUES LESS THAN (YEAR('2024-06-01')));

-- case: days in their order
-- expect: none
-- history
CREATE TABLE t (id int, at datetime, PRIMARY KEY (id, at)) PARTITION BY RANGE (TO_DAYS(at)) (PARTITION p0 VALUES LESS THAN (TO_DAYS('2024-01-01')));
-- draft
ALTER TABLE t ADD PARTITION (PARTITION p1 VALUES LESS THAN (TO_DAYS('2025-01-01')), PARTITION p2 VALUES LESS THAN MAXVALUE);

-- case: a unique key without the column whose name is that of a unit
-- expect: refused-statement
-- history
CREATE TABLE t (id bigint NOT NULL, day date NOT NULL, path varchar(200) NOT NULL, PRIMARY KEY (id, day))
PARTITION BY RANGE (to_days(day)) (PARTITION p VALUES LESS THAN (to_days('2025-01-01')), PARTITION q VALUES LESS THAN MAXVALUE);
-- draft
ALTER TABLE t ADD UNIQUE KEY kp (path);

-- case: a unique key with the column whose name is that of a unit
-- expect: none
-- history
CREATE TABLE t (id bigint NOT NULL, day date NOT NULL, path varchar(200) NOT NULL, PRIMARY KEY (id, day))
PARTITION BY RANGE (to_days(day)) (PARTITION p VALUES LESS THAN (to_days('2025-01-01')), PARTITION q VALUES LESS THAN MAXVALUE);
-- draft
ALTER TABLE t ADD UNIQUE KEY kp (path, day);

-- case: partitioned later by what its key does not name
-- expect: mysql-alter-copy, refused-statement
-- history
CREATE TABLE t (id int NOT NULL PRIMARY KEY, y int NOT NULL);
-- draft
ALTER TABLE t PARTITION BY HASH (y) PARTITIONS 4;

-- case: partitioned later by a column that is not there
-- expect: missing-object, mysql-alter-copy
-- history
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y));
-- draft
ALTER TABLE t PARTITION BY RANGE (z) (PARTITION a VALUES LESS THAN (10));

-- case: partitioned later, and a partition dropped that there is not
-- expect: missing-object, mysql-alter-copy
-- phase: contract
-- history
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y));
-- draft
ALTER TABLE t PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20));
-- draft
ALTER TABLE t DROP PARTITION c;

-- case: no longer partitioned
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY HASH (y) PARTITIONS 4;
-- draft
ALTER TABLE t REMOVE PARTITIONING;
-- draft
CREATE UNIQUE INDEX i ON t (id);
