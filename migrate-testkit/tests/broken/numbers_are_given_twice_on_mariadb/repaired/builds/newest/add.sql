INSERT INTO invoices (number, customer) SELECT 1 + COALESCE(MAX(number), 0), ? FROM invoices
