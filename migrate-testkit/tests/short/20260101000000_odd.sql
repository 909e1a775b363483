-- migrate:irreversible "the tables of a test"
-- migrate:up
CREATE TABLE odd (a INT NOT NULL CHECK (a % 1000 = 777 AND a > 5000));
