-- migrate:up
CREATE TABLE t2 (id int PRIMARY KEY);
-- migrate:down
DROP TABLE t2;
