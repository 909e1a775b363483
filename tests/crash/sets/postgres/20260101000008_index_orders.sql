-- migrate:up
CREATE INDEX orders_account ON orders (account_id);
COMMENT ON TABLE orders IS 'what an account ordered';
INSERT INTO audit SELECT 'up 8' FROM pg_sleep(0.03);

-- migrate:down
COMMENT ON TABLE orders IS NULL;
DROP INDEX orders_account;
INSERT INTO audit SELECT 'down 8' FROM pg_sleep(0.03);
