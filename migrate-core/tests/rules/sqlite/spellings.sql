-- case: add not null no default
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c int NOT NULL;

-- case: add not null default null
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD c int NOT NULL DEFAULT NULL;

-- case: add not null default
-- expect: none
ALTER TABLE t ADD c int NOT NULL DEFAULT 0;

-- case: add default current_timestamp
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c text DEFAULT CURRENT_TIMESTAMP;

-- case: add default current_date lower
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c text DEFAULT current_date;

-- case: default in parens literal
-- expect: none
ALTER TABLE t ADD COLUMN c int DEFAULT (1);

-- case: default expr
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c int DEFAULT (1+1);

-- case: default datetime now
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c text DEFAULT (datetime('now'));

-- case: default negative
-- expect: none
ALTER TABLE t ADD COLUMN c int DEFAULT -1;

-- case: default string in parens
-- expect: none
ALTER TABLE t ADD COLUMN c text DEFAULT ('x');

-- case: default true
-- expect: none
ALTER TABLE t ADD COLUMN c int DEFAULT true;

-- case: default blob
-- expect: none
ALTER TABLE t ADD COLUMN c blob DEFAULT x'00';

-- case: default (-1)
-- expect: none
ALTER TABLE t ADD COLUMN c int DEFAULT (-1);

-- case: unique
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c int UNIQUE;

-- case: pk
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c integer PRIMARY KEY;

-- case: stored
-- expect: sqlite-add-column-fails
ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a) STORED;

-- case: virtual
-- expect: none
ALTER TABLE t ADD COLUMN c int AS (a+1);

-- case: references null default
-- expect: none
ALTER TABLE t ADD COLUMN c int REFERENCES p(id);

-- case: references default null
-- expect: none
ALTER TABLE t ADD COLUMN c int DEFAULT NULL REFERENCES p(id);

-- case: add not null on empty new table
-- expect: none
CREATE TABLE n (id int);
ALTER TABLE n ADD COLUMN c int NOT NULL DEFAULT 1;

-- case: add column check
-- expect: sqlite-rewrite
ALTER TABLE t ADD COLUMN c int CHECK (c > 0);

-- case: drop column
-- expect: drop-column, sqlite-rewrite
-- since: 3.35
ALTER TABLE t DROP COLUMN c;

-- case: drop indexed
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (a int, c int); CREATE INDEX i ON t (c);
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop unique col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (a int, c int UNIQUE);
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop partial index col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (a int, c int); CREATE INDEX i ON t (a) WHERE c > 0;
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop view col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (a int, c int); CREATE VIEW v AS SELECT c FROM t;
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop trigger col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (a int, c int); CREATE TRIGGER g AFTER UPDATE ON t BEGIN UPDATE t SET a = new.c WHERE a = new.a; END;
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop table check col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (a int, c int, CHECK (c > 0));
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop col own check
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE t (a int, c int CHECK (c > 0));
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop generated source
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (a int, c int, g int AS (c+1));
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop generated itself
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE t (a int, c int, g int AS (c+1));
-- draft
ALTER TABLE t DROP COLUMN g;

-- case: drop fk inline col
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE p (id int primary key); CREATE TABLE t (a int, c int REFERENCES p(id));
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop fk table-level col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE p (id int primary key); CREATE TABLE t (a int, c int, FOREIGN KEY (c) REFERENCES p(id));
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: drop pk col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (id integer primary key, c int);
-- draft
ALTER TABLE t DROP COLUMN id;

-- case: drop last col
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE TABLE t (c int);
-- draft
ALTER TABLE t DROP COLUMN c;

-- case: rename column
-- expect: rename-column
ALTER TABLE t RENAME a TO b;

-- case: rename column 3.24
-- expect: rename-column, unsupported-in-version
-- since: 3.24
ALTER TABLE t RENAME COLUMN a TO b;

-- case: rename table
-- expect: rename-table
ALTER TABLE t RENAME TO u;

-- case: index
-- expect: sqlite-rewrite
CREATE INDEX i ON t (a);

-- case: index on new
-- expect: none
CREATE TABLE n (a int);
CREATE INDEX IF NOT EXISTS i ON n (a);

-- case: drop unique index
-- expect: drop-unique
-- history
CREATE TABLE t (a int); CREATE UNIQUE INDEX u ON t (a);
-- draft
DROP INDEX u;

-- case: update whole
-- expect: whole-table-write
UPDATE t SET a = 1;

-- case: update 1
-- expect: whole-table-write
UPDATE t SET a = 1 WHERE 1;

-- case: update rowid
-- expect: none
UPDATE t SET a = 1 WHERE rowid = 3;

-- case: delete
-- expect: whole-table-write
DELETE FROM main.t;

-- case: drop table
-- expect: drop-table
DROP TABLE t;

-- case: strict version
-- expect: unsupported-in-version
-- since: 3.36
CREATE TABLE n (a int) STRICT;

-- case: without rowid
-- expect: none
CREATE TABLE n (a int PRIMARY KEY) WITHOUT ROWID;

-- case: create trigger
-- expect: none
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;

-- case: replace into
-- expect: none
INSERT OR REPLACE INTO t VALUES (1);

-- case: returning 3.34
-- expect: unsupported-in-version
-- since: 3.34
INSERT INTO t VALUES (1) RETURNING a;

-- case: bracket names
-- expect: sqlite-add-column-fails
ALTER TABLE [my table] ADD COLUMN [my col] int NOT NULL;

-- case: backtick
-- expect: sqlite-add-column-fails
ALTER TABLE `t` ADD COLUMN `c` int UNIQUE;

-- case: temp table
-- expect: none
CREATE TEMP TABLE n (a int);
CREATE INDEX temp.i ON n (a);

-- case: missing
-- expect: missing-object, rename-column
-- history
CREATE TABLE users (a int);
-- draft
ALTER TABLE users RENAME COLUMN b TO c;

-- case: case-insensitive names
-- expect: object-exists
-- history
CREATE TABLE Users (a int);
-- draft
CREATE TABLE "USERS" (a int);

-- case: reindex
-- expect: sqlite-rewrite
REINDEX;
