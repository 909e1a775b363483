-- case: enum insert missing
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE d (id INT PRIMARY KEY, e ENUM('a', 'b'));
-- draft
INSERT INTO d VALUES (1, 'c');

-- case: set insert fine
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE d (id INT PRIMARY KEY, e SET('a', 'b'));
-- draft
INSERT INTO d VALUES (1, 'b,a');

-- case: set insert wrong
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE d (id INT PRIMARY KEY, e SET('a', 'b'));
-- draft
INSERT INTO d VALUES (1, 'a,c');

-- case: insert no default
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT NOT NULL);
-- draft
INSERT INTO n (id) VALUES (1);

-- case: insert too long
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, s VARCHAR(3));
-- draft
INSERT INTO n VALUES (1, 'abcd');

-- case: insert out of range
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a TINYINT UNSIGNED);
-- draft
INSERT INTO n VALUES (1, 256);

-- case: insert bad int
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
INSERT INTO n VALUES (1, 'abc');

-- case: insert bad date
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a DATETIME);
-- draft
INSERT INTO n VALUES (1, '2021-13-01');

-- case: insert ignore bad
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
INSERT IGNORE INTO n VALUES (1, 'abc');

-- case: on dup missing
-- expect: missing-object
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
INSERT INTO n VALUES (1, 2) ON DUPLICATE KEY UPDATE b = 3;

-- case: values func
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
INSERT INTO n VALUES (1, 2) ON DUPLICATE KEY UPDATE a = VALUES(a);

-- case: generated insert default
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE g (id INT PRIMARY KEY, a INT, b INT AS (a * 2) STORED);
-- draft
INSERT INTO g (id, a, b) VALUES (1, 2, DEFAULT);

-- case: insert set syntax
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
INSERT INTO n SET id = 1, a = DEFAULT;

-- case: insert null
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n VARCHAR(5) NOT NULL);
-- draft
INSERT INTO a (n) VALUES (NULL);

-- case: insert null autoinc
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n VARCHAR(5) NOT NULL);
-- draft
INSERT INTO a VALUES (NULL, 'x');

-- case: insert hex
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n VARBINARY(4));
-- draft
INSERT INTO a VALUES (1, 0x00ff), (2, x'0102');

-- case: insert hex too long
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n VARBINARY(2));
-- draft
INSERT INTO a VALUES (1, x'010203');

-- case: insert json
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, j JSON);
-- draft
INSERT INTO a VALUES (1, '{"a": "b c", "d": []}'), (2, 'null'), (3, '"x"');

-- case: insert json bad
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, j JSON);
-- draft
INSERT INTO a VALUES (1, "{'a': 1}");

-- case: insert select fewer
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, s CHAR(2));
-- draft
INSERT INTO a (id, s) SELECT id FROM a AS b;

-- case: insert decimal overflow
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n DECIMAL(5,2));
-- draft
INSERT INTO a VALUES (1, 12345.6);

-- case: insert decimal round
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n DECIMAL(5,2));
-- draft
INSERT INTO a VALUES (1, 123.456);

-- case: insert time
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, t TIME, d DATE, y YEAR);
-- draft
INSERT INTO a VALUES (1, '12:30:00', '2024-02-29', 2024), (2, '123:00', '24-1-1', '24');

-- case: insert iso z
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, d DATETIME);
-- draft
INSERT INTO a VALUES (1, '2024-01-01T00:00:00Z');

-- case: update too long
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, s CHAR(2));
INSERT INTO a VALUES (1, 'a');
-- draft
UPDATE a SET s = 'abc' WHERE id = 1;

-- case: update null
-- expect: refused-statement
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, s CHAR(2) NOT NULL);
INSERT INTO a VALUES (1, 'a');
-- draft
UPDATE a SET s = NULL WHERE id = 1;

-- case: enum number
-- expect: none
-- since: 10.11
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, e ENUM('x', 'y') NOT NULL);
-- draft
INSERT INTO a VALUES (1, 2), (2, 'X');

-- case: the table written again from itself
-- expect: whole-table-write
-- phase: migrate
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
REPLACE INTO t SELECT id, a + 1 FROM t;
