-- migrate:change people
-- migrate:up
CREATE TABLE people (id int PRIMARY KEY, name text);
-- migrate:down
DROP TABLE people;
