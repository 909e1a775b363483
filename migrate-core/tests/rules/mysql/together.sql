-- case: fk down loses cascade
-- expect: down-not-inverse, mysql-add-foreign-key (warning)
-- since: 8.0
-- history
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE);
-- draft
ALTER TABLE c DROP FOREIGN KEY f;
-- down
ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id);
-- case: restrict is the default
-- expect: mysql-add-foreign-key (warning)
-- history
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id bigint PRIMARY KEY, p_id bigint, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION);
-- draft
ALTER TABLE c DROP FOREIGN KEY f;
-- down
ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id);
-- case: check back with another condition
-- expect: down-not-inverse, mysql-alter-copy (warning)
-- history
CREATE TABLE c (id bigint PRIMARY KEY, a int, CONSTRAINT k CHECK (a > 0));
-- draft
ALTER TABLE c DROP CONSTRAINT k;
-- down
ALTER TABLE c ADD CONSTRAINT k CHECK (a > 1);
-- case: virtual column beside another new one
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN v int AS (id + 1) VIRTUAL, ADD COLUMN z int;
-- case: column with an index over another
-- expect: mysql-alter-rebuild
-- since: 8.0.29
ALTER TABLE t ADD COLUMN z int, ADD INDEX za (a);
-- case: online clause guards it
-- expect: none
-- since: 8.0.29
ALTER TABLE t ADD COLUMN z int, ADD INDEX za (a), ALGORITHM=INPLACE, LOCK=NONE;

-- case: built anew beside a full-text index
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text, FULLTEXT KEY f (b)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ENGINE=InnoDB;
-- draft
ALTER TABLE t ROW_FORMAT=COMPACT;
-- draft
OPTIMIZE TABLE t;

-- case: NULL beside a full-text index
-- expect: drop-not-null, mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text, FULLTEXT KEY f (b)) ENGINE=InnoDB;
-- draft
ALTER TABLE t MODIFY a int NULL;

-- case: a virtual column beside another new one that is not added in a moment
-- expect: mysql-alter-copy
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN v int AS (a + 1) VIRTUAL, ADD COLUMN z int FIRST;

-- case: a column defined anew twice
-- expect: missing-object, mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50));
-- draft
ALTER TABLE t MODIFY a bigint, MODIFY a int UNIQUE;

-- case: a column defined anew and dropped
-- expect: missing-object, mysql-alter-rebuild
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50));
-- draft
ALTER TABLE t MODIFY b varchar(60), DROP COLUMN b;

-- case: a column defined anew and called otherwise
-- expect: missing-object, rename-column
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50));
-- draft
ALTER TABLE t MODIFY b varchar(60), RENAME COLUMN b TO bb;

-- case: a primary key dropped that there is not
-- expect: missing-object, mysql-alter-copy
-- phase: contract
-- history
CREATE TABLE t (id int NOT NULL, a int, b varchar(50));
-- draft
ALTER TABLE t DROP PRIMARY KEY;

-- case: a column dropped beside its neighbour's foreign key
-- expect: mysql-alter-rebuild
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- draft
ALTER TABLE t DROP FOREIGN KEY f, DROP COLUMN b;

-- case: a column added beside a character set that stays
-- expect: mysql-alter-rebuild
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(50)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4, ADD COLUMN c int;
