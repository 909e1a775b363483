INSERT INTO invoices (number, customer) VALUES (NEXTVAL(invoice_numbers), ?)
