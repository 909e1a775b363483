-- migrate:up
ALTER TABLE odd ADD COLUMN note TEXT;
-- migrate:down
ALTER TABLE odd DROP COLUMN note;
