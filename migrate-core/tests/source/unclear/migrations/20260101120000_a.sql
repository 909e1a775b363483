-- migrate: up
CREATE TABLE a (id int);
-- migrate:donw
DROP TABLE a;
