-- case: the replacement is never filled
-- expect: drop-before-backfill
-- file: expand rename
ALTER TABLE users ADD COLUMN mail text;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: filled by a backfill
-- expect: none
-- file: expand rename
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: another column is filled
-- expect: drop-before-backfill
-- file: expand rename
ALTER TABLE users ADD COLUMN mail text;
ALTER TABLE users ADD COLUMN name text;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET nick = email WHERE nick IS NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: filled by Rust
-- expect: none
-- file: expand rename
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename
-- directive: rust move_mail
-- directive: backfill table=users key=id
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: filled by a function
-- expect: none
-- file: expand rename
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename
SELECT move_mail();
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: rows are touched so that the sync fills them
-- expect: none
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET email = email WHERE mail IS NULL;
-- file: contract rename
-- directive: unsync users.email <-> users.mail
ALTER TABLE users DROP COLUMN email;

-- case: a sync alone leaves the old rows behind
-- expect: drop-before-backfill
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail text;
-- file: contract rename
-- directive: unsync users.email <-> users.mail
ALTER TABLE users DROP COLUMN email;

-- case: a sync into another table
-- expect: drop-before-backfill
-- file: expand split
-- directive: sync users.email <-> addresses.email on (addresses.user_id = users.id)
CREATE TABLE addresses (user_id bigint PRIMARY KEY, email text);
-- file: contract split
-- directive: unsync users.email <-> addresses.email on (addresses.user_id = users.id)
ALTER TABLE users DROP COLUMN email;

-- case: a sync into another table that is filled
-- expect: none
-- file: expand split
-- directive: sync users.email <-> addresses.email on (addresses.user_id = users.id)
CREATE TABLE addresses (user_id bigint PRIMARY KEY, email text);
-- file: migrate split
-- directive: backfill table=users key=id
INSERT INTO addresses (user_id, email) SELECT id, email FROM users WHERE id > 0
ON CONFLICT (user_id) DO NOTHING;
-- file: contract split
-- directive: unsync users.email <-> addresses.email on (addresses.user_id = users.id)
ALTER TABLE users DROP COLUMN email;

-- case: a sync into another table that is filled without a word of what its triggers made
-- expect: copy-beside-sync
-- file: expand split
-- directive: sync users.email <-> addresses.email on (addresses.user_id = users.id)
CREATE TABLE addresses (user_id bigint PRIMARY KEY, email text);
-- file: migrate split
-- directive: backfill table=users key=id
INSERT INTO addresses (user_id, email) SELECT id, email FROM users WHERE id > 0;
-- file: contract split
-- directive: unsync users.email <-> addresses.email on (addresses.user_id = users.id)
ALTER TABLE users DROP COLUMN email;

-- case: the old table goes before the new one is filled
-- expect: drop-before-backfill
-- file: expand people
-- directive: sync users.email <-> people.email on (people.id = users.id)
CREATE TABLE people (id bigint PRIMARY KEY, email text);
-- file: contract people
-- directive: unsync users.email <-> people.email on (people.id = users.id)
DROP TABLE users;

-- case: a new column with a value of its own replaces nothing
-- expect: none
-- file: expand flags
ALTER TABLE users ADD COLUMN active boolean NOT NULL DEFAULT true;
-- file: contract flags
ALTER TABLE users DROP COLUMN legacy;

-- case: another table got the column
-- expect: none
-- file: expand flags
ALTER TABLE orders ADD COLUMN note text;
-- file: contract flags
ALTER TABLE users DROP COLUMN legacy;

-- case: two changes do not mix
-- expect: none
-- file: expand notes
ALTER TABLE users ADD COLUMN note text;
-- file: contract legacy
ALTER TABLE users DROP COLUMN legacy;

-- case: a released expand counts
-- expect: drop-before-backfill
-- file: expand rename released
ALTER TABLE users ADD COLUMN mail text;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: released files are not judged
-- expect: none
-- file: expand rename released
ALTER TABLE users ADD COLUMN mail text;
-- file: contract rename released
ALTER TABLE users DROP COLUMN email;

-- case: allowed with a reason
-- expect: none
-- file: expand rename
ALTER TABLE users ADD COLUMN mail text;
-- file: contract rename
-- directive: allow drop-before-backfill "the addresses are asked for anew"
ALTER TABLE users DROP COLUMN email;

-- case: NOT NULL before it is filled
-- expect: set-not-null-before-backfill, set-not-null-scan
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug text;
-- file: contract slugs
ALTER TABLE posts ALTER COLUMN slug SET NOT NULL;

-- case: NOT NULL with a valid proof
-- expect: none
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug text;
-- file: contract slugs
-- directive: transaction off
ALTER TABLE posts ADD CONSTRAINT c CHECK (slug IS NOT NULL) NOT VALID;
ALTER TABLE posts VALIDATE CONSTRAINT c;
ALTER TABLE posts ALTER COLUMN slug SET NOT NULL;

-- case: NOT NULL with a proof that is not valid
-- expect: set-not-null-before-backfill, set-not-null-scan
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug text;
-- file: contract slugs
-- directive: transaction off
ALTER TABLE posts ADD CONSTRAINT c CHECK (slug IS NOT NULL) NOT VALID;
ALTER TABLE posts ALTER COLUMN slug SET NOT NULL;

-- case: NOT NULL after the backfill
-- expect: set-not-null-scan
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug text;
-- file: migrate slugs
-- directive: backfill table=posts key=id
UPDATE posts SET slug = lower(title) WHERE slug IS NULL;
-- file: contract slugs
ALTER TABLE posts ALTER COLUMN slug SET NOT NULL;

-- case: NOT NULL of a column with a default
-- expect: set-not-null-scan
-- file: expand states
ALTER TABLE posts ADD COLUMN state text DEFAULT 'new';
-- file: contract states
ALTER TABLE posts ALTER COLUMN state SET NOT NULL;

-- case: NOT NULL in a table of its own
-- expect: none
-- file: expand posts
CREATE TABLE posts (id bigint PRIMARY KEY, slug text);
-- file: contract posts
ALTER TABLE posts ALTER COLUMN slug SET NOT NULL;

-- case: unique before it is filled
-- expect: unique-before-backfill
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug text;
-- file: expand slugs
CREATE UNIQUE INDEX CONCURRENTLY posts_slug ON posts (slug);
-- file: migrate slugs
-- directive: backfill table=posts key=id
UPDATE posts SET slug = lower(title) WHERE slug IS NULL;

-- case: unique after it is filled
-- expect: none
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug text;
-- file: migrate slugs
-- directive: backfill table=posts key=id
UPDATE posts SET slug = lower(title) WHERE slug IS NULL;
-- file: contract slugs
CREATE UNIQUE INDEX CONCURRENTLY posts_slug ON posts (slug);

-- case: an index that is not unique may come first
-- expect: none
-- file: expand slugs
ALTER TABLE posts ADD COLUMN slug text;
-- file: expand slugs
CREATE INDEX CONCURRENTLY posts_slug ON posts (slug);
-- file: migrate slugs
-- directive: backfill table=posts key=id
UPDATE posts SET slug = lower(title) WHERE slug IS NULL;

-- case: a new table is unique before it is filled
-- expect: none
-- file: expand addresses
CREATE TABLE addresses (user_id bigint PRIMARY KEY, email text UNIQUE);
-- file: migrate addresses
-- directive: backfill table=users key=id
INSERT INTO addresses (user_id, email) SELECT id, email FROM users WHERE id > 0;

-- case: a sync that does not end
-- expect: sync-without-unsync
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: a sync whose contract is still to come
-- expect: none
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail text;

-- case: a sync that ends in one of two contracts
-- expect: drop-not-null
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
-- directive: unsync users.email <-> users.mail
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
-- file: contract rename
ALTER TABLE users DROP COLUMN email;

-- case: the end of another sync
-- expect: sync-without-unsync, unsync-without-sync
-- file: expand rename
-- directive: sync users.email <-> users.mail
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename
-- directive: unsync users.email <-> users.e_mail
ALTER TABLE users DROP COLUMN email;

-- case: a contract that is overdue
-- expect: contract-overdue
-- file: expand rename 20240101000000 released
ALTER TABLE users ADD COLUMN mail text;
-- file: expand 20240601000000
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: a contract that is not overdue yet
-- expect: none
-- file: expand rename 20240101000000 released
ALTER TABLE users ADD COLUMN mail text;
-- file: expand 20240331000000
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: the age is the project's
-- expect: contract-overdue
-- remind-after: 30d
-- file: expand rename 20240101000000 released
ALTER TABLE users ADD COLUMN mail text;
-- file: expand 20240301000000
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: the age counts from the last file of the change
-- expect: none
-- file: expand rename 20240101000000 released
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename 20240501000000 released
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: expand 20240601000000
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: a change with a contract is not overdue
-- expect: none
-- file: expand rename 20240101000000 released
ALTER TABLE users ADD COLUMN mail text;
-- file: migrate rename 20240101000001 released
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;
-- file: contract rename 20240102000000 released
ALTER TABLE users DROP COLUMN email;
-- file: expand 20240601000000
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: an expand of its own needs no contract
-- expect: none
-- file: expand 20240101000000 released
ALTER TABLE users ADD COLUMN mail text;
-- file: expand 20240601000000
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: what is before the baseline is not reminded of
-- expect: none
-- history
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: expand rename 20190101000000 released
ALTER TABLE people ADD COLUMN mail text;
-- file: expand 20240601000000
CREATE TABLE orders (id bigint PRIMARY KEY);

-- case: a rollback loses what the contract drops
-- expect: rollback-loses-data
-- file: contract c
ALTER TABLE users DROP COLUMN email;
-- down
ALTER TABLE users ADD COLUMN email text;

-- case: and says so
-- expect: none
-- file: contract c
-- directive: rollback data-loss="the addresses"
ALTER TABLE users DROP COLUMN email;
-- down
ALTER TABLE users ADD COLUMN email text;

-- case: and denies it
-- expect: rollback-loses-data
-- file: contract c
-- directive: rollback data-loss="none"
ALTER TABLE users DROP COLUMN email;
-- down
ALTER TABLE users ADD COLUMN email text;

-- case: and fills it again
-- expect: none
-- file: contract c
-- directive: rollback data-loss="none"
ALTER TABLE users DROP COLUMN email;
-- down
ALTER TABLE users ADD COLUMN email text;
UPDATE users SET email = mail WHERE id > 0;

-- case: no way back and no loss by it
-- expect: none
-- file: contract c
-- directive: irreversible "the addresses are in the backup"
ALTER TABLE users DROP COLUMN email;

-- case: a table that comes back empty
-- expect: rollback-loses-data, drop-fk-locks-parent
-- history
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
-- file: contract c
DROP TABLE orders;
-- down
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);

-- case: a constraint is no data
-- expect: add-unique-constraint (warning)
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text CONSTRAINT users_email_key UNIQUE);
-- file: contract c
-- directive: rollback data-loss="none"
ALTER TABLE users DROP CONSTRAINT users_email_key;
-- down
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);

-- case: what is computed is not lost
-- expect: add-column-generated-stored (warning)
-- history
CREATE TABLE users (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED);
-- file: contract c
ALTER TABLE users DROP COLUMN twice;
-- down
ALTER TABLE users ADD COLUMN twice bigint GENERATED ALWAYS AS (id * 2) STORED;

-- case: the way back from an expand drops what was moved
-- expect: rollback-loses-data
-- file: expand rename
ALTER TABLE users ADD COLUMN mail text;
-- down
ALTER TABLE users DROP COLUMN mail;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;

-- case: a sync carries it back
-- expect: none
-- file: expand rename
-- directive: sync users.email <-> users.mail
-- directive: rollback data-loss="none"
ALTER TABLE users ADD COLUMN mail text;
-- down
ALTER TABLE users DROP COLUMN mail;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;

-- case: a sync that does not carry it back
-- expect: rollback-loses-data
-- file: expand rename
-- directive: sync users.email -> users.mail
ALTER TABLE users ADD COLUMN mail text;
-- down
ALTER TABLE users DROP COLUMN mail;
-- file: migrate rename
-- directive: backfill table=users key=id
UPDATE users SET mail = email WHERE mail IS NULL;

-- case: the way back from an expand that nothing fills
-- expect: none
-- file: expand notes
-- directive: rollback data-loss="none"
ALTER TABLE users ADD COLUMN note text;
-- down
ALTER TABLE users DROP COLUMN note;
