-- case: a foreign key needs its column
-- expect: mysql-alter-rebuild, needed-object
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: another table's foreign key needs the column
-- expect: mysql-alter-rebuild, needed-object
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY, code int NOT NULL, UNIQUE KEY code (code));
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (code));
-- draft
ALTER TABLE p DROP COLUMN code;

-- case: the foreign key goes with its column
-- expect: mysql-alter-rebuild
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
ALTER TABLE t DROP FOREIGN KEY f, DROP COLUMN a;

-- case: a foreign key needs its index
-- expect: needed-object
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, KEY by_a (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
ALTER TABLE t DROP INDEX by_a;

-- case: a foreign key needs its index, whichever statement drops it
-- expect: needed-object
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY by_a (a, b), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
DROP INDEX by_a ON t;

-- case: another index serves the foreign key
-- expect: none
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY by_a (a), KEY by_both (a, b), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
ALTER TABLE t DROP INDEX by_a;

-- case: another index is made in its place
-- expect: none
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY by_a (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
ALTER TABLE t DROP INDEX by_a, ADD INDEX by_both (a, b);

-- case: an index is needed where nothing is checked
-- expect: needed-object
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, KEY by_a (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
SET foreign_key_checks = 0;
ALTER TABLE t DROP INDEX by_a;

-- case: behind the last column is no place in the middle
-- expect: none
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int AFTER a, ADD COLUMN c int AFTER b;

-- case: behind the column that was last
-- expect: mysql-alter-rebuild
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
ALTER TABLE t ADD COLUMN b int;
-- draft
ALTER TABLE t ADD COLUMN c int AFTER a;

-- case: a column that came in the middle is not the last one
-- expect: none
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
ALTER TABLE t ADD COLUMN b int AFTER id;
-- draft
ALTER TABLE t ADD COLUMN c int AFTER a;

-- case: another column is computed from it
-- expect: needed-object
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int AS (a + 1));
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: what is computed from it goes too
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int AS (a + 1));
-- draft
ALTER TABLE t DROP COLUMN b, DROP COLUMN a;

-- case: a foreign key needs the table it refers to
-- expect: needed-object
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
DROP TABLE p;

-- case: the tables of a foreign key go together
-- expect: none
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
DROP TABLE p, t;

-- case: nothing is checked, so the table goes
-- expect: none
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
SET foreign_key_checks = 0;
DROP TABLE p;

-- case: a column that a trigger names
-- expect: needed-object
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0, b int);
CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- draft
ALTER TABLE t DROP COLUMN a;

-- case: a column that a trigger named that is gone
-- expect: create-trigger-lock
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0, b int);
CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER s BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = 1;
-- draft
DROP TRIGGER IF EXISTS r;
ALTER TABLE t DROP COLUMN a;

-- case: a column that a trigger names that the file makes again
-- expect: create-trigger-lock
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0, b int);
CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- draft
ALTER TABLE t DROP COLUMN a;
DROP TRIGGER r;

-- case: a column that a view shows
-- expect: needed-object
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE VIEW v AS SELECT id, a FROM t WHERE b > 1;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a column that a view shows that the file makes again
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE VIEW v AS SELECT id, a, b FROM t;
-- draft
ALTER TABLE t DROP COLUMN b;
CREATE OR REPLACE VIEW v AS SELECT id, a FROM t;

-- case: a column whose name a view has for another one
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE TABLE u (id int PRIMARY KEY, b int);
CREATE VIEW v AS SELECT id, a AS b FROM t WHERE a <> 'b';
CREATE VIEW w AS SELECT t.id, b FROM u JOIN t USING (id);
-- draft
ALTER TABLE t DROP COLUMN b;
