-- case: drop column before 3.35
-- expect: unsupported-in-version
-- since: 3.34
CREATE TABLE t (a, b);
ALTER TABLE t DROP COLUMN b;

-- case: drop column from 3.35 on
-- expect: none
-- since: 3.35
CREATE TABLE t (a, b);
ALTER TABLE t DROP COLUMN b;

-- case: rename column before 3.25
-- expect: unsupported-in-version
-- since: 3.24
CREATE TABLE t (a, b);
ALTER TABLE t RENAME b TO c;

-- case: rename table before 3.25
-- expect: none
-- since: 3.24
CREATE TABLE t (a, b);
ALTER TABLE t RENAME TO u;

-- case: strict before 3.37
-- expect: unsupported-in-version
CREATE TABLE t (a INTEGER PRIMARY KEY, strict TEXT) STRICT;

-- case: a column called strict
-- expect: none
CREATE TABLE t (a INTEGER PRIMARY KEY, strict TEXT);

-- case: strict behind without rowid
-- expect: unsupported-in-version
-- since: 3.36
CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID, STRICT;

-- case: returning before 3.35
-- expect: unsupported-in-version
-- since: 3.34
INSERT INTO t (a) VALUES (1) RETURNING id;

-- case: returning from 3.35 on
-- expect: none
INSERT INTO t (a) VALUES (1) RETURNING id;

-- case: upsert before 3.24
-- expect: unsupported-in-version
-- since: 3.23
INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING;

-- case: the conflict clause of a constraint is old
-- expect: none
-- since: 3.23
CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT REPLACE, b TEXT NOT NULL ON CONFLICT IGNORE);
INSERT OR IGNORE INTO t VALUES (1, 'x');

-- case: generated columns before 3.31
-- expect: unsupported-in-version
-- since: 3.30
CREATE TABLE t (a INTEGER, b INTEGER AS (a + 1));

-- case: generated always before 3.31
-- expect: unsupported-in-version
-- since: 3.30
CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) STORED);

-- case: update from before 3.33
-- expect: unsupported-in-version
-- since: 3.32
UPDATE t SET a = u.a FROM u WHERE u.id = t.id;

-- case: a FROM in a query of an update
-- expect: none
-- since: 3.32
UPDATE t SET a = (SELECT a FROM u WHERE u.id = t.id) WHERE a IS NULL;

-- case: alter column before 3.53
-- expect: set-not-null-scan, unsupported-in-version
-- since: 3.52
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: add constraint before 3.53
-- expect: unsupported-in-version
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0);

-- case: add constraint from 3.53 on
-- expect: sqlite-rewrite
-- since: 3.53
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0);

-- case: drop constraint before 3.53
-- expect: unsupported-in-version
ALTER TABLE t DROP CONSTRAINT positive;

-- case: a type still cannot be changed
-- expect: syntax-error
-- since: 3.53
ALTER TABLE t ALTER COLUMN a TYPE INTEGER;

-- case: unique still cannot be added
-- expect: syntax-error
-- since: 3.53
ALTER TABLE t ADD CONSTRAINT u UNIQUE (a);

-- case: the arrows of JSON before 3.38
-- expect: unsupported-in-version
-- since: 3.37
UPDATE t SET a = b ->> '$.a' WHERE id = 1;

-- case: right join before 3.39
-- expect: unsupported-in-version
CREATE VIEW v AS SELECT t.a FROM t RIGHT JOIN u ON u.id = t.id;

-- case: left join
-- expect: none
CREATE VIEW v AS SELECT t.a FROM t LEFT JOIN u ON u.id = t.id;

-- case: unixepoch before 3.38
-- expect: unsupported-in-version
CREATE TABLE t (id INTEGER PRIMARY KEY, at INTEGER DEFAULT (unixepoch()));

-- case: window functions before 3.25
-- expect: unsupported-in-version
-- since: 3.24
CREATE VIEW v AS SELECT row_number() OVER (ORDER BY a) FROM t;

-- case: a second ON CONFLICT
-- expect: unsupported-in-version
-- since: 3.34
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
INSERT INTO t (id, a) VALUES (1, 'x') ON CONFLICT (id) DO NOTHING ON CONFLICT (a) DO UPDATE SET a = 'y';
