-- case: in expand
-- expect: drop-column, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: in contract
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
ALTER TABLE t DROP b;

-- case: of a table of this file
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
ALTER TABLE t DROP COLUMN b;

-- case: a column of an earlier draft
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: primary key
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t DROP COLUMN id;

-- case: part of a key
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (a TEXT, b TEXT, c TEXT, PRIMARY KEY (a, b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: unique
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: unique for the table
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: indexed
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: index dropped first
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX t_a ON t (a);
-- draft
DROP INDEX t_a;
ALTER TABLE t DROP COLUMN a;

-- case: in the condition of an index
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, gone TEXT);
CREATE INDEX t_a ON t (a) WHERE gone IS NULL;
-- draft
ALTER TABLE t DROP COLUMN gone;

-- case: in the expression of an index
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, email TEXT);
CREATE INDEX t_email ON t (lower(email));
-- draft
ALTER TABLE t DROP COLUMN email;

-- case: in its own check
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER CHECK (a > 0));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: in a check of the table
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, CHECK (a > 0));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: in the check of another column
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER CHECK (a < b));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: with its own foreign key
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id));
-- draft
ALTER TABLE t DROP COLUMN p_id;

-- case: in a foreign key of the table
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, p_id INTEGER, FOREIGN KEY (p_id) REFERENCES p (id));
-- draft
ALTER TABLE t DROP COLUMN p_id;

-- case: in a generated column
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT AS (upper(a)));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: a generated column itself
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT AS (upper(a)));
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: in a view
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id, a FROM t;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: not in a view with a star
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT * FROM t;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: in a view of another table
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM u;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: in a trigger
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER t_after AFTER UPDATE ON t BEGIN UPDATE t SET b = NEW.a WHERE id = NEW.id; END;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: the trigger is about another column
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER t_after AFTER INSERT ON t BEGIN UPDATE t SET b = 'x' WHERE id = NEW.id; END;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: the only column
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE t (a TEXT);
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: of a virtual table
-- expect: drop-column, sqlite-drop-column-fails
-- history
CREATE VIRTUAL TABLE f USING fts5(a, b);
-- draft
ALTER TABLE f DROP COLUMN b;

-- case: a column that is not there
-- expect: drop-column, missing-object, sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t DROP COLUMN aa;

-- case: if exists is no SQLite
-- expect: syntax-error
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t DROP COLUMN IF EXISTS a;

-- case: two actions are no SQLite
-- expect: syntax-error
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- draft
ALTER TABLE t DROP COLUMN a, DROP COLUMN b;

-- case: the parent's column of a foreign key
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, p_code TEXT REFERENCES p (code));
-- draft
ALTER TABLE p DROP COLUMN code;

-- case: another column takes its name
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN a_new INTEGER;
UPDATE t SET a_new = CAST(a AS INTEGER) WHERE a_new IS NULL;
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t RENAME COLUMN a_new TO a;

-- case: listed by the INSERT of a trigger, which SQLite does not look at
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE o (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER g AFTER INSERT ON o BEGIN INSERT INTO t(a, b) VALUES ('x', 'y'); END;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: set by a trigger, which SQLite does not look at
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE o (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER g AFTER INSERT ON o BEGIN UPDATE t SET (a, b) = ('x', 'y') WHERE id = new.id; END;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: written by a trigger that goes behind it
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE o (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER g AFTER INSERT ON o BEGIN INSERT INTO t(a, b) VALUES ('x', 'y'); END;
-- draft
ALTER TABLE t DROP COLUMN b;
DROP TRIGGER g;
CREATE TRIGGER g AFTER INSERT ON o BEGIN INSERT INTO t(a) VALUES ('x'); END;

-- case: read by a trigger that goes behind it
-- expect: sqlite-drop-column-fails
-- phase: contract
-- history
CREATE TABLE o (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER g AFTER INSERT ON o BEGIN INSERT INTO t(a) VALUES ('x') ON CONFLICT DO UPDATE SET a = b; END;
-- draft
ALTER TABLE t DROP COLUMN b;
DROP TRIGGER g;

-- case: a column of that name that a trigger writes in another table
-- expect: sqlite-rewrite
-- phase: contract
-- history
CREATE TABLE o (id INTEGER PRIMARY KEY, b TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO o(b) VALUES ('x'); UPDATE o SET b = 'y', id = 2; END;
-- draft
ALTER TABLE t DROP COLUMN b;
