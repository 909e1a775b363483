-- case: only some rows are copied
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t WHERE a IS NOT NULL;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
-- down
SELECT 1;

-- case: a limit
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT * FROM t ORDER BY id DESC LIMIT 1000;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: one row of each group
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t (id, a) SELECT min(id), a FROM t GROUP BY a;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a condition that holds
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
INSERT INTO new_t SELECT id, a FROM t WHERE true AND a IS NOT NULL ORDER BY id LIMIT -1;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: the rest is copied as well
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t WHERE a IS NOT NULL;
INSERT INTO new_t SELECT id, '' FROM t WHERE a IS NULL;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: both in one query
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t WHERE a > 'm' UNION ALL SELECT id, lower(a) FROM t WHERE NOT a > 'm' OR a IS NULL;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: the rest is kept elsewhere
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE old_ones (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO old_ones SELECT id, a FROM t WHERE a < 'm';
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t WHERE a >= 'm' OR a IS NULL;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: the loss is declared
-- expect: sqlite-rewrite
-- phase: contract
-- directive: rollback data-loss="rows without a"
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_t SELECT id, a FROM t WHERE a IS NOT NULL;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
-- down
SELECT 1;

-- case: rows that do not fit are passed over
-- expect: sqlite-rebuild-order (warning), sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT);
INSERT OR IGNORE INTO new_t SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: star over columns in another order
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, b TEXT, a TEXT);
INSERT INTO new_t SELECT * FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: values in the order of the old table
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, c TEXT, a TEXT, b TEXT);
INSERT INTO new_t SELECT id, a, b, c FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: columns in another order that are named
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, b TEXT, a TEXT);
INSERT INTO new_t (id, a, b) SELECT id, a, coalesce(b, a) FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: one column fills two
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO new_t (id, a, b) SELECT id, a, a FROM t;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: a parent whose children go with it
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- layout: plain
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
-- draft
CREATE TABLE new_p (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_p SELECT id, a FROM p;
DROP TABLE p;
ALTER TABLE new_p RENAME TO p;

-- case: deferred, which puts off no cascade
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- layout: plain
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
-- draft
BEGIN;
PRAGMA defer_foreign_keys = ON;
CREATE TABLE new_p (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_p SELECT id, a FROM p;
DROP TABLE p;
ALTER TABLE new_p RENAME TO p;
COMMIT;

-- case: foreign keys rest
-- expect: sqlite-rewrite
-- layout: plain
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
-- draft
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE new_p (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_p SELECT id, a FROM p;
DROP TABLE p;
ALTER TABLE new_p RENAME TO p;
PRAGMA foreign_key_check;
COMMIT;
PRAGMA foreign_keys = ON;

-- case: children that nothing happens to, and the library lets foreign keys rest
-- expect: sqlite-rewrite
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
-- draft
CREATE TABLE new_p (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO new_p SELECT id, a FROM p;
DROP TABLE p;
ALTER TABLE new_p RENAME TO p;

-- case: the star of the table
-- expect: sqlite-rebuild-order (error), sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
CREATE TABLE new_t (id INTEGER PRIMARY KEY, b TEXT, a TEXT);
INSERT INTO new_t SELECT x.* FROM t AS x;
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;

-- case: rows that fall through a new constraint
-- expect: sqlite-rebuild-order (error), sqlite-rewrite (warning)
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
INSERT OR IGNORE INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a lenient copy into a table that demands no more
-- expect: sqlite-rebuild-order (warning), sqlite-rewrite (warning)
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT CHECK (b <> ''), UNIQUE (a));
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE, b TEXT CHECK ( b<>'' ), c TEXT);
INSERT OR REPLACE INTO n (id, a, b) SELECT id, a, b FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: what goes with the old table
-- expect: sqlite-rebuild-order (error), sqlite-rewrite (warning)
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
CREATE TRIGGER t_after AFTER INSERT ON t BEGIN SELECT 1; END;
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: what is dropped before goes by its name
-- expect: sqlite-rewrite (warning)
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
CREATE TRIGGER t_after AFTER INSERT ON t BEGIN SELECT 1; END;
-- draft
DROP TRIGGER t_after;
DROP INDEX t_a;
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a cascade where sqlx runs the file
-- expect: sqlite-rebuild-order (error), sqlite-rewrite (warning)
-- runner: tool
-- layout: sqlx
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a cascade where refinery runs the file
-- expect: sqlite-rebuild-order (error), sqlite-rewrite (warning)
-- runner: tool
-- layout: refinery
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE SET NULL);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: children without a cascade where sqlx runs the file
-- expect: sqlite-rebuild-order (error), sqlite-rewrite (warning)
-- runner: tool
-- layout: sqlx
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id));
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a cascade where foreign keys rest
-- expect: sqlite-rewrite (warning)
-- runner: tool
-- layout: sqlx
-- transaction: off
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- draft
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;
COMMIT;
PRAGMA foreign_keys = ON;

-- case: a cascade where the library runs a file of sqlx
-- expect: sqlite-rewrite (warning)
-- layout: sqlx
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: children without a cascade where nobody knows whether foreign keys are on
-- expect: sqlite-rebuild-order (warning), sqlite-rewrite (warning)
-- layout: plain
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id));
-- draft
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;

-- case: a copy that reads a column which only the new table has
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- history
CREATE TABLE `user` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL);
-- draft
CREATE TABLE `__new_user` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL, `age` integer DEFAULT 0);
INSERT INTO `__new_user`("id", "email", "age") SELECT "id", "email", "age" FROM `user`;
DROP TABLE `user`;
ALTER TABLE `__new_user` RENAME TO `user`;

-- case: a copy that gives a text in double quotes
-- expect: sqlite-rebuild-order (warning), sqlite-rewrite
-- history
CREATE TABLE `user` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL);
-- draft
CREATE TABLE `__new_user` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL, `kind` text DEFAULT 'plain');
INSERT INTO `__new_user`("id", "email", "kind") SELECT "id", "email", "SIDECAR" FROM `user`;
DROP TABLE `user`;
ALTER TABLE `__new_user` RENAME TO `user`;

-- case: a copy that gives a text
-- expect: sqlite-rewrite
-- history
CREATE TABLE `user` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL);
-- draft
CREATE TABLE `__new_user` (`id` integer PRIMARY KEY NOT NULL, `email` text NOT NULL, `kind` text DEFAULT 'plain');
INSERT INTO `__new_user`("id", "email", "kind") SELECT "id", "email", 'plain' FROM `user`;
DROP TABLE `user`;
ALTER TABLE `__new_user` RENAME TO `user`;

-- case: a search index is made anew from the table it is over
-- expect: sqlite-rewrite
-- history
CREATE TABLE docs (id INTEGER PRIMARY KEY, t TEXT);
CREATE VIRTUAL TABLE found USING fts5(t);
-- draft
DROP TABLE found;
CREATE VIRTUAL TABLE found USING fts5(t, tokenize = 'porter');
INSERT INTO found (rowid, t) SELECT "id", "t" FROM docs;
