-- migrate:up
CREATE INDEX account_balance ON account (balance);
CREATE INDEX orders_account ON orders (account_id);
INSERT INTO audit VALUES ('up 4');

-- migrate:down
DROP INDEX orders_account;
DROP INDEX account_balance;
INSERT INTO audit VALUES ('down 4');
