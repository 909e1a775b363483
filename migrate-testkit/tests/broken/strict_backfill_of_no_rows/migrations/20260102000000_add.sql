-- migrate:change half
-- migrate:up
ALTER TABLE odd ADD COLUMN half INT;
-- migrate:down
ALTER TABLE odd DROP COLUMN half;
