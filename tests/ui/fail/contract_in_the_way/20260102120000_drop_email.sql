-- migrate:change drop_email
-- migrate:phase contract
-- migrate:irreversible "the addresses are in the backup"
-- migrate:up
ALTER TABLE users DROP COLUMN email;
