-- migrate:change users
-- migrate:phase contract
-- migrate:irreversible "gone"
-- migrate:up
DROP TABLE old_users;
