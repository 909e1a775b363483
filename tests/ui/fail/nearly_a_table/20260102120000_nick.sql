-- migrate:up
ALTER TABLE usres ADD COLUMN nick text;
-- migrate:down
ALTER TABLE usres DROP COLUMN nick;
