-- migrate:up
CREATE SEQUENCE invoice_number;

-- migrate:down
DROP SEQUENCE invoice_number;
