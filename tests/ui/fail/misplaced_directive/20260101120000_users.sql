-- migrate:up
-- migrate:change users
CREATE TABLE users (id bigint);
-- migrate:down
DROP TABLE users;
