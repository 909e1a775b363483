-- case: an attribute that a composite type has not
-- expect: drop-column, missing-object
-- history
CREATE TYPE addr AS (street text, zip text);
-- draft
ALTER TYPE addr DROP ATTRIBUTE zipp;

-- case: an attribute that it may not have
-- expect: drop-column
-- history
CREATE TYPE addr AS (street text, zip text);
-- draft
ALTER TYPE addr DROP ATTRIBUTE IF EXISTS zipp;

-- case: an attribute that a composite type has already
-- expect: object-exists
-- history
CREATE TYPE addr AS (street text, zip text);
-- draft
ALTER TYPE addr ADD ATTRIBUTE zip text;

-- case: an attribute has its new name
-- expect: missing-object
CREATE TYPE addr AS (street text, zip text);
ALTER TYPE addr RENAME ATTRIBUTE zip TO code;
ALTER TYPE addr ADD ATTRIBUTE city text, DROP ATTRIBUTE street;
ALTER TYPE addr RENAME ATTRIBUTE city TO town;
ALTER TYPE addr RENAME ATTRIBUTE zip TO postcode;

-- case: an attribute is still there
-- expect: down-not-inverse
-- history
CREATE TYPE addr AS (street text, zip text);
-- draft
ALTER TYPE addr ADD ATTRIBUTE city text;
-- down
SELECT 1;

-- case: an attribute comes and goes
-- expect: none
-- history
CREATE TYPE addr AS (street text, zip text);
-- draft
ALTER TYPE addr ADD ATTRIBUTE city text;
-- down
ALTER TYPE addr DROP ATTRIBUTE city;

-- case: the row that was not taken has no such column
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
INSERT INTO t (id, a) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET a = excluded.b;

-- case: the row that was not taken, in a condition
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
INSERT INTO t (id, a) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET a = excluded.a WHERE t.a < EXCLUDED.b;

-- case: COPY names a column that the table has not
-- expect: missing-object
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
COPY t (id, b) FROM '/dev/null';

-- case: COPY names the columns of the table
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
COPY t (a, id) FROM '/dev/null' WHERE a > 0;

-- case: a row of defaults lacks what takes no NULL
-- expect: refused-statement
-- history
CREATE TABLE t (id bigserial PRIMARY KEY, a int NOT NULL);
-- draft
INSERT INTO t DEFAULT VALUES;

-- case: a row of defaults
-- expect: none
-- history
CREATE TABLE t (id bigserial PRIMARY KEY, a int NOT NULL DEFAULT 1, b int);
-- draft
INSERT INTO t DEFAULT VALUES;

-- case: an index of a kind that has nothing for the type
-- expect: refused-statement
-- strict
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX t_a ON t USING gin (a);

-- case: an extension brings what an index of the kind needs
-- expect: none
-- strict
CREATE EXTENSION btree_gin;
CREATE TABLE t (id int PRIMARY KEY, a text, b tsvector, c int[], d jsonb);
CREATE INDEX t_a ON t USING gin (a);
CREATE INDEX t_b ON t USING gin (b);
CREATE INDEX t_c ON t USING gin (c);
CREATE INDEX t_d ON t USING gin (d);

-- case: types that indexes of those kinds are for
-- expect: none
-- strict
CREATE TABLE t (id int PRIMARY KEY, b tsvector, c int[], d jsonb, e tstzrange, f inet);
CREATE INDEX t_b ON t USING gin (b);
CREATE INDEX t_c ON t USING gin (c);
CREATE INDEX t_d ON t USING gin (d);
CREATE INDEX t_e ON t USING gist (e);
CREATE INDEX t_f ON t USING gist (f inet_ops);
CREATE INDEX t_g ON t USING gin (to_tsvector('english', 'x'));

-- case: a column that is no identity counts from nothing
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ALTER COLUMN id RESTART WITH 5;

-- case: an identity counts from elsewhere
-- expect: none
-- history
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
-- draft
ALTER TABLE t ALTER COLUMN id RESTART WITH 5;

-- case: the catalogs are not indexed again beside others
-- expect: refused-statement
REINDEX SYSTEM CONCURRENTLY postgres;

-- case: the moment of the transaction by another name
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, at timestamptz DEFAULT now());
-- draft
ALTER TABLE t ALTER COLUMN at SET DEFAULT clock_timestamp();
-- down
ALTER TABLE t ALTER COLUMN at SET DEFAULT CURRENT_TIMESTAMP;

-- case: a number is told apart from others in an index of that kind by an extension alone
-- expect: refused-statement
-- strict
CREATE TABLE t (id int PRIMARY KEY, room int, span tstzrange, EXCLUDE USING gist (room WITH =, span WITH &&));

-- case: the extension is there
-- expect: none
-- strict
CREATE EXTENSION btree_gist;
CREATE TABLE t (id int PRIMARY KEY, room int, span tstzrange, EXCLUDE USING gist (room WITH =, span WITH &&));

-- case: ranges need no extension
-- expect: none
-- strict
CREATE TABLE t (id int PRIMARY KEY, room int, span tstzrange, EXCLUDE USING gist (span WITH &&), EXCLUDE (room WITH =));

-- case: a text becomes an identity
-- expect: refused-statement
-- history
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL);
-- draft
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;

-- case: an index over a foreign table
-- expect: refused-statement
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE ft (a int) SERVER files OPTIONS (filename '/dev/null');
CREATE INDEX ON ft (a);

-- case: a key of a foreign table
-- expect: refused-statement
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE ft (a int PRIMARY KEY) SERVER files OPTIONS (filename '/dev/null');

-- case: what a foreign table may have
-- expect: none
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE ft (a int NOT NULL, b int, CHECK (a > b)) SERVER files OPTIONS (filename '/dev/null');
ALTER FOREIGN TABLE ft ADD COLUMN c int DEFAULT 1;
