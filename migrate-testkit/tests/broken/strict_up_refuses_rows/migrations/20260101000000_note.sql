-- migrate:up
CREATE TABLE note (id int PRIMARY KEY, body varchar(40));
-- migrate:down
DROP TABLE note;
