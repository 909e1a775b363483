-- migrate:up
CREATE TABLE note (id INT PRIMARY KEY, body VARCHAR(40));
-- migrate:down
DROP TABLE note;
