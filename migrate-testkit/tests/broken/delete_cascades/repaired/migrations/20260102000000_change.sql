-- migrate:up
COMMENT ON TABLE users IS 'kept';

-- migrate:down
COMMENT ON TABLE users IS NULL;
