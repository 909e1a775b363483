-- case: a stable function of arguments
-- expect: none
ALTER TABLE users ADD COLUMN k text DEFAULT to_char(now(), 'YYYY');

-- case: a volatile call in a row of an array of arrays
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k float8[] DEFAULT ARRAY[ARRAY[1, random()]];

-- case: a volatile call in COALESCE in GREATEST
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k float8 DEFAULT GREATEST(1, COALESCE(NULL, random()));

-- case: a volatile call behind a named argument
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k date DEFAULT make_date(2026, month => 1 + (random() * 3)::int, day => 1);

-- case: a volatile call in NULLIF
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k float8 DEFAULT NULLIF(random(), 0);

-- case: a volatile call in a cast function
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k int DEFAULT CAST(random() AS int);

-- case: a volatile call in EXTRACT
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k numeric DEFAULT EXTRACT(epoch FROM clock_timestamp());

-- case: a stable EXTRACT
-- expect: none
ALTER TABLE users ADD COLUMN k numeric DEFAULT EXTRACT(epoch FROM now());

-- case: current_user and the others without parentheses
-- expect: none
ALTER TABLE users ADD COLUMN k1 text DEFAULT CURRENT_USER, ADD COLUMN k2 text DEFAULT SESSION_USER, ADD COLUMN k3 timestamp DEFAULT LOCALTIMESTAMP(0), ADD COLUMN k4 time DEFAULT LOCALTIME;

-- case: transaction, statement and clock
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k1 timestamptz DEFAULT transaction_timestamp(), ADD COLUMN k2 timestamptz DEFAULT statement_timestamp(), ADD COLUMN k3 timestamptz DEFAULT clock_timestamp();

-- case: at time zone of now
-- expect: none
ALTER TABLE users ADD COLUMN k timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'utc');

-- case: json of a constant
-- expect: none
ALTER TABLE users ADD COLUMN k jsonb NOT NULL DEFAULT '{"a": 1}'::jsonb;

-- case: jsonb_build_object is stable
-- expect: none
ALTER TABLE users ADD COLUMN k jsonb DEFAULT jsonb_build_object('a', 1);

-- case: interval and concatenation
-- expect: none
ALTER TABLE users ADD COLUMN k text DEFAULT 'a' || 'b', ADD COLUMN e timestamptz DEFAULT now() + interval '7 days';

-- case: nextval in another spelling
-- expect: add-column-volatile-default
CREATE SEQUENCE k_seq;
ALTER TABLE users ADD COLUMN k bigint DEFAULT pg_catalog.nextval('k_seq'::regclass);

-- case: md5 of a volatile text
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k text DEFAULT substr(md5(random()::text), 1, 8);

-- case: setval is volatile and so is currval
-- expect: add-column-volatile-default
CREATE SEQUENCE k_seq;
ALTER TABLE users ADD COLUMN k bigint DEFAULT setval('k_seq', 3);

-- case: gen_random_uuid of pg_catalog
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k uuid DEFAULT pg_catalog.gen_random_uuid();

-- case: a user function overloads one of the server
-- expect: add-column-volatile-default
-- history
CREATE TABLE users (id bigint);
CREATE FUNCTION public.lower(a bigint) RETURNS text LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN 'x'; END $$;
-- draft
ALTER TABLE users ADD COLUMN k text DEFAULT public.lower(3::bigint);

-- case: volatility after the body
-- expect: none
-- history
CREATE TABLE users (id bigint);
CREATE FUNCTION k() RETURNS text AS $$ BEGIN RETURN 'x'; END $$ LANGUAGE plpgsql PARALLEL SAFE STABLE;
-- draft
ALTER TABLE users ADD COLUMN k text DEFAULT k();

-- case: volatility altered later
-- expect: none
-- history
CREATE TABLE users (id bigint);
CREATE FUNCTION k() RETURNS text AS $$ BEGIN RETURN 'x'; END $$ LANGUAGE plpgsql;
ALTER FUNCTION k() IMMUTABLE;
-- draft
ALTER TABLE users ADD COLUMN k text DEFAULT k();

-- case: volatility altered to volatile
-- expect: add-column-volatile-default
-- history
CREATE TABLE users (id bigint);
CREATE FUNCTION k() RETURNS text IMMUTABLE AS $$ BEGIN RETURN 'x'; END $$ LANGUAGE plpgsql;
ALTER FUNCTION k() VOLATILE;
-- draft
ALTER TABLE users ADD COLUMN k text DEFAULT k();

-- case: a column of a domain with a volatile default
-- expect: add-column-volatile-default
-- history
CREATE TABLE users (id bigint);
CREATE DOMAIN key AS uuid DEFAULT gen_random_uuid();
-- draft
ALTER TABLE users ADD COLUMN k key;

-- case: a column of a domain with a constant default
-- expect: none
-- history
CREATE TABLE users (id bigint);
CREATE DOMAIN flag AS boolean DEFAULT false;
-- draft
ALTER TABLE users ADD COLUMN k flag;

-- case: a domain over a constrained domain
-- expect: add-column-constrained-domain
-- history
CREATE TABLE users (id bigint);
CREATE DOMAIN inner_d AS int CHECK (VALUE > 0);
CREATE DOMAIN outer_d AS inner_d;
-- draft
ALTER TABLE users ADD COLUMN k outer_d;

-- case: a domain that is NOT NULL
-- expect: add-column-constrained-domain
-- history
CREATE TABLE users (id bigint);
CREATE DOMAIN d AS int NOT NULL;
-- draft
ALTER TABLE users ADD COLUMN k d DEFAULT 1;

-- case: a domain whose constraint was dropped
-- expect: none
-- history
CREATE TABLE users (id bigint);
CREATE DOMAIN d AS int CONSTRAINT positive CHECK (VALUE > 0);
ALTER DOMAIN d DROP CONSTRAINT positive;
-- draft
ALTER TABLE users ADD COLUMN k d;

-- case: generated from a constant
-- expect: add-column-generated-stored
ALTER TABLE users ADD COLUMN k int GENERATED ALWAYS AS (1) STORED;

-- case: a column added twice, the second masked
-- expect: none
-- history
CREATE TABLE users (id bigint, k uuid);
-- draft
ALTER TABLE IF EXISTS users ADD COLUMN IF NOT EXISTS k uuid DEFAULT gen_random_uuid() NOT NULL;

-- case: if not exists without the column
-- expect: add-column-volatile-default
-- history
CREATE TABLE users (id bigint);
-- draft
ALTER TABLE IF EXISTS ONLY users ADD COLUMN IF NOT EXISTS k uuid DEFAULT gen_random_uuid();

-- case: a column dropped and added with another type
-- expect: drop-column
-- history
CREATE TABLE users (id bigint, k text);
-- draft
ALTER TABLE users DROP COLUMN k, ADD COLUMN k int;

-- case: add nullable and set not null in one ALTER
-- expect: set-not-null-scan
ALTER TABLE users ADD COLUMN k int DEFAULT 1, ALTER COLUMN email SET NOT NULL;

-- case: set not null on a column added in the same ALTER
-- expect: set-not-null-scan
ALTER TABLE users ADD COLUMN k int DEFAULT 1, ALTER COLUMN k SET NOT NULL;

-- case: proven by a check in another case
-- expect: none
-- history
CREATE TABLE t ("A" int, CONSTRAINT c CHECK ("A" IS NOT NULL));
-- draft
ALTER TABLE T ALTER COLUMN "A" SET NOT NULL;

-- case: proven by a check on more columns
-- expect: none
-- history
CREATE TABLE t (a int, b int, CONSTRAINT c CHECK ((a IS NOT NULL) AND (b IS NOT NULL)));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL;

-- case: not proven by num_nonnulls
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (num_nonnulls(a) = 1));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proven by IS DISTINCT FROM NULL
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS DISTINCT FROM NULL));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: not proven by a comparison
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: the proof was dropped before
-- expect: set-not-null-scan
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));
ALTER TABLE t DROP CONSTRAINT c;
-- draft
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- case: proven by a renamed constraint
-- expect: none
-- history
CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL));
ALTER TABLE t RENAME CONSTRAINT c TO k;
-- draft
ALTER TABLE t ALTER a SET NOT NULL;

-- case: identity on a column that may be null
-- expect: none
-- history
CREATE TABLE t (a int NOT NULL);
-- draft
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;
