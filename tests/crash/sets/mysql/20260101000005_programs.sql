-- migrate:up
CREATE VIEW open_order AS SELECT id, account_id FROM orders WHERE state = 'new';
CREATE TRIGGER orders_lower BEFORE INSERT ON orders FOR EACH ROW
BEGIN
    SET NEW.state = LOWER(NEW.state);
    SET @last_order = NEW.id;
END;
CREATE PROCEDURE pay(IN which bigint)
BEGIN
    UPDATE orders SET state = 'paid' WHERE id = which;
END;
INSERT INTO audit SELECT CONCAT('up 5 ', SLEEP(0.02));

-- migrate:down
INSERT INTO audit SELECT CONCAT('down 5 ', SLEEP(0.02));
DROP PROCEDURE pay;
DROP TRIGGER orders_lower;
DROP VIEW open_order;
