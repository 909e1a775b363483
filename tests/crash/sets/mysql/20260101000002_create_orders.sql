-- migrate:up
CREATE TABLE orders (id bigint NOT NULL PRIMARY KEY, account_id bigint NOT NULL);
INSERT INTO orders SELECT id, id FROM account WHERE id < 2000;
ALTER TABLE orders ADD COLUMN state varchar(20) NOT NULL DEFAULT 'new', ALGORITHM=COPY;
UPDATE orders SET state = 'paid' WHERE id < 500;
INSERT INTO audit SELECT CONCAT('up 2 a ', SLEEP(0.02));
CREATE INDEX orders_state ON orders (state);
ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES account (id);
INSERT INTO audit VALUES ('up 2 b');

-- migrate:down
INSERT INTO audit SELECT CONCAT('down 2 a ', SLEEP(0.02));
ALTER TABLE orders DROP FOREIGN KEY orders_account;
INSERT INTO audit VALUES ('down 2 b');
DROP TABLE orders;
