-- migrate:change drop_age
-- migrate:phase contract
-- migrate:irreversible "ages are in the backup"
-- migrate:up
ALTER TABLE users DROP COLUMN age;
