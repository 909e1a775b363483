-- migrate:up
COMMENT ON COLUMN users.name IS 'the name people see';

-- migrate:down
UPDATE users SET name = name;
