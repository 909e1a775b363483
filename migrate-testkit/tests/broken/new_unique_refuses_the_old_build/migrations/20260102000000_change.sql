-- migrate:up
UPDATE users SET nick = id;
CREATE UNIQUE INDEX users_nick ON users (nick);

-- migrate:down
DROP INDEX users_nick;
