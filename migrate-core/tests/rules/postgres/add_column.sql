-- case: plain
-- expect: none
ALTER TABLE users ADD COLUMN age integer;

-- case: constant default
-- expect: none
ALTER TABLE users ADD COLUMN active boolean NOT NULL DEFAULT true;

-- case: negative constant
-- expect: none
ALTER TABLE users ADD COLUMN balance integer DEFAULT -1;

-- case: constant in parentheses
-- expect: none
ALTER TABLE users ADD COLUMN n integer DEFAULT (1);

-- case: constant with cast
-- expect: none
ALTER TABLE users ADD COLUMN tags text[] DEFAULT '{}'::text[];

-- case: empty array constructor
-- expect: none
ALTER TABLE users ADD COLUMN tags text[] NOT NULL DEFAULT ARRAY[]::text[];

-- case: now is stable
-- expect: none
ALTER TABLE users ADD COLUMN seen timestamptz NOT NULL DEFAULT now();

-- case: current_timestamp keyword
-- expect: none
ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT CURRENT_TIMESTAMP;

-- case: current_date keyword
-- expect: none
ALTER TABLE users ADD COLUMN day date DEFAULT CURRENT_DATE;

-- case: txid_current is stable
-- expect: none
ALTER TABLE users ADD COLUMN tx bigint DEFAULT txid_current();

-- case: immutable call
-- expect: none
ALTER TABLE users ADD COLUMN k text DEFAULT lower('A');

-- case: qualified immutable call
-- expect: none
ALTER TABLE users ADD COLUMN k text DEFAULT pg_catalog.lower('A');

-- case: clock_timestamp is volatile
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT clock_timestamp();

-- case: timeofday is volatile
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN t text DEFAULT timeofday();

-- case: volatile inside an immutable call
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k text DEFAULT md5(random()::text);

-- case: volatile in an array
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k float8[] DEFAULT ARRAY[random(), 1];

-- case: volatile in a case
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k float8 DEFAULT CASE WHEN true THEN random() ELSE 1 END;

-- case: volatile behind an operator
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k timestamptz DEFAULT now() + random() * interval '1 day';

-- case: volatile in an argument with a cast
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k text DEFAULT coalesce(NULL, gen_random_uuid()::text);

-- case: upper case and quoting
-- expect: add-column-volatile-default
ALTER TABLE "Users" ADD COLUMN "Id" uuid DEFAULT GEN_RANDOM_UUID();

-- case: quoted function
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k uuid DEFAULT "gen_random_uuid"();

-- case: extension function
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k uuid DEFAULT uuid_generate_v4();

-- case: nextval
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k bigint DEFAULT nextval('s');

-- case: unknown function
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k text DEFAULT my_default();

-- case: known stable function
-- expect: none
-- history
CREATE FUNCTION my_default() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x' $$;
-- draft
ALTER TABLE users ADD COLUMN k text DEFAULT my_default();

-- case: known immutable function in the same file
-- expect: none
CREATE FUNCTION my_default() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$;
ALTER TABLE users ADD COLUMN k text DEFAULT my_default();

-- case: known volatile function
-- expect: add-column-volatile-default
-- history
CREATE FUNCTION my_default() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'x'; END $$;
-- draft
ALTER TABLE users ADD COLUMN k text DEFAULT my_default();

-- case: function replaced by a stable one
-- expect: none
-- history
CREATE FUNCTION my_default() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE OR REPLACE FUNCTION my_default() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x' $$;
-- draft
ALTER TABLE users ADD COLUMN k text DEFAULT my_default();

-- case: a function of another schema than pg_catalog
-- expect: add-column-volatile-default
ALTER TABLE users ADD COLUMN k text DEFAULT app.lower('x');

-- case: word in a string is no call
-- expect: none
ALTER TABLE users ADD COLUMN k text DEFAULT 'random()';

-- case: word in a comment is no call
-- expect: none
ALTER TABLE users ADD COLUMN k text /* DEFAULT random() */ DEFAULT 'x' -- random()
;

-- case: volatile NOT NULL uuid key
-- expect: add-column-inline-unique, add-column-volatile-default
ALTER TABLE users ADD COLUMN id uuid DEFAULT gen_random_uuid() PRIMARY KEY;

-- case: default before 11
-- expect: add-column-default-rewrite
-- since: 10
ALTER TABLE users ADD COLUMN active boolean DEFAULT true;

-- case: default NULL before 11
-- expect: none
-- since: 10
ALTER TABLE users ADD COLUMN active boolean DEFAULT NULL;

-- case: default at 11
-- expect: none
-- since: 11
ALTER TABLE users ADD COLUMN active boolean DEFAULT true;

-- case: set default is free
-- expect: none
ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();

-- case: serial
-- expect: add-column-serial
ALTER TABLE users ADD COLUMN n serial;

-- case: serial8
-- expect: add-column-serial
ALTER TABLE users ADD n SERIAL8;

-- case: smallserial key
-- expect: add-column-inline-unique, add-column-serial
ALTER TABLE users ADD COLUMN n smallserial PRIMARY KEY;

-- case: a column called serial
-- expect: none
ALTER TABLE users ADD COLUMN serial text;

-- case: identity
-- expect: add-column-identity
ALTER TABLE users ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;

-- case: identity with NOT NULL
-- expect: add-column-identity
ALTER TABLE users ADD COLUMN n bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY (START WITH 10);

-- case: identity on an existing column
-- expect: none
ALTER TABLE users ALTER COLUMN n ADD GENERATED BY DEFAULT AS IDENTITY;

-- case: stored
-- expect: add-column-generated-stored
ALTER TABLE users ADD COLUMN full_name text GENERATED ALWAYS AS (first || last) STORED;

-- case: virtual at 18
-- expect: none
-- since: 18
ALTER TABLE users ADD COLUMN full_name text GENERATED ALWAYS AS (first || last) VIRTUAL;

-- case: virtual before 18
-- expect: unsupported-in-version
-- since: 17
ALTER TABLE users ADD COLUMN full_name text GENERATED ALWAYS AS (first || last) VIRTUAL;

-- case: set expression
-- expect: add-column-generated-stored
-- since: 17
ALTER TABLE users ALTER COLUMN full_name SET EXPRESSION AS (last);

-- case: constrained domain
-- expect: add-column-constrained-domain
-- history
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
-- draft
ALTER TABLE users ADD COLUMN contact email;

-- case: constrained domain in a schema
-- expect: add-column-constrained-domain
-- history
CREATE DOMAIN app.email AS text CHECK (VALUE ~ '@');
-- draft
ALTER TABLE users ADD COLUMN contact app.email;

-- case: domain without constraint
-- expect: none
-- history
CREATE DOMAIN email AS text;
-- draft
ALTER TABLE users ADD COLUMN contact email;

-- case: domain constrained later
-- expect: add-column-constrained-domain
-- history
CREATE DOMAIN email AS text;
ALTER DOMAIN email ADD CONSTRAINT at CHECK (VALUE ~ '@');
-- draft
ALTER TABLE users ADD COLUMN contact email;

-- case: array of a constrained domain
-- expect: none
-- history
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
-- draft
ALTER TABLE users ADD COLUMN contacts email[];

-- case: not null without default
-- expect: add-column-not-null-no-default
ALTER TABLE users ADD COLUMN age integer NOT NULL;

-- case: not null default null
-- expect: add-column-not-null-no-default
ALTER TABLE users ADD COLUMN age integer NOT NULL DEFAULT NULL;

-- case: not null default cast null
-- expect: add-column-not-null-no-default
ALTER TABLE users ADD COLUMN age integer DEFAULT NULL::integer NOT NULL;

-- case: default before not null
-- expect: none
ALTER TABLE users ADD COLUMN age integer DEFAULT 0 NOT NULL;

-- case: explicit NULL
-- expect: none
ALTER TABLE users ADD COLUMN age integer NULL;

-- case: inline check
-- expect: add-column-inline-check
ALTER TABLE users ADD COLUMN age integer CHECK (age > 0);

-- case: inline named check
-- expect: add-column-inline-check
ALTER TABLE users ADD COLUMN age integer CONSTRAINT positive CHECK (age > 0);

-- case: check beside, not valid
-- expect: none
ALTER TABLE users ADD COLUMN age integer, ADD CONSTRAINT positive CHECK (age > 0) NOT VALID;

-- case: inline unique
-- expect: add-column-inline-unique
ALTER TABLE users ADD COLUMN email text UNIQUE;

-- case: two columns, both bad
-- expect: add-column-inline-unique, add-column-serial
ALTER TABLE users ADD COLUMN a text UNIQUE, ADD COLUMN b serial;

-- case: if not exists and there already
-- expect: none
-- history
CREATE TABLE users (id bigint, token uuid);
-- draft
ALTER TABLE users ADD COLUMN IF NOT EXISTS token uuid DEFAULT gen_random_uuid();

-- case: inline fk without default
-- expect: fk-locks-parent
ALTER TABLE orders ADD COLUMN shop_id bigint REFERENCES shops (id);

-- case: inline fk with default null
-- expect: add-column-inline-fk
ALTER TABLE orders ADD COLUMN shop_id bigint DEFAULT NULL REFERENCES shops (id);

-- case: inline fk with default
-- expect: add-column-inline-fk
ALTER TABLE orders ADD COLUMN shop_id bigint DEFAULT 1 REFERENCES shops (id);

-- case: inline fk to a new table
-- expect: none
CREATE TABLE shops (id bigint PRIMARY KEY);
ALTER TABLE orders ADD COLUMN shop_id bigint REFERENCES shops (id);

-- case: inline fk to itself
-- expect: none
ALTER TABLE users ADD COLUMN manager bigint REFERENCES users (id);

-- case: fk in create table
-- expect: fk-locks-parent
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));

-- case: fk as a table constraint of create table
-- expect: fk-locks-parent
CREATE TABLE lines (order_id bigint, FOREIGN KEY (order_id) REFERENCES orders);

-- case: two parents in create table
-- expect: fk-locks-parent, multiple-fk-one-migration
CREATE TABLE lines (order_id bigint REFERENCES orders, product_id bigint REFERENCES products);

-- case: the same parent twice
-- expect: fk-locks-parent
CREATE TABLE moves (a bigint REFERENCES places, b bigint REFERENCES places);

-- case: two parents in two statements
-- expect: multiple-access-exclusive, multiple-fk-one-migration, fk-locks-parent
ALTER TABLE a ADD COLUMN x bigint REFERENCES p;
ALTER TABLE b ADD COLUMN y bigint REFERENCES q;

-- case: two parents, each its own transaction
-- expect: fk-locks-parent
-- transaction: off
ALTER TABLE a ADD COLUMN x bigint REFERENCES p;
ALTER TABLE b ADD COLUMN y bigint REFERENCES q;

-- case: temporary table with fk
-- expect: none
CREATE TEMP TABLE lines (id bigint);
ALTER TABLE lines ADD COLUMN n serial;
