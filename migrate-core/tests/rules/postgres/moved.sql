-- case: a key that nothing makes unique, in a backfill
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET nick = name;

-- case: a key that an index makes unique, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
CREATE UNIQUE INDEX users_name ON users (name);
-- draft
UPDATE users SET nick = name;

-- case: a key in another order than its index, in a backfill
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name,id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
CREATE UNIQUE INDEX users_name ON users (id, name);
-- draft
UPDATE users SET nick = name;

-- case: a statement that moves rows to other keys, in a backfill
-- expect: backfill-writes-key
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET nick = name, id = id + 1000000;

-- case: a column that grows each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = name || '!';

-- case: a column that is computed from itself, and may be the same the second time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = replace(name, 'a', 'b');

-- case: a column that is the same the second time, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = lower(trim(name)), nick = coalesce(nick, 'none');

-- case: a condition that leaves out what is done, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
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
UPDATE users SET nick = random()::text;
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

-- case: a key that is taken out of a document, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET settings = settings - 'legacy';

-- case: keys that are taken out of a document, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET settings = users.settings - 'legacy' - ARRAY['a', 'b'] - '{c,d}'::text[];

-- case: a key that is set in a document, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb DEFAULT '{}'::jsonb, name text);
-- draft
UPDATE users SET settings = settings || '{"theme":"dark"}'::jsonb;

-- case: a key that is set in what may be a list, in a backfill
-- expect: backfill-in-place (warning)
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET settings = settings || '{"theme":"dark"}'::jsonb;

-- case: a key that a document may have, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb DEFAULT '{}'::jsonb, name text);
-- draft
UPDATE users SET settings = '{"theme":"dark"}' || settings;

-- case: a key that what may be a list may have, in a backfill
-- expect: backfill-in-place (warning)
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET settings = '{"theme":"dark"}' || settings;

-- case: an element that is taken out of an array, in a backfill
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
CREATE OPERATOR - (LEFTARG = anycompatiblearray, RIGHTARG = anycompatible, FUNCTION = array_remove);
-- draft
UPDATE users SET nums = nums - 5;

-- case: an element that a document gets each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET settings = settings || '[1]'::jsonb;

-- case: an element of a document that goes by its place, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET settings = settings - 1;

-- case: an element that an array gets each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET tags = tags || '{a}';

-- case: a text that gets a brace each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET name = name || '{a}';

-- case: a document that is put together with another column, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET settings = settings || '{"a":1}' || to_jsonb(name);

-- case: what is left of a number, in a backfill
-- expect: backfill-in-place (warning)
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET n = n % 10;

-- case: what is left of a number that grows each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, n int, nums int[], tags text[], settings jsonb, name text);
-- draft
UPDATE users SET n = n % 10 + 1;

-- case: a key that is taken out of what may be a document, in a backfill
-- expect: backfill-in-place (warning)
-- phase: migrate
-- directive: backfill table=unseen key=id
UPDATE unseen SET settings = settings - 'legacy';

-- case: a key that is set in what may be a document, in a backfill
-- expect: backfill-in-place (warning)
-- phase: migrate
-- directive: backfill table=unseen key=id
UPDATE unseen SET settings = settings || '{"theme":"dark"}';

-- case: a number that may be less each time, in a backfill
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=unseen key=id
UPDATE unseen SET n = n - 5;

-- case: the condition of an index follows a column to its new name
-- expect: none
-- history
CREATE TABLE posts (id bigint PRIMARY KEY, read timestamptz, state text);
CREATE INDEX posts_read ON posts (id) INCLUDE (read) WHERE read IS NOT NULL AND state <> 'read';
ALTER TABLE posts RENAME COLUMN read TO read_at;
-- draft
DROP INDEX CONCURRENTLY posts_read;
-- down
CREATE INDEX CONCURRENTLY posts_read ON posts (id) INCLUDE (read_at) WHERE read_at IS NOT NULL AND state <> 'read';

-- case: what is computed follows it too
-- expect: add-column-generated-stored
-- phase: contract
-- directive: rollback data-loss="nothing that is not computed"
-- history
CREATE TABLE posts (id bigint PRIMARY KEY, title text, long int GENERATED ALWAYS AS (length(title)) STORED);
ALTER TABLE posts RENAME COLUMN title TO heading;
-- draft
ALTER TABLE posts DROP COLUMN long;
-- down
ALTER TABLE posts ADD COLUMN long int GENERATED ALWAYS AS (length(heading)) STORED;

-- case: an index goes with the column that its condition names
-- expect: none
-- phase: contract
-- history
CREATE TABLE posts (id bigint PRIMARY KEY, read timestamptz);
CREATE INDEX posts_read ON posts (id) WHERE read IS NOT NULL;
ALTER TABLE posts RENAME COLUMN read TO read_at;
ALTER TABLE posts DROP COLUMN read_at;
-- draft
CREATE INDEX CONCURRENTLY posts_read ON posts (id);
