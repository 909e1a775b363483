-- migrate:up
source other.sql;
CREATE TABLE source (id int);
-- migrate:down
DROP TABLE source;
