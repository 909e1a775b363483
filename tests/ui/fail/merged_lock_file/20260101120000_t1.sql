-- migrate:up
CREATE TABLE t1 (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE t1;
