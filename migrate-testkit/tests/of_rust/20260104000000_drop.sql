-- migrate:change handle
-- migrate:phase contract
-- migrate:irreversible "the name is the handle"
-- migrate:up
ALTER TABLE users DROP COLUMN name;
