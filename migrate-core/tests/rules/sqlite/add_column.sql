-- case: not null without default
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT NOT NULL;

-- case: not null with default NULL
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD b TEXT NOT NULL DEFAULT NULL;

-- case: not null with default NULL in brackets
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD b TEXT DEFAULT (NULL) NOT NULL;

-- case: nullable
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT;

-- case: nullable without a type
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b;

-- case: not null with a constant
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 0;

-- case: constants in brackets and with signs
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT (1);
ALTER TABLE t ADD COLUMN c INTEGER NOT NULL DEFAULT -1;
ALTER TABLE t ADD COLUMN d REAL NOT NULL DEFAULT (-1.5);
ALTER TABLE t ADD COLUMN e INTEGER NOT NULL DEFAULT +1;
ALTER TABLE t ADD COLUMN f BLOB NOT NULL DEFAULT x'00';
ALTER TABLE t ADD COLUMN g TEXT NOT NULL DEFAULT '';
ALTER TABLE t ADD COLUMN h BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE t ADD COLUMN i BOOLEAN NOT NULL DEFAULT (false);
ALTER TABLE t ADD COLUMN j TEXT NOT NULL DEFAULT "word";

-- case: default of a bare word is a string
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT word;

-- case: current_timestamp
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- case: current_date, nullable
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT current_date;

-- case: current_time in brackets
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT (CURRENT_TIME);

-- case: a function
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT (datetime('now'));

-- case: a sum
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER DEFAULT (1 + 1);

-- case: two strings joined
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT ('a' || 'b');

-- case: a cast of a constant
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT (CAST(1 AS TEXT));

-- case: random
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b BLOB DEFAULT (randomblob(16));

-- case: a constant call
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT (lower('A'));

-- case: unique
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT UNIQUE;

-- case: unique with a name and a conflict clause
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT CONSTRAINT one UNIQUE ON CONFLICT IGNORE;

-- case: unique on a table of the same file
-- expect: sqlite-add-column-fails
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
ALTER TABLE t ADD COLUMN b TEXT UNIQUE;

-- case: primary key
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (a TEXT);
-- draft
ALTER TABLE t ADD COLUMN id INTEGER PRIMARY KEY;

-- case: primary key on a table of the same file
-- expect: sqlite-add-column-fails
CREATE TABLE t (a TEXT);
ALTER TABLE t ADD COLUMN id INTEGER PRIMARY KEY AUTOINCREMENT;

-- case: not null on a table of the same file
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
ALTER TABLE t ADD COLUMN b TEXT NOT NULL;
ALTER TABLE t ADD COLUMN c TEXT DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE t ADD COLUMN d TEXT GENERATED ALWAYS AS (a) STORED;

-- case: not null on a table of an earlier draft
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT NOT NULL;

-- case: stored
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT GENERATED ALWAYS AS (upper(a)) STORED;

-- case: stored in short
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b AS (upper(a)) STORED;

-- case: virtual
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b TEXT GENERATED ALWAYS AS (upper(a)) VIRTUAL;
ALTER TABLE t ADD COLUMN c AS (upper(a));

-- case: references with the default NULL
-- expect: none
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN p_id INTEGER REFERENCES p (id);
ALTER TABLE t ADD COLUMN q_id INTEGER DEFAULT NULL REFERENCES p (id) ON DELETE CASCADE;

-- case: references with a value
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN p_id INTEGER NOT NULL DEFAULT 1 REFERENCES p (id);

-- case: references with a value, the other way round
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN p_id INTEGER REFERENCES p DEFAULT 1;

-- case: a check that NULL passes
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER CHECK (b > 0);

-- case: a check that NULL does not pass
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER CHECK (b IS NOT NULL);

-- case: a column that is there, in other letters
-- expect: object-exists
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, Name TEXT);
-- draft
ALTER TABLE T ADD COLUMN "NAME" TEXT;

-- case: to a view
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t;
-- draft
ALTER TABLE v ADD COLUMN b TEXT;

-- case: to a virtual table
-- expect: sqlite-add-column-fails
-- history
CREATE VIRTUAL TABLE f USING fts5(a);
-- draft
ALTER TABLE f ADD COLUMN b;

-- case: a table that is not known
-- expect: sqlite-add-column-fails
ALTER TABLE unknown ADD COLUMN b TEXT NOT NULL;

-- case: names in four quotings
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE [my table] (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE `my table` ADD COLUMN 'not null' TEXT;
ALTER TABLE "MY TABLE" ADD COLUMN [default] TEXT NOT NULL;

-- case: comments everywhere
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER/* DEFAULT 1 */TABLE t ADD /* not */ b TEXT NOT -- DEFAULT 0
 NULL;

-- case: the words are only in a string
-- expect: none
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD b TEXT NOT NULL DEFAULT 'UNIQUE PRIMARY KEY CURRENT_TIMESTAMP';

-- case: main and its table are one
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE main.t ADD COLUMN b TEXT NOT NULL;

-- case: a temporary table
-- expect: none
CREATE TEMP TABLE t (id INTEGER PRIMARY KEY);
ALTER TABLE t ADD COLUMN b TEXT NOT NULL;

-- case: if not exists is no SQLite
-- expect: syntax-error
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN IF NOT EXISTS b TEXT;

-- case: an array is no SQLite
-- expect: syntax-error
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT now();

-- case: a reference with a default while foreign keys are off
-- expect: none
-- layout: sqlx
-- transaction: off
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
PRAGMA foreign_keys = OFF;
ALTER TABLE t ADD COLUMN p INT DEFAULT 1 REFERENCES p (id);
PRAGMA foreign_keys = ON;

-- case: a reference with a default while foreign keys are on again
-- expect: sqlite-add-column-fails
-- layout: sqlx
-- transaction: off
-- history
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
PRAGMA foreign_keys = OFF;
PRAGMA foreign_keys = ON;
ALTER TABLE t ADD COLUMN p INT DEFAULT 1 REFERENCES p (id);

-- case: a type that a STRICT table does not know
-- expect: sqlite-add-column-fails
-- since: 3.37
CREATE TABLE n (id INTEGER PRIMARY KEY) STRICT;
ALTER TABLE n ADD COLUMN at DATETIME;

-- case: types that a STRICT table knows
-- expect: none
-- since: 3.37
CREATE TABLE n (id INTEGER PRIMARY KEY) STRICT;
ALTER TABLE n ADD COLUMN a INT;
ALTER TABLE n ADD COLUMN b "Any" NOT NULL DEFAULT 1;

-- case: a default that its own check forbids
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 0 CHECK (b > 0);

-- case: a default that its own check forbids, on a table without rows
-- expect: none
CREATE TABLE t (id INTEGER PRIMARY KEY);
ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 0 CHECK (b > 0);

-- case: a default that is none of a list
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT '' CHECK (b IN ('x', 'y'));

-- case: a default that is one of a list
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT 'y' CHECK (b IN ('x', 'y'));

-- case: a default that is too short
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'ab' CHECK (length(b) > 3 AND b <> 'xyz');

-- case: a default that is compared as a number
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER DEFAULT '10' CHECK (b > '9');

-- case: a default that is compared as a text
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b TEXT DEFAULT 10 CHECK (b > 9);

-- case: a check that another column decides
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 0 CHECK (b > a);

-- case: a check by a collation
-- expect: sqlite-rewrite
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b TEXT COLLATE NOCASE DEFAULT 'X' CHECK (b = 'x');

-- case: a default outside of a range
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN b REAL NOT NULL DEFAULT 1.5 CHECK (NOT (b BETWEEN 1 AND 2) OR b IS NULL);

-- case: a default of another type in a strict table
-- expect: sqlite-add-column-fails
-- since: 3.51
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT;
-- draft
ALTER TABLE t ADD COLUMN a INT NOT NULL DEFAULT 'abc';

-- case: defaults that a strict table takes
-- expect: none
-- since: 3.51
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT;
-- draft
ALTER TABLE t ADD COLUMN a INT NOT NULL DEFAULT '5';
ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT -1;
ALTER TABLE t ADD COLUMN c REAL NOT NULL DEFAULT 1;
ALTER TABLE t ADD COLUMN d TEXT NOT NULL DEFAULT 1;
ALTER TABLE t ADD COLUMN e BLOB NOT NULL DEFAULT x'00';
ALTER TABLE t ADD COLUMN f ANY NOT NULL DEFAULT 'x';
ALTER TABLE t ADD COLUMN g INT NOT NULL DEFAULT TRUE;
ALTER TABLE t ADD COLUMN h INT NOT NULL DEFAULT 1.0;

-- case: a default from another column of a table without rows
-- expect: sqlite-add-column-fails
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
ALTER TABLE t ADD COLUMN b TEXT DEFAULT (upper(a));

-- case: a key for a table that has one
-- expect: sqlite-add-column-fails
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b INTEGER PRIMARY KEY;

-- case: a CHECK with a query
-- expect: refused-statement, sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- draft
ALTER TABLE t ADD COLUMN b INT CHECK (b IN (SELECT id FROM t));

-- case: patterns that the default is not like
-- expect: sqlite-add-column-fails
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (1);
-- draft
ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT 'zz' CHECK (b GLOB '[0-9a-f]*');
-- draft
ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT '' CHECK (c LIKE 'http%');
-- draft
ALTER TABLE t ADD COLUMN d TEXT NOT NULL DEFAULT 'none' CHECK (d NOT LIKE 'NO%');
-- draft
ALTER TABLE t ADD COLUMN e TEXT NOT NULL DEFAULT '' CHECK (json_valid(e));

-- case: patterns that the default is like
-- expect: sqlite-rewrite
-- since: 3.40
-- history
CREATE TABLE t (id INTEGER PRIMARY KEY);
INSERT INTO t VALUES (1);
-- draft
ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT 'a1' CHECK (b GLOB '[0-9a-f]*');
ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT 'HTTP://x' CHECK (c LIKE 'http%');
ALTER TABLE t ADD COLUMN d TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(d));
