-- migrate:up
UPDATE account SET balance = balance + 1 WHERE id % 2 = 0;
INSERT INTO audit VALUES ('up 6');

-- migrate:down
UPDATE account SET balance = balance - 1 WHERE id % 2 = 0;
INSERT INTO audit VALUES ('down 6');
