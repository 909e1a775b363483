-- migrate:up
CREATE TABLE prices (id INT PRIMARY KEY, amount DECIMAL(10,4));
-- migrate:down
DROP TABLE prices;
