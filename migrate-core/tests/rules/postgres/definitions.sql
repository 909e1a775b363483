-- case: a default in no quotes
-- expect: refused-statement
CREATE TABLE jobs (id bigint PRIMARY KEY, state text NOT NULL DEFAULT pending);

-- case: defaults of many forms
-- expect: none
CREATE TYPE state AS ENUM ('open', 'done');
CREATE TABLE jobs (
    id bigint PRIMARY KEY, a state DEFAULT 'open', b state DEFAULT 'done'::state, c state[] DEFAULT '{open}', d integer DEFAULT '5', e bigint DEFAULT '-3'::bigint,
    f text DEFAULT CURRENT_USER, g text DEFAULT USER, h date DEFAULT CURRENT_DATE, i integer DEFAULT NULL, j integer DEFAULT $$6$$, k integer DEFAULT '5'::text::int);

-- case: a value that an enum has not
-- expect: missing-object
CREATE TYPE state AS ENUM ('open', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state NOT NULL DEFAULT 'opne');

-- case: a default that a column with an enum cannot have
-- expect: missing-object
-- history
CREATE TYPE state AS ENUM ('open', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- draft
ALTER TABLE jobs ALTER COLUMN state SET DEFAULT 'new';

-- case: enums of one name in two schemas
-- expect: none
CREATE SCHEMA app;
CREATE TYPE app.state AS ENUM ('a');
CREATE TYPE state AS ENUM ('b');
CREATE TABLE jobs (id bigint PRIMARY KEY, one app.state DEFAULT 'a', two state DEFAULT 'b');

-- case: a word for a number
-- expect: refused-statement
-- history
CREATE TABLE jobs (id bigint PRIMARY KEY);
-- draft
ALTER TABLE jobs ADD COLUMN tries integer DEFAULT 'none';

-- case: a value beside one that is not there
-- expect: missing-object
-- history
CREATE TYPE state AS ENUM ('open', 'done');
-- draft
ALTER TYPE state ADD VALUE 'late' AFTER 'closed';

-- case: two primary keys
-- expect: refused-statement
CREATE TABLE jobs (id bigint PRIMARY KEY, code text, PRIMARY KEY (code));

-- case: computed from what is computed
-- expect: refused-statement
CREATE TABLE sums (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED, c integer GENERATED ALWAYS AS (b + 1) STORED);

-- case: an identity is a number
-- expect: refused-statement
CREATE TABLE jobs (id text GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

-- case: json has no order
-- expect: refused-statement
CREATE TABLE jobs (body json UNIQUE);

-- case: a check asks no query
-- expect: refused-statement
-- history
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint);
-- draft
ALTER TABLE sales ADD CONSTRAINT c CHECK (shop_id IN (SELECT id FROM shops)) NOT VALID;

-- case: a partition gets no column of its own
-- expect: refused-statement
-- history
CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- draft
ALTER TABLE events_1 ADD COLUMN note text;

-- case: a constraint that was never made
-- expect: missing-object
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, total numeric);
-- draft
ALTER TABLE sales VALIDATE CONSTRAINT total_positive;

-- case: a name that the server may have given
-- expect: none
-- phase: contract
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, total numeric CHECK (total > 0));
-- draft
ALTER TABLE sales DROP CONSTRAINT sales_total_check;

-- case: renaming stands alone
-- expect: syntax-error
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, total numeric, note text);
-- draft
ALTER TABLE sales DROP COLUMN note, RENAME COLUMN total TO amount;

-- case: storage came late to new tables
-- expect: unsupported-in-version
-- since: 15
CREATE TABLE blobs (id bigint PRIMARY KEY, body bytea STORAGE EXTERNAL);

-- case: storage in a new table
-- expect: none
-- since: 16
CREATE TABLE blobs (id bigint PRIMARY KEY, body bytea STORAGE EXTERNAL);

-- case: what is dropped if it is there, where nothing can be
-- expect: none
-- strict
DROP TABLE IF EXISTS a CASCADE;
DROP VIEW IF EXISTS v;
DROP TYPE IF EXISTS t;
DROP FUNCTION IF EXISTS f(integer);
DROP INDEX IF EXISTS i;
CREATE TABLE a (id bigint PRIMARY KEY);

-- case: a check that is not valid is not looked at
-- expect: none
-- history
CREATE TABLE codes (id bigint PRIMARY KEY, code varchar(5));
ALTER TABLE codes ADD CONSTRAINT c CHECK (code <> '') NOT VALID;
-- draft
ALTER TABLE codes ALTER COLUMN code TYPE varchar(50);

-- case: the bound as the server prints it
-- expect: none
-- history
CREATE TABLE p (k text NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p_ab (k text NOT NULL, CONSTRAINT b CHECK ((k = ANY (ARRAY['a'::text, 'b'::text]))));
-- draft
ALTER TABLE p ATTACH PARTITION p_ab FOR VALUES IN ('a', 'b');

-- case: a setting of no transaction
-- expect: alter-column-type-rewrite
-- since: 14
-- transaction: off
-- history
CREATE TABLE jobs (id bigint PRIMARY KEY, at timestamp);
-- draft
SET LOCAL timezone = 'UTC';
ALTER TABLE jobs ALTER COLUMN at TYPE timestamptz;

-- case: a column called exclude
-- expect: opaque-statement
CREATE TABLE rules (id bigint PRIMARY KEY, exclude text);

-- case: a constraint that came from another table
-- expect: none
-- history
CREATE TABLE one (a integer, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE two (LIKE one INCLUDING ALL);
-- draft
ALTER TABLE two DROP CONSTRAINT positive;
