-- migrate:up
CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(60));
-- migrate:down
DROP TABLE users;
