-- migrate:up
CREATE VIEW open_order AS SELECT id, account_id FROM orders WHERE state = 'new';
CREATE TRIGGER orders_lower AFTER INSERT ON orders BEGIN
    UPDATE orders SET state = lower(state) WHERE id = new.id;
END;
INSERT INTO orders (id, account_id, state) SELECT id, id, 'PAID' FROM account WHERE id > 17000;
INSERT INTO audit VALUES ('up 5');

-- migrate:down
DELETE FROM orders WHERE id > 17000;
DROP TRIGGER orders_lower;
DROP VIEW open_order;
INSERT INTO audit VALUES ('down 5');
