-- migrate:change people
-- migrate:sync users.name <-> people.name on (users.id = people.id)
-- migrate:up
CREATE TABLE people (id int PRIMARY KEY, name text);
-- migrate:down
DROP TABLE people;
