-- migrate:up
CREATE TABLE t4 (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE t4;
