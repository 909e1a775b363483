-- case: everything is free on a new table
-- expect: none
CREATE TABLE notes (id bigint);
ALTER TABLE notes ADD COLUMN n serial;
ALTER TABLE notes ADD CONSTRAINT c CHECK (n > 0);
ALTER TABLE notes ALTER COLUMN id SET NOT NULL;
CREATE INDEX notes_n ON notes (n);
UPDATE notes SET n = 1;
ALTER TABLE notes DROP COLUMN n;

-- case: renamed new table
-- expect: none
CREATE TABLE notes (id bigint);
ALTER TABLE notes RENAME TO memos;
CREATE INDEX memos_id ON memos (id);
ALTER TABLE memos ADD COLUMN n serial;

-- case: new table moved to a schema
-- expect: none
CREATE TABLE notes (id bigint);
ALTER TABLE notes SET SCHEMA app;
CREATE INDEX memos_id ON app.notes (id);

-- case: the old name is not new after a rename
-- expect: missing-object
CREATE TABLE notes (id bigint);
ALTER TABLE notes RENAME TO memos;
CREATE INDEX memos_id ON notes (id);

-- case: create table as
-- expect: none
CREATE TABLE totals AS SELECT 1 AS n;
CREATE INDEX totals_n ON totals (n);

-- case: select into
-- expect: none
SELECT id INTO copies FROM users;
ALTER TABLE copies ADD PRIMARY KEY (id);

-- case: select into temp
-- expect: none
SELECT id INTO TEMP copies FROM users;
CREATE INDEX ON copies (id);

-- case: like
-- expect: none
CREATE TABLE copies (LIKE users INCLUDING ALL);
CREATE INDEX copies_x ON copies (x);

-- case: if not exists over an existing table is no creation
-- expect: create-index-not-concurrent
-- history
CREATE TABLE users (id bigint);
-- draft
CREATE TABLE IF NOT EXISTS users (id bigint);
CREATE INDEX users_id ON users (id);

-- case: if not exists of an unknown table is a creation
-- expect: none
CREATE TABLE IF NOT EXISTS users (id bigint);
CREATE INDEX users_id ON users (id);

-- case: the same name in another schema is another table
-- expect: create-index-not-concurrent
CREATE TABLE app.users (id bigint);
CREATE INDEX users_id ON public.users (id);

-- case: public is the default schema
-- expect: none
CREATE TABLE users (id bigint);
CREATE INDEX users_id ON public.users (id);

-- case: search_path decides
-- expect: none
SET search_path TO app;
CREATE TABLE users (id bigint);
CREATE INDEX users_id ON app.users (id);

-- case: search_path of another file does not last
-- expect: create-index-not-concurrent
SET search_path TO app;
CREATE TABLE users (id bigint);
-- draft
CREATE INDEX users_id ON users (id);

-- case: quoted name is another table
-- expect: create-index-not-concurrent, nearly-a-table
CREATE TABLE "Users" (id bigint);
CREATE INDEX users_id ON users (id);

-- case: unquoted names fold
-- expect: none
CREATE TABLE Users (id bigint);
CREATE INDEX users_id ON "users" (id);

-- case: table of an earlier draft is new
-- expect: none
CREATE TABLE users (id bigint);
-- draft
CREATE INDEX users_id ON users (id);

-- case: table of history is not new
-- expect: create-index-not-concurrent
-- history
CREATE TABLE users (id bigint);
-- draft
CREATE INDEX users_id ON users (id);

-- case: a new table still locks its parent
-- expect: fk-locks-parent
-- history
CREATE TABLE shops (id bigint PRIMARY KEY);
-- draft
CREATE TABLE orders (id bigint PRIMARY KEY, shop_id bigint);
ALTER TABLE orders ADD COLUMN b bigint REFERENCES shops (id);

-- case: fk constraint on a new table reads nothing and locks its parent
-- expect: fk-locks-parent
CREATE TABLE orders (id bigint PRIMARY KEY, shop_id bigint);
ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (shop_id) REFERENCES shops (id);

-- case: partition of a new parent
-- expect: none
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX events_id ON events (id);

-- case: inherits
-- expect: none
CREATE TABLE child (extra text) INHERITS (parent);
CREATE INDEX child_extra ON child (extra);

-- case: drop and rename of a new table
-- expect: none
CREATE TABLE notes (id bigint);
ALTER TABLE notes RENAME COLUMN id TO nr;
DROP TABLE notes;

-- case: truncate of a new table
-- expect: none
CREATE TABLE notes (id bigint);
TRUNCATE notes;

-- case: materialized view is new
-- expect: none
CREATE MATERIALIZED VIEW totals AS SELECT 1 AS n;
CREATE UNIQUE INDEX totals_n ON totals (n);
REFRESH MATERIALIZED VIEW totals;

-- case: create schema with elements
-- expect: none
CREATE SCHEMA app CREATE TABLE notes (id bigint);
CREATE INDEX notes_id ON app.notes (id);
