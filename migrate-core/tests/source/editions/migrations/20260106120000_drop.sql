-- migrate:change   users
-- migrate:phase    contract
-- migrate:requires 20260101120000
-- migrate:irreversible "gone"
-- migrate:up
DROP TABLE users;
