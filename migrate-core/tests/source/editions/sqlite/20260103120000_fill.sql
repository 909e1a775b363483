-- migrate:change   users
-- migrate:up
CREATE INDEX users_id ON users (id);
-- migrate:down
DROP INDEX users_id;
