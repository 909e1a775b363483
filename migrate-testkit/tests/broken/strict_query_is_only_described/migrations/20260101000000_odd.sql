-- migrate:up
CREATE TABLE odd (a INT NOT NULL CHECK (a % 1000 = 777 AND a > 5000));
-- migrate:down
DROP TABLE odd;
