-- case: the parent of a child in one DROP
-- expect: needed-object
-- since: 10.6
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES p (id));
DROP TABLE p, c;

-- case: the child before its parent in one DROP
-- expect: none
-- since: 10.6
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES p (id));
DROP TABLE c, p;

-- case: keys that MariaDB cuts or hashes
-- expect: none
-- since: 10.6
CREATE TABLE a (id int PRIMARY KEY, url varchar(1024) NOT NULL, note text, KEY (url), UNIQUE KEY (note), UNIQUE KEY (url, note)) CHARSET utf8mb4;

-- case: keys that are too long for MariaDB, 1
-- expect: refused-statement
-- since: 10.6
CREATE TABLE a (host varchar(300) NOT NULL, path varchar(700) NOT NULL, PRIMARY KEY (host, path)) CHARSET utf8mb4;

-- case: keys that are too long for MariaDB, 2
-- expect: refused-statement
-- since: 10.6
CREATE TABLE b (host varchar(300) NOT NULL, path varchar(700) NOT NULL, KEY (host, path)) CHARSET utf8mb4;

-- case: defaults that MySQL alone refuses
-- expect: none
-- since: 10.6
CREATE TABLE a (id int PRIMARY KEY, d date DEFAULT CURRENT_DATE, e datetime(6) DEFAULT CURRENT_TIMESTAMP, f date DEFAULT CURRENT_TIMESTAMP, g text NOT NULL DEFAULT '');

-- case: defaults that are no values of their types, 1
-- expect: refused-statement
-- since: 10.6
CREATE TABLE a (s enum('new', 'done') NOT NULL DEFAULT 'open');

-- case: defaults that are no values of their types, 2
-- expect: refused-statement
-- since: 10.6
CREATE TABLE b (n int NOT NULL DEFAULT NULL);

-- case: words that MariaDB reserves, and those that it does not
-- expect: syntax-error
-- since: 10.6
CREATE TABLE a (id int PRIMARY KEY, rank int, system int, `offset` int, groups int);
CREATE TABLE b (id int PRIMARY KEY, offset int);

-- case: a word that MariaDB did not reserve then
-- expect: none
-- since: 10.5
CREATE TABLE b (id int PRIMARY KEY, offset int);
