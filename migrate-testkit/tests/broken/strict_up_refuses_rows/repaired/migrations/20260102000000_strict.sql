-- migrate:rollback data-loss="a body that was NULL stays empty"
-- migrate:up
UPDATE note SET body = '' WHERE body IS NULL;
ALTER TABLE note ALTER COLUMN body SET NOT NULL;
-- migrate:down
ALTER TABLE note ALTER COLUMN body DROP NOT NULL;
