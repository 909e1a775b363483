-- migrate:phase contract
-- migrate:irreversible "gone"
-- migrate:up
DROP TABLE users;
