-- migrate:up
ALTER TABLE note ALTER COLUMN body SET NOT NULL;
-- migrate:down
ALTER TABLE note ALTER COLUMN body DROP NOT NULL;
