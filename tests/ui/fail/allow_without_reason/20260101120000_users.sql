-- migrate:up
-- migrate:allow drop-table
DROP TABLE users;
-- migrate:down
CREATE TABLE users (id bigint);
