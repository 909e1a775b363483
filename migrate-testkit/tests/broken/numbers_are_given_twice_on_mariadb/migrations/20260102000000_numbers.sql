-- migrate:up
CREATE SEQUENCE invoice_numbers START WITH 20000;
-- migrate:down
DROP SEQUENCE invoice_numbers;
