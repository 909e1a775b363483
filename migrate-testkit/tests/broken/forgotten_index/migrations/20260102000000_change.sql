-- migrate:up
CREATE INDEX users_name ON users (name);

-- migrate:down
UPDATE users SET name = name;
