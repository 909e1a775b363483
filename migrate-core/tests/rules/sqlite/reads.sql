-- case: rebuild copy after drop
-- expect: missing-object, sqlite-rewrite
-- since: 3.51
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
-- draft
CREATE TABLE t_new (id INTEGER PRIMARY KEY, name TEXT);
DROP TABLE t;
INSERT INTO t_new SELECT id, name FROM t;
ALTER TABLE t_new RENAME TO t;

-- case: autoincrement desc
-- expect: refused-statement
-- since: 3.51
CREATE TABLE q (id INTEGER PRIMARY KEY DESC AUTOINCREMENT);

-- case: strict insert text
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE q (id INTEGER PRIMARY KEY, n INTEGER) STRICT;
-- draft
INSERT INTO q VALUES (1, 'abc');

-- case: strict insert numeric text
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE q (id INTEGER PRIMARY KEY, n INTEGER) STRICT;
-- draft
INSERT INTO q VALUES (1000, '12');

-- case: strict fine
-- expect: none
-- since: 3.51
CREATE TABLE q (id INTEGER PRIMARY KEY, v TEXT, r REAL, b BLOB, n INT, a ANY) STRICT, WITHOUT ROWID;

-- case: fk parent not unique insert
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE q (a INT REFERENCES p (code));
-- draft
INSERT INTO q VALUES ('x');

-- case: fk self
-- expect: none
-- since: 3.51
CREATE TABLE q (id INTEGER PRIMARY KEY, parent INT REFERENCES q);

-- case: upsert select ambiguous
-- expect: syntax-error
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, n INT);
CREATE TABLE v (id INTEGER PRIMARY KEY, n INT);
-- draft
INSERT INTO u (id, n) SELECT id, n FROM v ON CONFLICT (id) DO UPDATE SET n = excluded.n;

-- case: view missing column
-- expect: missing-object
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
-- draft
CREATE VIEW w AS SELECT id, b FROM u;

-- case: view fine
-- expect: none
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
-- draft
CREATE VIEW w (x, y) AS SELECT id, max(a) OVER (PARTITION BY id) FROM u WHERE rowid > 0;

-- case: trigger update of missing
-- expect: missing-object
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
CREATE TABLE l (x INT);
-- draft
CREATE TRIGGER tr AFTER UPDATE OF zz ON u BEGIN DELETE FROM l; END;

-- case: trigger fine
-- expect: none
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
CREATE TABLE l (x INT);
-- draft
CREATE TRIGGER tr AFTER UPDATE OF a ON u WHEN new.a IS NOT old.a BEGIN INSERT INTO l (x) VALUES (new.a); DELETE FROM l WHERE x = old.a; END;

-- case: insert not null missing
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT NOT NULL);
-- draft
INSERT INTO u (id) VALUES (1);

-- case: insert returning
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
-- draft
INSERT INTO u (a) VALUES (1) RETURNING id, a AS b;

-- case: insert returning missing
-- expect: missing-object
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
-- draft
INSERT INTO u (a) VALUES (1) RETURNING zz;

-- case: create as select
-- expect: none
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
-- draft
CREATE TABLE q AS SELECT id, a + 1 AS b FROM u;
CREATE INDEX q_b ON q (b);

-- case: create as missing
-- expect: missing-object
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
-- draft
CREATE TABLE q AS SELECT id, zz FROM u;

-- case: cte insert
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
-- draft
WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 5) INSERT INTO u (a) SELECT n FROM s;

-- case: a rebuild that copies nothing
-- expect: sqlite-rebuild-order
-- since: 3.51
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
-- draft
CREATE TABLE t_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '');
DROP TABLE t;
ALTER TABLE t_new RENAME TO t;

-- case: a trigger whose body names no column
-- expect: missing-object
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a INT);
CREATE TABLE l (x INT);
-- draft
CREATE TRIGGER tr AFTER INSERT ON u BEGIN INSERT INTO l (y) VALUES (new.a); END;

-- case: names in double quotes may be texts
-- expect: none
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE w (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
-- draft
INSERT INTO w (id, a) SELECT id, "yes" FROM u WHERE id > 3;
CREATE VIEW v AS SELECT id, a AS shown, "on" AS state FROM u WHERE shown <> '';

-- case: an upsert behind a query that ends
-- expect: none
-- since: 3.51
-- history
CREATE TABLE u (id INTEGER PRIMARY KEY, n INT);
CREATE TABLE v (id INTEGER PRIMARY KEY, n INT);
-- draft
INSERT INTO u (id, n) SELECT id, n FROM v WHERE true ON CONFLICT (id) DO UPDATE SET n = excluded.n;

-- case: without rowid pk null
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id TEXT PRIMARY KEY, n TEXT) WITHOUT ROWID;
-- draft
INSERT INTO a (n) VALUES ('x');

-- case: text pk null
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id TEXT PRIMARY KEY, n TEXT);
-- draft
INSERT INTO a (n) VALUES ('x');

-- case: insert null not null
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL);
-- draft
INSERT INTO a (n) VALUES (NULL);

-- case: insert or ignore null
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL);
-- draft
INSERT OR IGNORE INTO a (n) VALUES (NULL);

-- case: insert rowid text
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT);
-- draft
INSERT INTO a (id) VALUES ('abc');

-- case: insert values select count
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);
CREATE TABLE b (id INTEGER PRIMARY KEY, m INT);
-- draft
INSERT INTO a (id, n) SELECT id FROM b WHERE id > 3;

-- case: insert select missing
-- expect: missing-object
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);
CREATE TABLE b (id INTEGER PRIMARY KEY, n INT);
-- draft
INSERT INTO a (n) SELECT m FROM b WHERE id > 1;

-- case: insert select join
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);
CREATE TABLE b (id INTEGER PRIMARY KEY, m INT);
-- draft
INSERT INTO a (n) SELECT b.m FROM b LEFT JOIN a ON a.n = b.m WHERE a.id IS NULL;

-- case: upsert missing column
-- expect: missing-object
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);
-- draft
INSERT INTO a (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET m = 2;

-- case: upsert expression index
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT);
CREATE UNIQUE INDEX a_n ON a (lower(n));
-- draft
INSERT INTO a (n) VALUES ('A') ON CONFLICT (lower(n)) DO NOTHING;

-- case: rebuild partial columns
-- expect: sqlite-rebuild-order, sqlite-rewrite
-- since: 3.51
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT, m TEXT);
-- draft
CREATE TABLE p2 (id INTEGER PRIMARY KEY, n TEXT, m TEXT);
INSERT INTO p2 (id, n) SELECT id, n FROM p;
DROP TABLE p;
ALTER TABLE p2 RENAME TO p;

-- case: index expression missing
-- expect: missing-object, sqlite-rewrite
-- since: 3.51
-- history
CREATE TABLE g (id INTEGER PRIMARY KEY, a TEXT);
-- draft
CREATE INDEX g_b ON g (lower(b));

-- case: trigger qualified body
-- expect: refused-statement
-- since: 3.51
-- history
CREATE TABLE g (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE l (x TEXT);
-- draft
CREATE TRIGGER t AFTER INSERT ON g BEGIN INSERT INTO main.l VALUES (new.id); END;

-- case: trigger insert count
-- expect: refused-statement
-- since: 3.51
-- history
CREATE TABLE g (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE l (x TEXT, y TEXT);
-- draft
CREATE TRIGGER t AFTER INSERT ON g BEGIN INSERT INTO l VALUES (new.id); END;

-- case: strict real text
-- expect: refused-statement
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE e (id INTEGER PRIMARY KEY, v REAL) STRICT;
-- draft
INSERT INTO e (v) VALUES ('1.5x');

-- case: strict any insert
-- expect: none
-- since: 3.51
-- phase: migrate
-- history
CREATE TABLE e (id INTEGER PRIMARY KEY, v ANY) STRICT;
-- draft
INSERT INTO e (v) VALUES ('x'), (1.5), (x'00');

-- case: view with cte
-- expect: none
-- since: 3.51
-- history
CREATE TABLE g (id INTEGER PRIMARY KEY, a INT);
-- draft
CREATE VIEW v AS WITH x AS (SELECT id AS y FROM g) SELECT y FROM x;

-- case: view subquery from
-- expect: none
-- since: 3.51
-- history
CREATE TABLE g (id INTEGER PRIMARY KEY, a INT);
-- draft
CREATE VIEW v AS SELECT y FROM (SELECT id AS y FROM g);

-- case: a table that nobody made gets a name that was dropped
-- expect: drop-table, sqlite-rebuild-order, sqlite-rewrite
DROP TABLE IF EXISTS user_old;
ALTER TABLE user RENAME TO user_old;
CREATE TABLE user (id INTEGER PRIMARY KEY, role TEXT NOT NULL DEFAULT 'USER');
INSERT INTO user (id) SELECT id FROM user_old;
DROP TABLE user_old;
