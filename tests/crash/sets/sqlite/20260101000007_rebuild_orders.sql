-- migrate:up
CREATE TABLE orders_new (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'paid'))
);
INSERT INTO orders_new SELECT id, account_id, state FROM orders;
DROP VIEW open_order;
DROP TABLE orders;
ALTER TABLE orders_new RENAME TO orders;
CREATE VIEW open_order AS SELECT id, account_id FROM orders WHERE state = 'new';
INSERT INTO audit VALUES ('up 7');

-- migrate:down
CREATE TABLE orders_old (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'new'
);
INSERT INTO orders_old SELECT id, account_id, state FROM orders;
DROP VIEW open_order;
DROP TABLE orders;
ALTER TABLE orders_old RENAME TO orders;
CREATE VIEW open_order AS SELECT id, account_id FROM orders WHERE state = 'new';
CREATE INDEX orders_account ON orders (account_id);
CREATE TRIGGER orders_lower AFTER INSERT ON orders BEGIN
    UPDATE orders SET state = lower(state) WHERE id = new.id;
END;
INSERT INTO audit VALUES ('down 7');
