-- case: a series is what was made for production
-- expect: none
-- since: 10.3
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD COLUMN c int, ALGORITHM=INSTANT;

-- case: a name gets its due in the first release of a series
-- expect: rename-column
-- since: 10.5
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t RENAME COLUMN a TO c;

-- case: a release that was not made for production, by name
-- expect: rename-column, unsupported-in-version
-- since: 10.5.1
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t RENAME COLUMN a TO c;

-- case: instant, where only newer ones drop a column so
-- expect: unsupported-in-version
-- phase: contract
-- since: 10.3
-- history
CREATE TABLE t (a int, b int) ENGINE=InnoDB;
-- draft
ALTER TABLE t DROP COLUMN b, ALGORITHM=INSTANT;

-- case: a key ignored before there was that
-- expect: unsupported-in-version
-- since: 10.5
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, KEY ka (a)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ALTER KEY ka IGNORED;

-- case: a row of values as MySQL has them
-- expect: unsupported-in-version
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a int) ENGINE=InnoDB;
-- draft
INSERT INTO t VALUES ROW(1, 2), ROW(2, 3);
