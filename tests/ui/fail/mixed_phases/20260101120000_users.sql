-- migrate:change users
-- migrate:phase expand
-- migrate:phase contract
-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE users;
