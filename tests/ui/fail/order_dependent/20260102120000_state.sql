-- migrate:change state
-- migrate:phase contract
-- migrate:up
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'new';

-- migrate:down
ALTER TABLE users ALTER COLUMN state DROP DEFAULT;
