-- migrate:up
ALTER TABLE settings ADD COLUMN note VARCHAR(40);
-- migrate:down
ALTER TABLE settings DROP COLUMN note;
