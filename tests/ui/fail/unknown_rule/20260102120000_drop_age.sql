-- migrate:irreversible "ages are in the backup"
-- migrate:up
-- migrate:allow dropcolumn "no build reads it since 2.3"
ALTER TABLE users DROP COLUMN age;
