-- case: a column is added again that a waiting contract drops
-- expect: contract-in-the-way, sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN email TEXT;

-- case: a table is made again that a waiting contract drops
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY);
-- file: contract drop_users
DROP TABLE users;
-- file: expand
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);

-- case: an index is made again under its name
-- expect: contract-in-the-way, sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE INDEX users_find ON users (email);
-- file: contract find
DROP INDEX users_find;
-- file: expand
CREATE INDEX users_find ON users (name);

-- case: a contract is not in the way of its neighbours
-- expect: sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN name TEXT;

-- case: IF NOT EXISTS hides the order
-- expect: order-dependent
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY);
-- file: contract drop_users
DROP TABLE users;
-- file: expand
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT);

-- case: a rebuild that waits does not know the new column
-- expect: order-dependent, sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
-- file: contract required
CREATE TABLE new_users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO new_users SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
-- file: expand
ALTER TABLE users ADD COLUMN email TEXT;

-- case: a rebuild that waits and a table beside it
-- expect: sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
-- file: contract required
CREATE TABLE new_users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO new_users SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
-- file: expand
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));

-- case: the replacement is never filled
-- expect: drop-before-backfill, sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail TEXT;
-- file: contract rename
-- directive: unsync users.email <-> users.mail
ALTER TABLE users DROP COLUMN email;

-- case: filled by a backfill
-- expect: sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: expand rename
ALTER TABLE users ADD COLUMN mail TEXT;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: filled by the rebuild
-- expect: sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: expand rename
ALTER TABLE users ADD COLUMN mail TEXT;
-- file: contract rename
CREATE TABLE new_users (id INTEGER PRIMARY KEY, mail TEXT);
INSERT INTO new_users (id, mail) SELECT id, coalesce(mail, email) FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;

-- case: the rebuild drops what is not moved
-- expect: drop-before-backfill, sqlite-rebuild-order, sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail TEXT;
-- file: contract rename
-- directive: unsync users.email <-> users.mail
CREATE TABLE new_users (id INTEGER PRIMARY KEY, mail TEXT);
INSERT INTO new_users (id) SELECT id FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;

-- case: unique before it is filled
-- expect: unique-before-backfill, sqlite-rewrite
-- history
CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT);
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug TEXT;
-- file: expand slugs
CREATE UNIQUE INDEX posts_slug ON posts (slug);
-- file: migrate slugs
-- directive: backfill table=posts key=id
UPDATE posts SET slug = title || id WHERE slug IS NULL;

-- case: a sync that does not end
-- expect: sync-without-unsync, sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail TEXT;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: a rollback loses what the contract drops
-- expect: rollback-loses-data, sqlite-rewrite
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: contract c
ALTER TABLE users DROP COLUMN email;
-- down
ALTER TABLE users ADD COLUMN email TEXT;

-- case: a contract that is overdue
-- expect: contract-overdue
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
-- file: expand rename 20240101000000
ALTER TABLE users ADD COLUMN mail TEXT;
-- file: expand 20240601000000
CREATE TABLE orders (id INTEGER PRIMARY KEY);
