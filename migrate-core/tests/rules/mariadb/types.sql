-- case: autoinc default
-- expect: refused-statement
-- since: 10.11
CREATE TABLE c (id INT AUTO_INCREMENT PRIMARY KEY DEFAULT 1);

-- case: autoinc text
-- expect: refused-statement
-- since: 10.11
CREATE TABLE c (id VARCHAR(10) AUTO_INCREMENT PRIMARY KEY);

-- case: autoinc secondary
-- expect: none
-- since: 10.11
CREATE TABLE c (id INT NOT NULL AUTO_INCREMENT, a INT, KEY (id));

-- case: generated not null
-- expect: refused-statement
-- since: 10.11
CREATE TABLE g (id INT PRIMARY KEY, a INT, b INT AS (a * 2) VIRTUAL NOT NULL);

-- case: generated default
-- expect: refused-statement
-- since: 10.11
CREATE TABLE g (id INT PRIMARY KEY, a INT, b INT DEFAULT 1 AS (a * 2) VIRTUAL);

-- case: generated virtual pk
-- expect: refused-statement
-- since: 10.11
CREATE TABLE g (a INT, b INT AS (a * 2) VIRTUAL PRIMARY KEY);

-- case: generated random stored
-- expect: refused-statement
-- since: 10.11
CREATE TABLE g (a INT, b DOUBLE AS (rand()) STORED);

-- case: default bad date
-- expect: refused-statement
-- since: 10.11
CREATE TABLE d (id INT PRIMARY KEY, t DATE DEFAULT '2020-02-30');

-- case: default now on int
-- expect: refused-statement
-- since: 10.11
CREATE TABLE d (id INT PRIMARY KEY, t DATE NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);

-- case: default subquery
-- expect: refused-statement
-- since: 10.11
CREATE TABLE d (id INT PRIMARY KEY, n INT DEFAULT (SELECT 1));

-- case: set comma
-- expect: refused-statement
-- since: 10.11
CREATE TABLE d (id INT PRIMARY KEY, e SET('a,b', 'c'));

-- case: unknown type
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a STRING);

-- case: varchar no length
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a VARCHAR);

-- case: decimal scale
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a DECIMAL(3, 5));

-- case: char too long
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a CHAR(300));

-- case: collation charset mismatch
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a VARCHAR(10) CHARACTER SET latin1 COLLATE utf8mb4_bin);

-- case: fulltext int
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a INT, FULLTEXT KEY (a));

-- case: spatial null
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, g POINT, SPATIAL KEY (g));

-- case: spatial fine
-- expect: none
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, g POINT NOT NULL, SPATIAL KEY (g));

-- case: check subquery
-- expect: refused-statement
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a INT, CHECK (a IN (SELECT 1)));

-- case: check rand
-- expect: none
-- since: 10.11
CREATE TABLE n (id INT PRIMARY KEY, a INT, CHECK (a > 0 AND length('x') = 1));

-- case: default blob literal
-- expect: none
-- since: 10.11
CREATE TABLE d (id INT PRIMARY KEY, s TEXT DEFAULT 'abc', j JSON DEFAULT '{}');

-- case: default expression
-- expect: none
-- since: 10.11
CREATE TABLE d (id INT PRIMARY KEY, u UUID DEFAULT uuid(), n INT DEFAULT (1 + 2), v VARCHAR(50) DEFAULT (concat('a', 'b')));

-- case: group by update dup
-- expect: refused-statement
-- since: 10.11
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
CREATE TABLE m AS SELECT id, a AS id FROM n;

-- case: view dup column
-- expect: refused-statement
-- since: 10.11
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
CREATE VIEW v AS SELECT id, a AS id FROM n;

-- case: fk collation
-- expect: type-mismatch
-- since: 10.11
-- history
CREATE TABLE p (code VARCHAR(10) COLLATE utf8mb4_bin PRIMARY KEY) DEFAULT CHARSET utf8mb4;
-- draft
CREATE TABLE c (id INT PRIMARY KEY, code VARCHAR(10) COLLATE utf8mb4_unicode_ci, FOREIGN KEY (code) REFERENCES p (code)) DEFAULT CHARSET utf8mb4;

-- case: fk varchar length
-- expect: none
-- since: 10.11
-- history
CREATE TABLE p (code VARCHAR(10) PRIMARY KEY) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- draft
CREATE TABLE c (id INT PRIMARY KEY, code VARCHAR(20), FOREIGN KEY (code) REFERENCES p (code)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;

-- case: fk text
-- expect: refused-statement
-- since: 10.11
-- history
CREATE TABLE p (id INT PRIMARY KEY);
-- draft
CREATE TABLE c (id INT PRIMARY KEY, p_id TEXT, FOREIGN KEY (p_id) REFERENCES p (id));

-- case: default missing column
-- expect: refused-statement
-- since: 10.11
CREATE TABLE a (id INT PRIMARY KEY, f INT DEFAULT (zz + 1));

-- case: default other column
-- expect: none
-- since: 10.11
CREATE TABLE a (id INT PRIMARY KEY, e INT DEFAULT 3, f INT DEFAULT (e + 1));

-- case: default bool text
-- expect: refused-statement
-- since: 10.11
CREATE TABLE a (id INT PRIMARY KEY, f BOOLEAN DEFAULT 'true');

-- case: fk generated set null
-- expect: refused-statement
-- since: 10.11
-- history
CREATE TABLE p (a INT PRIMARY KEY);
-- draft
CREATE TABLE c (id INT PRIMARY KEY, b INT AS (id) STORED, FOREIGN KEY (b) REFERENCES p (a) ON DELETE SET NULL);

-- case: fk temporary
-- expect: refused-statement
-- since: 10.11
-- history
CREATE TABLE p (a INT PRIMARY KEY);
-- draft
CREATE TEMPORARY TABLE c (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES p (a));

-- case: fk myisam parent
-- expect: refused-statement
-- since: 10.11
-- history
CREATE TABLE p (a INT PRIMARY KEY) ENGINE=MyISAM;
-- draft
CREATE TABLE c (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES p (a));

-- case: view or replace if not exists
-- expect: syntax-error
-- since: 10.11
-- history
CREATE TABLE a (id INT PRIMARY KEY);
-- draft
CREATE OR REPLACE VIEW IF NOT EXISTS v AS SELECT id FROM a;

-- case: partition date plain
-- expect: refused-statement
-- since: 10.11
CREATE TABLE a (id INT, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE (d) (PARTITION p0 VALUES LESS THAN (100));

-- case: pg types
-- expect: refused-statement
-- since: 10.11
CREATE TABLE a (id INT PRIMARY KEY, e TIMESTAMPTZ);

-- case: pg serial
-- expect: none
-- since: 10.11
CREATE TABLE a (id SERIAL PRIMARY KEY, e NATIONAL VARCHAR(10), f LONG);

-- case: interval default
-- expect: none
-- since: 10.11
CREATE TABLE a (id INT PRIMARY KEY, e DATETIME DEFAULT (now() + INTERVAL 1 DAY));
