-- migrate:change nick
-- migrate:phase contract
-- migrate:irreversible "nobody reads nicknames"
-- migrate:up
ALTER TABLE users DROP COLUMN nick;
