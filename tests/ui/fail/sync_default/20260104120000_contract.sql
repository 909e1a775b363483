-- migrate:change rename
-- migrate:phase contract
-- migrate:unsync users.name <-> users.full_name
-- migrate:irreversible "the names stand in full_name"
-- migrate:up
ALTER TABLE users DROP COLUMN name;
