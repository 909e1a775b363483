-- migrate:up
CREATE TABLE a (id int);
CREATE INDEX CONCURRENTLY a_id ON a (id);
ALTER TABLE a ADD COLUMN b int;
-- migrate:down
DROP TABLE a;
