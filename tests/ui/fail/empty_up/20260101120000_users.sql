-- migrate:up
-- to do
-- migrate:down
DROP TABLE users;
