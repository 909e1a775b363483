INSERT INTO invoices (number, customer) VALUES (nextval('invoice_numbers'), $1)
