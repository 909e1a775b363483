-- migrate:up
CREATE TABLE account (id int NOT NULL PRIMARY KEY, name varchar(40) NOT NULL);
-- migrate:down
DROP TABLE account;
