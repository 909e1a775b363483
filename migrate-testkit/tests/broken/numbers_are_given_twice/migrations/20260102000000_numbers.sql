-- migrate:up
CREATE SEQUENCE invoice_numbers;
SELECT setval('invoice_numbers', (SELECT coalesce(max(number), 0) + 1 FROM invoices), false);
-- migrate:down
DROP SEQUENCE invoice_numbers;
