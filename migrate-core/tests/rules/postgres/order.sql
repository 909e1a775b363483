-- case: a column is added again that a waiting contract drops
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN email text;

-- case: the same where the contract is behind the baseline
-- expect: none
-- history
CREATE TABLE users (id bigint, email text);
-- history
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN email text;

-- case: the same where the contract is released and may still wait
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_email released
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN email text;

-- case: a released file shows that the contract has run
-- expect: none
-- history
CREATE TABLE users (id bigint, email text, phone text);
-- file: contract drop_email released
ALTER TABLE users DROP COLUMN email, DROP COLUMN phone;
-- file: expand released
ALTER TABLE users ADD COLUMN email text;
-- file: expand
ALTER TABLE users ADD COLUMN phone text;

-- case: a column of a table that is not known whole
-- expect: contract-in-the-way
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN email text;

-- case: a contract that drops a column of either age
-- expect: order-dependent
-- file: contract drop_email
ALTER TABLE users DROP COLUMN IF EXISTS email;
-- file: expand
ALTER TABLE users ADD COLUMN email text;

-- case: a table is made again that a waiting contract drops
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint);
-- file: contract drop_users
DROP TABLE users;
-- file: expand
CREATE TABLE users (id bigint, name text);

-- case: an unknown table is made again
-- expect: contract-in-the-way
-- file: contract drop_users
DROP TABLE users;
-- file: expand
CREATE TABLE users (id bigint, name text);

-- case: an index is made again under its name
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint, email text);
CREATE UNIQUE INDEX users_email ON users (email);
-- file: contract drop_email
-- directive: transaction off
DROP INDEX CONCURRENTLY users_email;
-- file: expand
CREATE INDEX CONCURRENTLY users_email ON users (email);

-- case: a table that a waiting contract makes
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint);
-- file: contract split
CREATE TABLE archive (id bigint);
-- file: expand
ALTER TABLE archive ADD COLUMN name text;

-- case: a column that a waiting contract makes
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint);
-- file: contract split
ALTER TABLE users ADD COLUMN name text;
-- file: expand
CREATE INDEX CONCURRENTLY users_name ON users (name);

-- case: a name that a waiting contract gives
-- expect: contract-in-the-way, rename-table
-- file: contract people
ALTER TABLE users RENAME TO people;
-- file: expand
ALTER TABLE people ADD COLUMN name text;

-- case: what a contract drops is missing in a fresh database
-- expect: missing-object
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: expand
CREATE INDEX CONCURRENTLY users_email ON users (email);

-- case: a contract is not in the way of its neighbours
-- expect: none
-- history
CREATE TABLE users (id bigint, email text, phone text);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN name text;
-- file: contract drop_phone
ALTER TABLE users DROP COLUMN phone;
-- file: expand
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: a later contract may rely on an earlier one
-- expect: none
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_users
DROP TABLE users;
-- file: contract new_users
CREATE TABLE users (id bigint PRIMARY KEY);

-- case: the last default wins
-- expect: order-dependent
-- history
CREATE TABLE users (id bigint, state text NOT NULL DEFAULT 'new');
-- file: contract state
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'old';
-- file: expand
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'fresh';

-- case: the same default either way
-- expect: none
-- history
CREATE TABLE users (id bigint, state text NOT NULL DEFAULT 'new');
-- file: contract state
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'old';
-- file: expand
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'old';

-- case: IF NOT EXISTS hides the order
-- expect: order-dependent
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: expand
ALTER TABLE users ADD COLUMN IF NOT EXISTS email text;

-- case: IF NOT EXISTS over a table hides the order
-- expect: order-dependent
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_email
DROP TABLE users;
-- file: expand
CREATE TABLE IF NOT EXISTS users (id bigint, name text);

-- case: a view is replaced by both
-- expect: order-dependent
-- history
CREATE TABLE users (id bigint, email text, name text);
CREATE VIEW v AS SELECT id, email FROM users;
-- file: contract v
CREATE OR REPLACE VIEW v AS SELECT id, email FROM users WHERE id > 0;
-- file: expand
CREATE OR REPLACE VIEW v AS SELECT id, email FROM users WHERE id > 1;

-- case: a view gets a column that a contract leaves out
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint, email text, name text);
CREATE VIEW v AS SELECT id, email FROM users;
-- file: contract v
CREATE OR REPLACE VIEW v AS SELECT id, email FROM users WHERE id > 0;
-- file: expand
CREATE OR REPLACE VIEW v AS SELECT id, email, name FROM users;

-- case: a contract that cannot run after a later file
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract archive
CREATE TABLE archive (id bigint);
DROP TABLE archive;
-- file: expand
CREATE TABLE archive (id bigint);

-- case: the one of two contracts that is in the way
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint, email text, phone text);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: contract drop_phone
ALTER TABLE users DROP COLUMN phone;
-- file: expand
ALTER TABLE users ADD COLUMN email text;

-- case: what cannot be read is not held against anybody
-- expect: opaque-dynamic-sql
-- file: contract c
DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$;
-- file: expand
CREATE TABLE users (id bigint);

-- case: a rebuild that waits does not know the new column
-- expect: order-dependent
-- file: contract rebuild
CREATE TABLE new_users (id bigint, name text);
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
-- file: expand
ALTER TABLE users ADD COLUMN email text;

-- case: contracts keep their order when they come last
-- expect: none
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_users
DROP TABLE users;
-- file: expand
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: contract new_users
CREATE TABLE users (id bigint PRIMARY KEY);

-- case: a later file that needs what a contract makes behind another contract
-- expect: contract-in-the-way
-- history
CREATE TABLE users (id bigint, email text);
-- file: contract drop_email
ALTER TABLE users DROP COLUMN email;
-- file: contract archive
CREATE TABLE archive (id bigint);
-- file: expand
CREATE INDEX CONCURRENTLY archive_id ON archive (id);

-- case: the other tools know no phases
-- expect: drop-column
-- layout: sqlx
-- history
CREATE TABLE users (id bigint, email text);
-- draft
ALTER TABLE users DROP COLUMN email;
-- draft
ALTER TABLE users ADD COLUMN email text;
