CREATE TABLE x9 (begin INT, end INT);
INSERT INTO x9 (begin, end) VALUES (1, 2);
DROP TABLE x9;
