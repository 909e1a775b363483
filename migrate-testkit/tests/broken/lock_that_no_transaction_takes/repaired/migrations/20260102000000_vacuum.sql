-- migrate:irreversible "a test"
-- migrate:transaction off
-- migrate:up
VACUUM users;
