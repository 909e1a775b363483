-- case: an extension is there already
-- expect: object-exists
-- history
CREATE EXTENSION IF NOT EXISTS citext;
-- draft
CREATE EXTENSION citext;

-- case: an extension that was dropped is made anew
-- expect: none
-- history
CREATE EXTENSION citext;
DROP EXTENSION citext;
-- draft
CREATE EXTENSION citext;

-- case: a column is of a type of the extension
-- expect: needed-object
-- phase: contract
-- history
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a citext);
-- draft
DROP EXTENSION citext;

-- case: an index is by an operator class of the extension
-- expect: needed-object
-- phase: contract
-- history
CREATE EXTENSION pg_trgm;
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX t_a ON t USING gin (a gin_trgm_ops);
-- draft
DROP EXTENSION pg_trgm;

-- case: a default calls a function of the extension
-- expect: needed-object
-- phase: contract
-- history
CREATE EXTENSION pgcrypto;
CREATE TABLE t (id int PRIMARY KEY, a bytea DEFAULT gen_random_bytes(8));
-- draft
DROP EXTENSION pgcrypto;

-- case: nothing uses the extension
-- expect: none
-- phase: contract
-- history
CREATE EXTENSION "uuid-ossp";
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
-- draft
DROP EXTENSION "uuid-ossp";

-- case: a type of that name that a file makes is not the extension's
-- expect: none
-- phase: contract
-- history
CREATE TYPE cube AS (x int, y int);
CREATE TABLE t (id int PRIMARY KEY, a cube);
CREATE EXTENSION cube SCHEMA app;
-- draft
DROP EXTENSION cube;

-- case: columns go with the extension
-- expect: missing-object
-- phase: contract
-- history
CREATE EXTENSION citext;
CREATE TABLE t (id int PRIMARY KEY, a citext);
DROP EXTENSION citext CASCADE;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: a type of an extension that no file makes, where the files start from nothing
-- expect: missing-object
-- strict
CREATE TABLE t (id int PRIMARY KEY, a citext);

-- case: a type of an extension that may be there
-- expect: none
CREATE TABLE t (id int PRIMARY KEY, a citext);

-- case: a type of an extension that comes from a schema of the host's
-- expect: none
-- strict
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT extensions.uuid_generate_v4(), a extensions.citext);

-- case: an extension that another one may bring
-- expect: none
-- strict
CREATE EXTENSION postgis_topology CASCADE;
CREATE TABLE t (id int PRIMARY KEY, a geometry);

-- case: an operator class of an extension that no file makes
-- expect: missing-object
-- strict
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE INDEX t_a ON t USING gin (a gin_trgm_ops);

-- case: a function of an extension that no file makes
-- expect: missing-object
-- strict
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT uuid_generate_v4());

-- case: gen_random_uuid was pgcrypto's before 13
-- expect: missing-object
-- strict
-- since: 12
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid());

-- case: gen_random_uuid is the server's from 13 on, and pgcrypto has it before
-- expect: none
-- strict
-- since: 12
CREATE EXTENSION pgcrypto;
CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid());

-- case: an extension that the file made is still there
-- expect: down-not-inverse
CREATE EXTENSION hstore;
-- down
SELECT 1;

-- case: an extension that others may use stays
-- expect: none
CREATE EXTENSION IF NOT EXISTS hstore;
-- down
SELECT 1;
