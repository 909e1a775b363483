-- case: table exists
-- expect: object-exists
CREATE TABLE t (a int);
CREATE TABLE t (a int);

-- case: case of tables counts
-- expect: none
CREATE TABLE t (a int);
CREATE TABLE T (a int);

-- case: case of columns does not
-- expect: object-exists
CREATE TABLE t (a int);
ALTER TABLE t ADD COLUMN A int;

-- case: if not exists
-- expect: none
CREATE TABLE t (a int);
CREATE TABLE IF NOT EXISTS t (a int);

-- case: if not exists masks
-- expect: if-not-exists-masks-drift
CREATE TABLE t (a int);
-- draft
CREATE TABLE IF NOT EXISTS t (a int, b int);

-- case: column exists
-- expect: object-exists
CREATE TABLE t (a int);
ALTER TABLE t ADD a int;

-- case: column twice
-- expect: object-exists
CREATE TABLE t (a int, `a` int);

-- case: unknown column
-- expect: missing-object
CREATE TABLE t (first_name text);
ALTER TABLE t MODIFY frist_name text;

-- case: unknown column to change
-- expect: missing-object
CREATE TABLE t (a int);
ALTER TABLE t CHANGE b c int;

-- case: change to a column that exists
-- expect: object-exists
CREATE TABLE t (a int, b int);
ALTER TABLE t CHANGE a b int;

-- case: update of an unknown column
-- expect: missing-object
CREATE TABLE t (a int);
UPDATE t SET b = 1 WHERE a = 1;

-- case: insert of an unknown column
-- expect: missing-object
CREATE TABLE t (a int);
INSERT INTO t (`b`) VALUES (1);

-- case: update through an alias
-- expect: none
CREATE TABLE t (a int);
UPDATE t x SET x.a = 1 WHERE x.a = 2;

-- case: dropped table
-- expect: missing-object
CREATE TABLE t (a int);
DROP TABLE t;
ALTER TABLE t ADD b int;

-- case: renamed table
-- expect: missing-object
CREATE TABLE t (a int);
RENAME TABLE t TO u;
INSERT INTO t VALUES (1);

-- case: rename over a table
-- expect: object-exists
CREATE TABLE t (a int);
CREATE TABLE u (a int);
RENAME TABLE t TO u;

-- case: swap
-- expect: none
CREATE TABLE t (a int);
CREATE TABLE u (b int);
RENAME TABLE t TO x, u TO t, x TO u;
INSERT INTO t (b) VALUES (1);
INSERT INTO u (a) VALUES (1);

-- case: like
-- expect: none
CREATE TABLE t (a int DEFAULT 1, KEY i (a));
CREATE TABLE u LIKE t;
ALTER TABLE u DROP INDEX i, DROP COLUMN a, ADD COLUMN b int;

-- case: like lacks a column
-- expect: missing-object
CREATE TABLE t (a int);
CREATE TABLE u (LIKE t);
ALTER TABLE u DROP COLUMN b;

-- case: as select
-- expect: none
CREATE TABLE t (a int);
CREATE TABLE u AS SELECT a AS b FROM t;
ALTER TABLE u MODIFY b bigint;

-- case: temporary
-- expect: none
CREATE TEMPORARY TABLE t (a int);
ALTER TABLE t MODIFY a bigint;
DROP TEMPORARY TABLE t;

-- case: other database
-- expect: none
CREATE TABLE t (a int);
CREATE TABLE d.t (a int);

-- case: use
-- expect: none
USE a;
CREATE TABLE t (a int);
USE b;
CREATE TABLE t (a int);

-- case: rename column follows
-- expect: none
CREATE TABLE t (a int, KEY i (a));
ALTER TABLE t CHANGE a b int;
ALTER TABLE t DROP INDEX i, ADD INDEX j (b);

-- case: foreign key to a missing column
-- expect: missing-object
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (idd));

-- case: foreign key of another size
-- expect: type-mismatch
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (id));

-- case: foreign key of another sign
-- expect: type-mismatch
CREATE TABLE p (id int unsigned PRIMARY KEY);
CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (id));

-- case: foreign key of one kind
-- expect: none
CREATE TABLE p (id varchar(36) PRIMARY KEY);
CREATE TABLE t (a varchar(36), FOREIGN KEY (a) REFERENCES p (id));

-- case: down
-- expect: none
CREATE TABLE t (a int);
-- draft
ALTER TABLE t ADD COLUMN b int NOT NULL DEFAULT 1, ADD INDEX i (b);
-- down
ALTER TABLE t DROP INDEX i, DROP COLUMN b;

-- case: down forgets an index
-- expect: down-not-inverse
CREATE TABLE t (a int);
-- draft
CREATE INDEX i ON t (a);
-- down
ALTER TABLE t COMMENT = 'x';

-- case: down loses not null
-- expect: down-not-inverse
CREATE TABLE t (a int NOT NULL);
-- draft
ALTER TABLE t MODIFY a int NOT NULL DEFAULT 3;
-- down
ALTER TABLE t MODIFY a int;

-- case: down of a trigger
-- expect: none
CREATE TABLE t (a int);
-- draft
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- down
DROP TRIGGER g;

-- case: down keeps a trigger
-- expect: down-not-inverse
CREATE TABLE t (a int);
-- draft
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- down
ALTER TABLE t COMMENT = 'x';

-- case: after a call nothing is sure
-- expect: none
CREATE TABLE t (a int);
CALL add_columns();
ALTER TABLE t DROP COLUMN b;

-- case: a multi-column index outlives a column
-- expect: none
CREATE TABLE t (a int, b int, KEY i (a, b));
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP INDEX i;

-- case: primary key by name
-- expect: none
CREATE TABLE t (a int NOT NULL PRIMARY KEY);
DROP INDEX `PRIMARY` ON t;

-- case: strict
-- expect: missing-object
-- strict
ALTER TABLE t ADD a int;

-- case: syntax: unclosed
-- expect: syntax-error
CREATE TABLE t (a int;

-- case: syntax: trailing comma
-- expect: syntax-error
CREATE TABLE t (a int,);

-- case: syntax: no type
-- expect: syntax-error
ALTER TABLE t ADD COLUMN a;

-- case: syntax: verb
-- expect: syntax-error
ALTR TABLE t ADD COLUMN a int;

-- case: syntax: object
-- expect: syntax-error
CREATE TABEL t (a int);

-- case: syntax: action
-- expect: syntax-error
ALTER TABLE t MODFIY COLUMN a int;

-- case: syntax: comma before nothing
-- expect: syntax-error
ALTER TABLE t ADD COLUMN a int,;

-- case: versioned create
-- expect: none
-- since: 8.0.23
CREATE TABLE `t` (`b` int, `a` int NOT NULL /*!80023 INVISIBLE */, KEY `i` (`a`) USING BTREE) ENGINE=InnoDB /*!50100 PARTITION BY HASH (a) PARTITIONS 2 */;
ALTER TABLE t DROP INDEX i;

-- case: whole statement in a comment
-- expect: none
/*!40101 SET NAMES utf8 */;
/*!40000 ALTER TABLE `t` DISABLE KEYS */;

-- case: every kind of column
-- expect: none
CREATE TABLE t (a tinyint(1) unsigned zerofill NOT NULL DEFAULT '0', b double precision, c char(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, d timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), e enum('a','b,c)') NOT NULL DEFAULT 'a', f json, g bit(8) DEFAULT b'0', h varchar(9) DEFAULT 'it''s' COMMENT 'x, y', i int GENERATED ALWAYS AS (json_extract(f, '$.a')) STORED, j decimal(5,2) DEFAULT -1.5, k blob, l year, m serial, CONSTRAINT `pk` PRIMARY KEY (a, h(3)), CHECK (b > 0)) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='x';
ALTER TABLE t DROP COLUMN l;

-- case: a CHECK of a table that is made like another
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT t_a CHECK (a > 0));
-- draft
CREATE TABLE n LIKE t;
ALTER TABLE n ADD COLUMN b int;
ALTER TABLE n DROP CHECK n_chk_1;
