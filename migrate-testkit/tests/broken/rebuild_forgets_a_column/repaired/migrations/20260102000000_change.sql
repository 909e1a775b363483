-- migrate:up
CREATE TABLE new_users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, nick VARCHAR(20), age INTEGER);
INSERT INTO new_users (id, name, nick) SELECT id, name, nick FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;

-- migrate:down
ALTER TABLE users DROP COLUMN age;
