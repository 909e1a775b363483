/* x */ -- migrate:change x
-- migrate:up
CREATE TABLE e (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE e;
