-- migrate:up
COMMENT ON COLUMN users.name IS 'the name people see';

-- migrate:down
COMMENT ON COLUMN users.name IS NULL;
