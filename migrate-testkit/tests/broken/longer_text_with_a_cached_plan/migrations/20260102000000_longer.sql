-- migrate:irreversible "a license may be long"
-- migrate:up
ALTER TABLE releases ALTER COLUMN license TYPE text;
