-- case: a key that nothing makes unique
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
-- draft
UPDATE users SET nick = name;

-- case: a key that an index makes unique
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=name
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
CREATE UNIQUE INDEX users_name ON users (name);
-- draft
UPDATE users SET nick = name;

-- case: a key in another order than its index
-- expect: backfill-not-unique
-- phase: migrate
-- directive: backfill table=users key=name,id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
CREATE UNIQUE INDEX users_name ON users (id, name);
-- draft
UPDATE users SET nick = name;

-- case: a statement that moves rows to other keys
-- expect: backfill-writes-key
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
-- draft
UPDATE users SET nick = name, id = id + 1000000;

-- case: a column that grows each time
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
-- draft
UPDATE users SET name = concat(name, '!');

-- case: a column that is computed from itself, and may be the same the second time
-- expect: backfill-in-place
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
-- draft
UPDATE users SET name = replace(name, 'a', 'b');

-- case: a column that is the same the second time
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
-- draft
UPDATE users SET name = lower(trim(name)), nick = coalesce(nick, 'none');

-- case: a condition that leaves out what is done
-- expect: none
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
-- draft
UPDATE users SET name = concat(name, '!'), nick = 'done' WHERE nick IS NULL;

-- case: rows that nothing looks at afterwards
-- expect: backfill-unchecked
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
CREATE TABLE nicks (id bigint PRIMARY KEY, nick varchar(20));
-- draft
UPDATE users JOIN nicks n ON n.id = users.id SET users.nick = n.nick;

-- case: a value that is another one each time
-- expect: backfill-unchecked
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, nick varchar(20));
-- draft
UPDATE users SET nick = concat(name, rand());
