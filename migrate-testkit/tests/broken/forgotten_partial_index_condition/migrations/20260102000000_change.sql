-- migrate:up
DROP INDEX users_nick;
CREATE INDEX users_nick ON users (nick);

-- migrate:down
DROP INDEX users_nick;
CREATE INDEX users_nick ON users (nick);
