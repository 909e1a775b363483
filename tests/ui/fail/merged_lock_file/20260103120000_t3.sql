-- migrate:up
CREATE TABLE t3 (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE t3;
