-- migrate:up
INSERT INTO audit SELECT CONCAT('up 4 a ', SLEEP(0.02));
UPDATE account SET balance = balance + 1 WHERE id < 3000;
INSERT INTO audit SELECT CONCAT('up 4 b ', SLEEP(0.02));

-- migrate:down
INSERT INTO audit SELECT CONCAT('down 4 a ', SLEEP(0.02));
UPDATE account SET balance = balance - 1 WHERE id < 3000;
INSERT INTO audit SELECT CONCAT('down 4 b ', SLEEP(0.02));
