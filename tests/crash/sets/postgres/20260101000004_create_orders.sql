-- migrate:up
CREATE TYPE order_state AS ENUM ('new', 'paid');
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account,
    state order_state NOT NULL DEFAULT 'new'
);
INSERT INTO orders (id, account_id) SELECT id, id FROM account WHERE id <= 500;
CREATE VIEW open_order AS SELECT id, account_id FROM orders WHERE state = 'new';
INSERT INTO audit SELECT 'up 4' FROM pg_sleep(0.03);

-- migrate:down
INSERT INTO audit SELECT 'down 4' FROM pg_sleep(0.03);
DROP VIEW open_order;
DROP TABLE orders;
DROP TYPE order_state;
