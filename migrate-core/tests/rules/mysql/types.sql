-- case: functional index column only
-- expect: syntax-error
-- since: 8.0
-- history
CREATE TABLE m (id INT PRIMARY KEY, a VARCHAR(20));
-- draft
CREATE INDEX k ON m ((a));

-- case: functional index
-- expect: create-index-not-concurrent
-- since: 8.0
-- history
CREATE TABLE m (id INT PRIMARY KEY, a VARCHAR(20));
-- draft
CREATE INDEX k ON m ((lower(a)));

-- case: functional primary
-- expect: syntax-error
-- since: 8.0
CREATE TABLE m (a INT, PRIMARY KEY ((a + 1)));

-- case: invisible pk
-- expect: syntax-error
-- since: 8.0
CREATE TABLE m (id INT, PRIMARY KEY (id) INVISIBLE);

-- case: invisible index
-- expect: none
-- since: 8.0
-- history
CREATE TABLE m (id INT PRIMARY KEY, a VARCHAR(20));
-- draft
ALTER TABLE m ADD INDEX k (a) INVISIBLE;

-- case: ignored index
-- expect: unsupported-in-version
-- since: 8.0
-- history
CREATE TABLE m (id INT PRIMARY KEY, a VARCHAR(20));
-- draft
ALTER TABLE m ADD INDEX k (a) IGNORED;

-- case: check name other table
-- expect: object-exists
-- since: 8.0
-- history
CREATE TABLE m (id INT PRIMARY KEY, a INT, CONSTRAINT ck CHECK (a > 0));
-- draft
CREATE TABLE n (id INT PRIMARY KEY, a INT, CONSTRAINT ck CHECK (a > 0));

-- case: check autoinc
-- expect: refused-statement
-- since: 8.0
CREATE TABLE m (id INT AUTO_INCREMENT PRIMARY KEY, CHECK (id > 0));

-- case: check other column inline
-- expect: refused-statement
-- since: 8.0
CREATE TABLE m (id INT PRIMARY KEY, a INT CHECK (id > 0));

-- case: check fk action
-- expect: refused-statement
-- since: 8.0
-- history
CREATE TABLE p (id INT PRIMARY KEY);
-- draft
CREATE TABLE c (id INT PRIMARY KEY, p_id INT, CHECK (p_id > 0), FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE SET NULL);

-- case: default ref later default
-- expect: refused-statement
-- since: 8.0
CREATE TABLE d (id INT PRIMARY KEY, a INT DEFAULT (b), b INT DEFAULT (1 + 1));

-- case: fk char collation default
-- expect: type-mismatch
-- since: 8.0
-- history
CREATE TABLE p (id VARCHAR(36) PRIMARY KEY) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- draft
CREATE TABLE c (id INT PRIMARY KEY, p_id VARCHAR(36), FOREIGN KEY (p_id) REFERENCES p (id)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- case: generated insert
-- expect: refused-statement
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE g (id INT PRIMARY KEY, a INT, b INT GENERATED ALWAYS AS (a * 2) STORED);
-- draft
INSERT INTO g VALUES (1, 2, 4);

-- case: generated autoinc
-- expect: refused-statement
-- since: 8.0
CREATE TABLE g (id INT AUTO_INCREMENT PRIMARY KEY, b INT AS (id + 1));

-- case: generated forward ref
-- expect: refused-statement
-- since: 8.0
CREATE TABLE g (id INT PRIMARY KEY, b INT AS (c + 1), c INT AS (id + 1));

-- case: generated not null
-- expect: none
-- since: 8.0
CREATE TABLE g (id INT PRIMARY KEY, a INT, b INT GENERATED ALWAYS AS (a * 2) VIRTUAL NOT NULL);

-- case: enum insert missing
-- expect: refused-statement
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE d (id INT PRIMARY KEY, e ENUM('a', 'b'));
-- draft
INSERT INTO d VALUES (1, 'c');

-- case: json insert invalid
-- expect: refused-statement
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE d (id INT PRIMARY KEY, j JSON);
-- draft
INSERT INTO d VALUES (1, '{a: 1}');

-- case: json insert fine
-- expect: none
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE d (id INT PRIMARY KEY, j JSON);
-- draft
INSERT INTO d VALUES (1, '{"a": [1, 2.5e3, null, true]}');

-- case: partition unique
-- expect: refused-statement
-- since: 8.0
CREATE TABLE n (id INT PRIMARY KEY, d DATE) PARTITION BY RANGE (to_days(d)) (PARTITION p0 VALUES LESS THAN (737000));

-- case: partition range type
-- expect: refused-statement
-- since: 8.0
CREATE TABLE c (id VARCHAR(10) PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN ('m'));

-- case: partition fine
-- expect: none
-- since: 8.0
CREATE TABLE c (id INT PRIMARY KEY) PARTITION BY KEY () PARTITIONS 3;

-- case: drop partition hash
-- expect: refused-statement
-- since: 8.0
-- phase: contract
-- history
CREATE TABLE c (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3;
-- draft
ALTER TABLE c DROP PARTITION p0;

-- case: update self subquery
-- expect: refused-statement
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
UPDATE n SET a = 1 WHERE id IN (SELECT id FROM n WHERE a = 2);

-- case: update derived subquery
-- expect: none
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
UPDATE n SET a = 1 WHERE id IN (SELECT id FROM (SELECT id FROM n WHERE a = 2) x);

-- case: trigger set generated
-- expect: create-trigger-lock
-- since: 8.0
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT, b INT AS (a + 1));
-- draft
CREATE TRIGGER tr BEFORE INSERT ON n FOR EACH ROW SET NEW.b = 1;

-- case: trigger follows
-- expect: create-trigger-lock
-- since: 8.0
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
CREATE TRIGGER t1 BEFORE INSERT ON n FOR EACH ROW SET NEW.a = 1;
-- draft
CREATE TRIGGER t2 BEFORE INSERT ON n FOR EACH ROW FOLLOWS t1 SET NEW.a = 2;

-- case: trigger follows missing
-- expect: create-trigger-lock, missing-object
-- since: 8.0
-- history
CREATE TABLE n (id INT PRIMARY KEY, a INT);
-- draft
CREATE TRIGGER t2 BEFORE INSERT ON n FOR EACH ROW FOLLOWS t1 SET NEW.a = 2;

-- case: fk generated virtual
-- expect: refused-statement
-- since: 8.0
-- history
CREATE TABLE p (id INT PRIMARY KEY);
-- draft
CREATE TABLE c (id INT PRIMARY KEY, b INT AS (id) VIRTUAL, FOREIGN KEY (b) REFERENCES p (id));

-- case: update from pg
-- expect: syntax-error
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n INT);
CREATE TABLE b (id INT PRIMARY KEY, n INT);
-- draft
UPDATE a SET n = b.n FROM b WHERE a.id = b.id;

-- case: on conflict pg
-- expect: syntax-error
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n INT);
-- draft
INSERT INTO a VALUES (1, 2) ON CONFLICT DO NOTHING;

-- case: delete self
-- expect: refused-statement
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n INT);
-- draft
DELETE FROM a WHERE n IN (SELECT max(n) FROM a) AND id > 3;

-- case: delete join self
-- expect: none
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, n INT);
-- draft
DELETE x FROM a x JOIN a y ON x.n = y.n AND x.id > y.id WHERE x.id > 3;

-- case: sql mode relaxed
-- expect: none
-- since: 8.0
-- history
CREATE TABLE a (id INT PRIMARY KEY, n VARCHAR(3) NOT NULL);
-- draft
SET SESSION sql_mode = '';
INSERT INTO a (id) VALUES (1);

-- case: on update fsp
-- expect: refused-statement
-- since: 8.0
CREATE TABLE a (id INT PRIMARY KEY, d DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP);

-- case: insert offset
-- expect: none
-- since: 8.0
-- phase: migrate
-- history
CREATE TABLE a (id INT PRIMARY KEY, d DATETIME);
-- draft
INSERT INTO a VALUES (1, '2024-01-01 10:00:00+01:00');

-- case: generated base later
-- expect: none
-- since: 8.0
CREATE TABLE a (id INT PRIMARY KEY, b INT AS (c + 1), c INT);

-- case: fk no unique parent
-- expect: refused-statement
-- since: 8.4
-- history
CREATE TABLE p (id INT PRIMARY KEY, code INT, KEY (code));
-- draft
CREATE TABLE c (id INT PRIMARY KEY, code INT, FOREIGN KEY (code) REFERENCES p (code));

-- case: fk no unique parent 80
-- expect: none
-- since: 8.0
-- history
CREATE TABLE p (id INT PRIMARY KEY, code INT, KEY (code));
-- draft
CREATE TABLE c (id INT PRIMARY KEY, code INT, FOREIGN KEY (code) REFERENCES p (code));

-- case: float autoinc
-- expect: refused-statement
-- since: 8.4
CREATE TABLE n (id FLOAT AUTO_INCREMENT PRIMARY KEY);

-- case: partition engine
-- expect: refused-statement
-- since: 8.0
CREATE TABLE c (id INT PRIMARY KEY) ENGINE=MyISAM PARTITION BY KEY (id) PARTITIONS 3;

-- case: widths and digits that say nothing
-- expect: none
-- history
CREATE TABLE t (a year, b float, c double, d bit) ENGINE=InnoDB;
-- draft
ALTER TABLE t MODIFY a year(4), MODIFY b float(10), MODIFY c float(30), MODIFY d bit(1);
