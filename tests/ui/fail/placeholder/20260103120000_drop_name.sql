-- migrate:change drop_name
-- migrate:phase contract
-- migrate:irreversible "say what is lost, or write a down section instead of this line"
-- migrate:up
ALTER TABLE users DROP COLUMN name;
