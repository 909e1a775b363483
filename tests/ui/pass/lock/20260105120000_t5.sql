-- migrate:up
CREATE TABLE t5 (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE t5;
