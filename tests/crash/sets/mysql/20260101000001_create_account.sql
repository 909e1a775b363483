-- migrate:up
CREATE TABLE digit (d int NOT NULL PRIMARY KEY);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE account (
    id bigint NOT NULL PRIMARY KEY,
    email varchar(100) NOT NULL,
    balance bigint NOT NULL DEFAULT 0
);
INSERT INTO account
SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d, CONCAT('User', a.d, b.d, c.d, e.d, '@Example.org'), a.d * b.d
FROM digit a, digit b, digit c, digit e;
INSERT INTO audit SELECT CONCAT('up 1 ', SLEEP(0.02));

-- migrate:down
INSERT INTO audit SELECT CONCAT('down 1 ', SLEEP(0.02));
DROP TABLE account;
DROP TABLE digit;
