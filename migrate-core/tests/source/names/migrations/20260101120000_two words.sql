-- migrate:up
CREATE TABLE d (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE d;
