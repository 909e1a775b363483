-- migrate:up
-- migrate:change late
CREATE TABLE d (id int);
-- migrate:down
DROP TABLE d;
