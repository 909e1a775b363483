-- migrate:up
CREATE SEQUENCE invoice_numbers;
SELECT setval('invoice_numbers', (SELECT coalesce(max(number), 0) + 1 FROM invoices), false);
CREATE FUNCTION count_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setval('invoice_numbers', greatest(NEW.number, (SELECT last_value FROM invoice_numbers)));
    RETURN NEW;
END $$;
CREATE TRIGGER count_invoice BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION count_invoice();
-- migrate:down
DROP TRIGGER count_invoice ON invoices;
DROP FUNCTION count_invoice;
DROP SEQUENCE invoice_numbers;
