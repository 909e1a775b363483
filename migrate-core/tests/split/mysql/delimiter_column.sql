CREATE TABLE csv (
  delimiter CHAR(1),
  quote CHAR(1));
SELECT quote,
  delimiter FROM csv;
DROP TABLE csv;
