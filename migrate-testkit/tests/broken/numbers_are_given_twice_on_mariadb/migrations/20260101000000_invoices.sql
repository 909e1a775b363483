-- migrate:up
CREATE TABLE invoices (id INT AUTO_INCREMENT PRIMARY KEY, number BIGINT NOT NULL UNIQUE, customer VARCHAR(40) NOT NULL);
-- migrate:down
DROP TABLE invoices;
