-- case: a table that nearly is one of ours
-- expect: nearly-a-table
CREATE TABLE users (id INTEGER PRIMARY KEY);
-- draft
ALTER TABLE usres ADD COLUMN name TEXT;

-- case: a table of a database that was there before
-- expect: sqlite-rewrite
CREATE TABLE users (id INTEGER PRIMARY KEY);
ALTER TABLE accounts ADD COLUMN x TEXT;
-- draft
CREATE INDEX i ON user (name);

-- case: a table that a later file makes
-- expect: missing-object
ALTER TABLE users ADD COLUMN name TEXT;
-- draft
CREATE TABLE users (id INTEGER PRIMARY KEY);

-- case: a table that is dropped before a later file makes it again
-- expect: none
-- phase: contract
ALTER TABLE users ADD COLUMN name TEXT;
-- draft
DROP TABLE users;
-- draft
CREATE TABLE users (id INTEGER PRIMARY KEY);

-- case: a table that the same file makes later
-- expect: missing-object
ALTER TABLE users ADD COLUMN name TEXT;
CREATE TABLE users (id INTEGER PRIMARY KEY);

-- case: a forgotten semicolon
-- expect: syntax-error
CREATE TABLE users (id INTEGER PRIMARY KEY)
INSERT INTO users VALUES (1);

-- case: a key that may be NULL
-- expect: backfill-key
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id TEXT PRIMARY KEY, a TEXT);
-- draft
UPDATE users SET a = 'x';

-- case: keys that are never NULL
-- expect: none
-- file: migrate first
-- directive: backfill table=a key=id
-- history
CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE b (id TEXT NOT NULL PRIMARY KEY, x TEXT);
CREATE TABLE c (id TEXT PRIMARY KEY, x TEXT) WITHOUT ROWID;
CREATE TABLE d (id TEXT PRIMARY KEY, x TEXT) STRICT;
-- file: migrate first
-- directive: backfill table=a key=id
UPDATE a SET x = 'x';
-- file: migrate second
-- directive: backfill table=b key=id
UPDATE b SET x = 'x';
-- file: migrate third
-- directive: backfill table=c key=id
UPDATE c SET x = 'x';
-- file: migrate fourth
-- directive: backfill table=d key=id
UPDATE d SET x = 'x';

-- case: a copy into a table that triggers fill as well
-- expect: copy-beside-sync
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, address TEXT);
-- file: expand addresses
-- directive: sync users.address <-> addresses.street on (users.id = addresses.user_id)
CREATE TABLE addresses (user_id INTEGER PRIMARY KEY, street TEXT);
-- file: migrate addresses
-- directive: backfill table=users key=id
INSERT INTO addresses (user_id, street) SELECT id, address FROM users WHERE address IS NOT NULL;

-- case: a copy that passes over what triggers made
-- expect: none
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, address TEXT);
-- file: expand addresses
-- directive: sync users.address <-> addresses.street on (users.id = addresses.user_id)
CREATE TABLE addresses (user_id INTEGER PRIMARY KEY, street TEXT);
-- file: migrate addresses
-- directive: backfill table=users key=id
INSERT INTO addresses (user_id, street) SELECT id, address FROM users WHERE address IS NOT NULL
ON CONFLICT (user_id) DO NOTHING;
