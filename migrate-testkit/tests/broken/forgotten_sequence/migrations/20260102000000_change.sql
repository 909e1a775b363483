-- migrate:up
CREATE SEQUENCE invoice_number;

-- migrate:down
UPDATE users SET name = name;
