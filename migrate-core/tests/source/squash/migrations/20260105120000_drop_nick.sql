-- migrate:change no_nick
-- migrate:phase contract
-- migrate:requires 20260103120000
-- migrate:irreversible "it is in the backup"
-- migrate:up
ALTER TABLE users DROP COLUMN nick;
