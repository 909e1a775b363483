-- migrate:up
CREATE TABLE b (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE b;
