-- migrate:up
CREATE INDEX users_display_name ON users (display_name);

-- migrate:down
DROP INDEX users_display_name;
