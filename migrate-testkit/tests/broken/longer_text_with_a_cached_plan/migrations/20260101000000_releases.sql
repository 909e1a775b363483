-- migrate:up
CREATE TABLE releases (id int PRIMARY KEY, license varchar(100));
-- migrate:down
DROP TABLE releases;
