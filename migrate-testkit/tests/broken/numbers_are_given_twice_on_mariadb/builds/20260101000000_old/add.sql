INSERT INTO invoices (number, customer) SELECT COALESCE(MAX(number), 0) + 1, ? FROM invoices
