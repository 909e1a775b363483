-- migrate:irreversible "the tables of a test"
-- migrate:up
ALTER TABLE odd ADD COLUMN note TEXT;
