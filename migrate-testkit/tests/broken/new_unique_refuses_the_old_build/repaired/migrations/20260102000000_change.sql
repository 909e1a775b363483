-- migrate:up
CREATE INDEX users_nick ON users (nick);

-- migrate:down
DROP INDEX users_nick;
