-- migrate:irreversible "nobody reads them"
-- migrate:up
DROP TABLE users;
