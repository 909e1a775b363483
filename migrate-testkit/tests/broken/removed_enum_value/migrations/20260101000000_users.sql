-- migrate:up
CREATE TABLE users (id INT PRIMARY KEY, kind ENUM('free','paid','trial') NOT NULL);

-- migrate:down
DROP TABLE users;
