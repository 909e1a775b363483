-- case: a column is added again that a waiting contract drops
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;
-- file: expand
ALTER TABLE users ADD COLUMN email varchar(50), ALGORITHM=INSTANT;

-- case: a table is made again that a waiting contract drops
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: contract drop_users
DROP TABLE users;
-- file: expand
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));

-- case: an index of another table may have the name
-- expect: none
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50), KEY find (name));
CREATE TABLE shops (id bigint PRIMARY KEY, name varchar(50));
-- file: contract find
ALTER TABLE users DROP INDEX find, ALGORITHM=INPLACE, LOCK=NONE;
-- file: expand
ALTER TABLE shops ADD INDEX find (name), ALGORITHM=INPLACE, LOCK=NONE;

-- case: a contract is not in the way of its neighbours
-- expect: none
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;
-- file: expand
ALTER TABLE users ADD COLUMN name varchar(50), ALGORITHM=INSTANT;

-- case: the replacement is never filled
-- expect: drop-before-backfill
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
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50));
-- file: contract c
ALTER TABLE users DROP COLUMN email, ALGORITHM=INSTANT;
-- down
ALTER TABLE users ADD COLUMN email varchar(50), ALGORITHM=INSTANT;

-- case: NOT NULL before it is filled
-- expect: set-not-null-before-backfill
-- history
CREATE TABLE posts (id bigint PRIMARY KEY, title varchar(50));
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug varchar(50), ALGORITHM=INSTANT;
-- file: contract slugs
ALTER TABLE posts MODIFY slug varchar(50) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;

-- case: modify takes the check of the column
-- expect: mysql-modify-drops-attributes
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT NULL CHECK (a >= 0));
-- draft
ALTER TABLE t MODIFY a int DEFAULT NULL;

-- case: modify says the check of the column again
-- expect: none
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT NULL CHECK (a >= 0));
-- draft
ALTER TABLE t MODIFY a int DEFAULT 5 CHECK (a >= 0);

-- case: modify keeps the check of the table
-- expect: none
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT NULL, CONSTRAINT c CHECK (a >= 0));
-- draft
ALTER TABLE t MODIFY a int DEFAULT 5;

-- case: a way back that takes the check of the column
-- expect: down-not-inverse
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT NULL CHECK (a >= 0));
-- draft
ALTER TABLE t MODIFY a int DEFAULT 5 CHECK (a >= 0);
-- down
ALTER TABLE t MODIFY a int DEFAULT NULL;

-- case: a way back that says the check of the column
-- expect: none
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT NULL CHECK (a >= 0));
-- draft
ALTER TABLE t MODIFY a int DEFAULT 5 CHECK (a >= 0);
-- down
ALTER TABLE t MODIFY a int DEFAULT NULL CHECK (a >= 0);
