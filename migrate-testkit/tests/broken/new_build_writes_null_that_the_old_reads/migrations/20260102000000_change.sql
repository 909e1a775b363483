-- migrate:up
CREATE TABLE new_users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, nick VARCHAR(20));
INSERT INTO new_users (id, name, nick) SELECT id, name, nick FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;

-- migrate:down
UPDATE users SET nick = '' WHERE nick IS NULL;
CREATE TABLE old_users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, nick VARCHAR(20) NOT NULL);
INSERT INTO old_users (id, name, nick) SELECT id, name, nick FROM users;
DROP TABLE users;
ALTER TABLE old_users RENAME TO users;
