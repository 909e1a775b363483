-- migrate:up
CREATE INDEX users_username ON users (username);

-- migrate:down
DROP INDEX users_username;
