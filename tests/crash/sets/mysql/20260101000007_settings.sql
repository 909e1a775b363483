-- What the first statement sets has to hold for the others, also when another process goes on with them.
-- migrate:transaction off
-- migrate:up
SET SESSION foreign_key_checks = 0;
INSERT INTO orders (id, account_id) VALUES (900001, 900001);
INSERT INTO audit SELECT CONCAT('up 7 a ', SLEEP(0.02));
INSERT INTO orders (id, account_id) VALUES (900002, 900002);
INSERT INTO audit SELECT CONCAT('up 7 b ', SLEEP(0.02));
DELETE FROM orders WHERE id > 900000;

-- migrate:down
INSERT INTO audit SELECT CONCAT('down 7 ', SLEEP(0.02));
