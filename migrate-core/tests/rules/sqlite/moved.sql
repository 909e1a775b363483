-- case: a key that nothing makes unique, in a backfill
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET nick = name;

-- case: a key that an index makes unique, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
CREATE UNIQUE INDEX users_name ON users (name);
-- draft
UPDATE users SET nick = name;

-- case: a key in another order than its index, in a backfill
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name,id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
CREATE UNIQUE INDEX users_name ON users (id, name);
-- draft
UPDATE users SET nick = name;

-- case: a statement that moves rows to other keys, in a backfill
-- expect: backfill-writes-key
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET nick = name, id = id + 1000000;

-- case: a column that grows each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = name || '!';

-- case: a column that is computed from itself, and may be the same the second time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = replace(name, 'a', 'b');

-- case: a column that is the same the second time, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = lower(trim(name)), nick = coalesce(nick, 'none');

-- case: a condition that leaves out what is done, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = name || '!', nick = 'done' WHERE nick IS NULL;

-- case: two columns that grow each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text);
CREATE TABLE other (id bigint PRIMARY KEY NOT NULL, name text NOT NULL);
-- draft
UPDATE users SET name = name || '!', nick = nick || 'x';

-- case: several tables and nothing that tells what is right, in a backfill
-- expect: backfill-unchecked (warning)
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text);
CREATE TABLE other (id bigint PRIMARY KEY NOT NULL, name text NOT NULL);
-- draft
UPDATE users SET nick = o.name FROM other o WHERE o.id = users.id;
-- down
SELECT 1;

-- case: several tables and a query that tells what is right, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text);
CREATE TABLE other (id bigint PRIMARY KEY NOT NULL, name text NOT NULL);
-- draft
UPDATE users SET nick = o.name FROM other o WHERE o.id = users.id;
-- verify: zero
SELECT count(*) FROM users WHERE nick IS NULL;

-- case: a value that is another one each time and nothing that tells what is right, in a backfill
-- expect: backfill-unchecked (warning)
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text);
CREATE TABLE other (id bigint PRIMARY KEY NOT NULL, name text NOT NULL);
-- draft
UPDATE users SET nick = random();
-- down
SELECT 1;

-- case: a value that is compared, without a query, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text);
CREATE TABLE other (id bigint PRIMARY KEY NOT NULL, name text NOT NULL);
-- draft
UPDATE users SET nick = name;
-- down
SELECT 1;

-- case: what is left of a number, in a backfill
-- expect: backfill-in-place (warning)
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id integer PRIMARY KEY, n integer);
-- draft
UPDATE users SET n = n % 10;

-- case: a document to which a text is appended each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id integer PRIMARY KEY, settings json DEFAULT '{}');
-- draft
UPDATE users SET settings = settings || '{"theme":"dark"}';

-- case: a number that is less each time by a text, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id integer PRIMARY KEY, n integer);
-- draft
UPDATE users SET n = n - '5';
