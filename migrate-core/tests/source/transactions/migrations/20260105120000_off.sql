-- migrate:transaction off
-- migrate:up
CREATE TABLE e (id int);
CREATE INDEX CONCURRENTLY e_id ON e (id);
-- migrate:down
DROP TABLE e;
