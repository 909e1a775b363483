CREATE TABLE a$b$c (x int);
CREATE TABLE d$b$c (x int);
DROP TABLE a$b$c, d$b$c;
