-- case: a column is added again that a waiting contract drops
-- expect: contract-in-the-way
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;
-- file: expand
ALTER TABLE users ADD COLUMN email varchar(50), ALGORITHM=INSTANT;

-- case: a table is made again that a waiting contract drops
-- expect: contract-in-the-way
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: contract drop_users
DROP TABLE users;
-- file: expand
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));

-- case: an index of another table may have the name
-- expect: none
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50), KEY find (name));
CREATE TABLE shops (id bigint PRIMARY KEY, name varchar(50));
-- file: contract find
ALTER TABLE users DROP INDEX find, ALGORITHM=INPLACE, LOCK=NONE;
-- file: expand
ALTER TABLE shops ADD INDEX find (name), ALGORITHM=INPLACE, LOCK=NONE;

-- case: a contract is not in the way of its neighbours
-- expect: none
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;
-- file: expand
ALTER TABLE users ADD COLUMN name varchar(50), ALGORITHM=INSTANT;

-- case: the replacement is never filled
-- expect: drop-before-backfill
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail varchar(50), ALGORITHM=INSTANT;
-- file: contract rename
-- directive: unsync users.email <-> users.mail
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;

-- case: filled by a backfill
-- expect: none
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: expand rename
ALTER TABLE users ADD COLUMN mail varchar(50), ALGORITHM=INSTANT;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;

-- case: unique before it is filled
-- expect: unique-before-backfill
-- since: 8.0.29
-- history
CREATE TABLE posts (id bigint PRIMARY KEY, title varchar(50));
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug varchar(50), ALGORITHM=INSTANT;
-- file: expand slugs
ALTER TABLE posts ADD UNIQUE INDEX posts_slug (slug), ALGORITHM=INPLACE, LOCK=NONE;
-- file: migrate slugs
-- directive: backfill table=posts key=id
UPDATE posts SET slug = title WHERE slug IS NULL;

-- case: a sync that does not end
-- expect: sync-without-unsync
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail varchar(50), ALGORITHM=INSTANT;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;

-- case: a rollback loses what the contract drops
-- expect: rollback-loses-data
-- since: 8.0.29
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: contract c
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;
-- down
ALTER TABLE users ADD COLUMN email varchar(50), ALGORITHM=INSTANT;

-- case: NOT NULL before it is filled
-- expect: set-not-null-before-backfill
-- since: 8.0.29
-- history
CREATE TABLE posts (id bigint PRIMARY KEY, title varchar(50));
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug varchar(50), ALGORITHM=INSTANT;
-- file: contract slugs
ALTER TABLE posts MODIFY slug varchar(50) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
