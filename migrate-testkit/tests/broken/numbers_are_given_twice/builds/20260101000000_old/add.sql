INSERT INTO invoices (number, customer) SELECT coalesce(max(number), 0) + 1, $1 FROM invoices
