-- migrate:up
ALTER TABLE users ALTER COLUMN age SET NOT NULL;

-- migrate:down
ALTER TABLE users ALTER COLUMN age DROP NOT NULL;
