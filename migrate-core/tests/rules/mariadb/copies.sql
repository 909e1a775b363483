-- case: built anew beside an index over a virtual column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY kv (v)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ENGINE=InnoDB;

-- case: dropped beside an index over a virtual column
-- expect: mysql-alter-copy
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY kv (v)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: moved beside an index over a virtual column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY kv (v)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(20) FIRST;

-- case: an indexed virtual column computed otherwise
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY kv (v)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY v int AS (a + 2) VIRTUAL;

-- case: longer beside an index over a virtual column
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY kv (v)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(30);

-- case: an index beside one over a virtual column
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY kv (v)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD INDEX (b);

-- case: a column that an indexed virtual one is computed from becomes NOT NULL
-- expect: mysql-alter-copy, mysql-implicit-default
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL, KEY kv (v)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int NOT NULL DEFAULT 0;

-- case: built anew beside a virtual column
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ENGINE=InnoDB;

-- case: dropped beside a virtual column
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a virtual column computed otherwise
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY v int AS (a + 2) VIRTUAL;

-- case: a virtual column moved
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) VIRTUAL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY v int AS (a + 1) VIRTUAL FIRST;

-- case: a stored column with a comment
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) STORED) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY v int AS (a + 1) STORED COMMENT 'x';

-- case: a column that a stored one is computed from becomes NOT NULL
-- expect: mysql-alter-copy, mysql-implicit-default
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) STORED) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int NOT NULL DEFAULT 0;

-- case: a stored column goes
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), v int AS (a + 1) STORED) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DROP COLUMN v;

-- case: a column of MyISAM
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN c int;

-- case: an index of MyISAM
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX kb ON t (b);

-- case: a longer column of MyISAM
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(30);

-- case: what is only written down about MyISAM
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ALTER a SET DEFAULT 3, MODIFY e enum('x', 'y'), COMMENT 'x';

-- case: a column of Aria
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=Aria DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN c int;

-- case: an index of Aria
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=Aria DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX kb ON t (b);

-- case: a longer column of Aria
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=Aria DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(30);

-- case: what is only written down about Aria
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=Aria DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ALTER a SET DEFAULT 3, MODIFY e enum('x', 'y'), COMMENT 'x';

-- case: a column of MEMORY
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MEMORY DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN c int;

-- case: an index of MEMORY
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MEMORY DEFAULT CHARSET=utf8mb4;
-- draft
CREATE INDEX kb ON t (b);

-- case: a longer column of MEMORY
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MEMORY DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(30);

-- case: what is only written down about MEMORY
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), e enum('x'), KEY ka (a)) ENGINE=MEMORY DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ALTER a SET DEFAULT 3, MODIFY e enum('x', 'y'), COMMENT 'x';

-- case: checks of foreign keys that are off for others
-- expect: mysql-add-foreign-key
-- history
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SET GLOBAL foreign_key_checks = 0;
ALTER TABLE t ADD CONSTRAINT t_a FOREIGN KEY (a) REFERENCES p (id);
-- draft
SET @@global.foreign_key_checks = 0;
ALTER TABLE t ADD CONSTRAINT t_b FOREIGN KEY (a) REFERENCES p (id);

-- case: functions of later versions
-- expect: unsupported-in-version
-- since: 10.4
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
CREATE VIEW v AS SELECT j.x FROM JSON_TABLE('[]', '$[*]' COLUMNS (x int PATH '$')) AS j;
-- draft
CREATE VIEW w AS SELECT id FROM t INTERSECT ALL SELECT id FROM t;

-- case: a function that the owner of the database made
-- expect: none
-- since: 10.6
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION uuid_to_bin(x char(36)) RETURNS binary(16) DETERMINISTIC RETURN unhex(replace(x, '-', ''));
-- draft
INSERT INTO t (id, a) VALUES (1, uuid_to_bin('6ccd780c-baba-1026-9564-5b8c656024db') IS NULL);

-- case: a primary key where the unique key stands that the table is ordered by
-- expect: none
-- history
CREATE TABLE t (a int NOT NULL, b int NOT NULL, UNIQUE KEY ka (a), UNIQUE KEY kb (b)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD PRIMARY KEY (a);

-- case: a primary key where a unique key stands behind one with NULL
-- expect: none
-- history
CREATE TABLE t (a int NOT NULL, b int, UNIQUE KEY kb (b), UNIQUE KEY ka (a)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD PRIMARY KEY (a);

-- case: a primary key where another unique key comes first
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (a int NOT NULL, b int NOT NULL, UNIQUE KEY ka (a), UNIQUE KEY kb (b)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD PRIMARY KEY (b);

-- case: a primary key in another order than the unique key
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (a int NOT NULL, b int NOT NULL, UNIQUE KEY kab (a, b)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD PRIMARY KEY (b, a);

-- case: a unique key longer than an index
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(1000)) ENGINE=InnoDB CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD UNIQUE KEY ka (a);

-- case: a unique index longer than an index
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(600), b varchar(600)) ENGINE=InnoDB CHARSET=utf8mb4;
-- draft
CREATE UNIQUE INDEX kab ON t (a, b);

-- case: a unique key over a whole text
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a text) ENGINE=InnoDB CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD UNIQUE (a);

-- case: a unique key over the beginning of a text
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(1000)) ENGINE=InnoDB CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD UNIQUE (a(100)), ADD UNIQUE kb (b(700));

-- case: a unique key as long as an index can be
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(768)) ENGINE=InnoDB CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD UNIQUE KEY ka (a);

-- case: an index over a whole text
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(1000)) ENGINE=InnoDB CHARSET=utf8mb4;
-- draft
CREATE INDEX ka ON t (a);

-- case: a change beside a key that is kept as a hash
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a text, b int, UNIQUE (a)) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD COLUMN c int;

-- case: an index beside a key that is kept as a hash
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(1000), b int, UNIQUE ka (a)) ENGINE=InnoDB CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD KEY kb (b);

-- case: the key that is kept as a hash goes
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a text, b int, UNIQUE ka (a)) ENGINE=InnoDB;
-- draft
ALTER TABLE t DROP KEY ka;

-- case: a period over columns that exist
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a date NOT NULL, b date NOT NULL) ENGINE=InnoDB;
-- draft
ALTER TABLE t ADD PERIOD FOR p (a, b);

-- case: any column becomes NOT NULL beside a stored one
-- expect: mysql-alter-copy
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, s int AS (b + 1) STORED) ENGINE=InnoDB;
-- draft
ALTER TABLE t MODIFY a int NOT NULL;

-- case: a column becomes NOT NULL beside a virtual one
-- expect: mysql-alter-rebuild
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, s int AS (b + 1) VIRTUAL) ENGINE=InnoDB;
-- draft
ALTER TABLE t MODIFY a int NOT NULL;

-- case: a column moves beside a full-text index
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b text, FULLTEXT KEY fb (b)) ENGINE=InnoDB;
-- draft
ALTER TABLE t MODIFY a int AFTER b;
