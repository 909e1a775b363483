-- migrate:up
CREATE TABLE invoices (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number bigint NOT NULL UNIQUE, customer text NOT NULL);
-- migrate:down
DROP TABLE invoices;
