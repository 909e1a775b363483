-- migrate:transaction off
-- migrate:up
ALTER TABLE account ADD COLUMN active boolean;
INSERT INTO audit SELECT 'up 3 a' FROM pg_sleep(0.02);
UPDATE account SET active = balance > 10 WHERE id <= 2500;
CREATE UNIQUE INDEX CONCURRENTLY account_id_email ON account (id, slow_lower(email));
INSERT INTO audit VALUES ('up 3 b');
ALTER TABLE account ADD CONSTRAINT account_balance CHECK (balance >= 0) NOT VALID;
ALTER TABLE account VALIDATE CONSTRAINT account_balance;
INSERT INTO audit SELECT 'up 3 c' FROM pg_sleep(0.02);

-- migrate:down
INSERT INTO audit SELECT 'down 3 a' FROM pg_sleep(0.02);
ALTER TABLE account DROP CONSTRAINT account_balance;
DROP INDEX CONCURRENTLY account_id_email;
INSERT INTO audit SELECT 'down 3 b' FROM pg_sleep(0.02);
ALTER TABLE account DROP COLUMN active;
INSERT INTO audit VALUES ('down 3 c');
