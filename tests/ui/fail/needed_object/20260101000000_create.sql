-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, nick text);
CREATE VIEW nicks AS SELECT nick FROM users;

-- migrate:down
DROP VIEW nicks;
DROP TABLE users;
