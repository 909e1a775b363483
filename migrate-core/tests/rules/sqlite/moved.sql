-- case: a key that nothing makes unique
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET nick = name;

-- case: a key that an index makes unique
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
CREATE UNIQUE INDEX users_name ON users (name);
-- draft
UPDATE users SET nick = name;

-- case: a key in another order than its index
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name,id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
CREATE UNIQUE INDEX users_name ON users (id, name);
-- draft
UPDATE users SET nick = name;

-- case: a statement that moves rows to other keys
-- expect: backfill-writes-key
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET nick = name, id = id + 1000000;

-- case: a column that grows each time
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = name || '!';

-- case: a column that is computed from itself, and may be the same the second time
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = replace(name, 'a', 'b');

-- case: a column that is the same the second time
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = lower(trim(name)), nick = coalesce(nick, 'none');

-- case: a condition that leaves out what is done
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET name = name || '!', nick = 'done' WHERE nick IS NULL;

-- case: rows that nothing looks at afterwards
-- expect: backfill-unchecked
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
CREATE TABLE nicks (id INTEGER PRIMARY KEY, nick text);
-- draft
UPDATE users SET nick = n.nick FROM nicks n WHERE n.id = users.id;

-- case: a value that is another one each time
-- expect: backfill-unchecked
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id INTEGER PRIMARY KEY, name text NOT NULL, nick text);
-- draft
UPDATE users SET nick = name || random();
