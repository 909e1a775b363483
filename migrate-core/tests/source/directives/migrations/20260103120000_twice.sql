-- migrate:change x
-- migrate:change y
-- migrate:up
CREATE TABLE c (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE c;
