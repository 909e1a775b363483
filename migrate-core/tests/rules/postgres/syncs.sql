-- case: a sync of a column that is not there
-- expect: missing-object
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- file: expand rename
-- directive: sync users.nme <-> users.full_name
ALTER TABLE users ADD COLUMN full_name text;

-- case: a sync of a table that was dropped
-- expect: missing-object
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text);
DROP TABLE users;
-- file: expand rename
-- directive: sync users.name <-> users.full_name
CREATE TABLE others (id bigint PRIMARY KEY);

-- case: a sync of a table that nobody made is one of a table that exists
-- expect: none
-- file: expand rename
-- directive: sync users.name <-> users.full_name
ALTER TABLE users ADD COLUMN full_name text;

-- case: a side that is NOT NULL cannot be told from one that was given
-- expect: sync-not-null
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
-- file: expand rename
-- directive: sync users.name <-> users.full_name
ALTER TABLE users ADD COLUMN full_name text;

-- case: it may be NULL from here on
-- expect: drop-not-null
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
-- file: expand rename
-- directive: sync users.name <-> users.full_name
ALTER TABLE users ADD COLUMN full_name text;
ALTER TABLE users ALTER COLUMN name DROP NOT NULL;

-- case: one way, the old side is always given
-- expect: none
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL DEFAULT '');
-- file: expand rename
-- directive: sync users.name -> users.full_name
ALTER TABLE users ADD COLUMN full_name text;

-- case: a default looks like a value that was given
-- expect: sync-default
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text);
-- file: expand rename
-- directive: sync users.name <-> users.full_name
ALTER TABLE users ADD COLUMN full_name text DEFAULT '';

-- case: names in quotes, and a default that is none
-- expect: none
-- history
CREATE TABLE "Users" (id bigint PRIMARY KEY, "Name" text DEFAULT NULL);
-- file: expand rename
-- directive: sync "Users"."Name" <-> "Users".full_name
ALTER TABLE "Users" ADD COLUMN full_name text;

-- case: two tables
-- expect: missing-object
-- history
CREATE TABLE users (id bigint PRIMARY KEY, city text NOT NULL);
-- file: expand split
-- directive: sync users.(city) <-> addresses.(town) on (users.id = addresses.user_id)
CREATE TABLE addresses (user_id bigint PRIMARY KEY, city text);
