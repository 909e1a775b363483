-- migrate:up
CREATE TABLE odd (id INT PRIMARY KEY, a INT NOT NULL CHECK (a > 5000));
-- migrate:down
DROP TABLE odd;
