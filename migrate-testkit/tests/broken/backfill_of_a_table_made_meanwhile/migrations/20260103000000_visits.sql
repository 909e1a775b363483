-- migrate:up
CREATE TABLE visits (id INT PRIMARY KEY, pages INT NOT NULL CHECK (pages BETWEEN 1 AND 9));
-- migrate:down
DROP TABLE visits;
