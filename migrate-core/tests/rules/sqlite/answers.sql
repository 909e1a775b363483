-- case: a text where no row is expected, asked of a backfill
-- expect: verify-answer
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT name FROM users;

-- case: a column that is no number, of a table with another name, asked of a backfill
-- expect: verify-answer
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT u.seen AS s FROM users AS u WHERE u.id = 1;

-- case: a literal where no row is expected, asked of a backfill
-- expect: verify-answer
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT 'many';

-- case: a number that is always another one, asked of a backfill
-- expect: verify-answer
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT 1 FROM users LIMIT 1;

-- case: a number of rows where a text is expected, asked of a backfill
-- expect: verify-answer
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: equals 'many'
SELECT count(*) FROM users;

-- case: two values where one is compared, asked of a backfill
-- expect: verify-answer
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: unchanged
SELECT count(*), max(id) FROM users;

-- case: a number of rows, asked of a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT count(*) FROM users WHERE nick IS NULL;

-- case: a number of rows that is known, asked of a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: equals 60000
SELECT count(*) AS all_of_them FROM users;

-- case: a text that is expected, asked of a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: equals 'ada'
SELECT name FROM users WHERE id = 1;

-- case: a column that is a number, asked of a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT visits FROM users WHERE id = 1;

-- case: a column of a table that nobody knows, asked of a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT name FROM people WHERE id = 1;

-- case: a value that the text does not tell, asked of a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT max(name) FROM users;

-- case: a literal that is what is expected, asked of a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY NOT NULL, name text NOT NULL, nick text, seen text, visits integer);
-- draft
UPDATE users SET nick = name;
-- verify: zero
SELECT 0;
