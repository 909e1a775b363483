-- Cases: what MySQL does in place or by a copy because of what else a statement does, and what it refuses.

-- case: a comment is written down, which INSTANT is not
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t COMMENT 'x', ALGORITHM=INSTANT;

-- case: an index that gets another name is not INSTANT
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t RENAME INDEX kb TO kc, ALGORITHM=INSTANT;

-- case: an index that is hidden is not INSTANT
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t ALTER INDEX kb INVISIBLE, ALGORITHM=INSTANT;

-- case: a comment in place
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t COMMENT 'x', ALGORITHM=INPLACE, LOCK=NONE;

-- case: a column beside a comment
-- expect: mysql-alter-rebuild
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t ADD COLUMN z int, COMMENT 'x';

-- case: a column beside a varchar that grows
-- expect: mysql-alter-rebuild
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t ADD COLUMN z int, MODIFY c varchar(22);

-- case: a column beside a default
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t ADD COLUMN z int, ALTER a SET DEFAULT 3;

-- case: a virtual column with an index goes beside another column
-- expect: mysql-alter-copy
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t DROP COLUMN w, DROP COLUMN c;

-- case: a virtual column goes beside another column
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t DROP COLUMN v, DROP COLUMN c;

-- case: a virtual column with an index goes beside a comment
-- expect: mysql-alter-copy
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, w int AS (a + 2) VIRTUAL, KEY kw (w));
-- draft
ALTER TABLE t DROP COLUMN w, COMMENT 'x';

-- case: a virtual column goes beside an index
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t DROP COLUMN v, DROP KEY kb;

-- case: two virtual columns go
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t DROP COLUMN v, DROP COLUMN w;

-- case: a column that is kept becomes a virtual one
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t MODIFY b int AS (id) VIRTUAL;

-- case: a virtual column is to be kept
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t MODIFY v int AS (a + 1) STORED;

-- case: a virtual column becomes a plain one
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, s int AS (a + 3) STORED, KEY kw (w), KEY kb (b));
-- draft
ALTER TABLE t MODIFY v int;

-- case: types of a foreign key that differ, the checks off
-- expect: type-mismatch
-- history
CREATE TABLE p (id bigint unsigned PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int);
-- draft
SET foreign_key_checks = 0;
ALTER TABLE c ADD FOREIGN KEY (p) REFERENCES p (id);

-- case: a foreign key to what no index begins with, the checks off
-- expect: refused-statement
-- history
CREATE TABLE p (id bigint PRIMARY KEY, n bigint); CREATE TABLE c (id int PRIMARY KEY, p bigint);
-- draft
SET foreign_key_checks = 0;
ALTER TABLE c ADD FOREIGN KEY (p) REFERENCES p (n);

-- case: a foreign key to a table that comes later, the checks off
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
SET foreign_key_checks = 0;
CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES later (id));
CREATE TABLE later (id int PRIMARY KEY);

-- case: the column that others refer to shrinks
-- expect: mysql-alter-copy, needed-object
-- history
CREATE TABLE p (code varchar(20) PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p varchar(20), FOREIGN KEY (p) REFERENCES p (code));
-- draft
ALTER TABLE p MODIFY code varchar(10) NOT NULL;

-- case: the column that others refer to grows
-- expect: none
-- history
CREATE TABLE p (code varchar(20) PRIMARY KEY) CHARSET=utf8mb4; CREATE TABLE c (id int PRIMARY KEY, p varchar(20), FOREIGN KEY (p) REFERENCES p (code)) CHARSET=utf8mb4;
-- draft
ALTER TABLE p MODIFY code varchar(30) NOT NULL;

-- case: the binary collation by its attribute
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL);
-- draft
ALTER TABLE t MODIFY a varchar(60) CHARACTER SET ascii BINARY NOT NULL;

-- case: the character set by default
-- expect: unsupported-in-version
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t DEFAULT CHARACTER SET = DEFAULT;

-- case: a conversion to the character set of the database
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id int PRIMARY KEY, c varchar(20)) DEFAULT CHARSET=latin1;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET DEFAULT;

-- case: an index over JSON
-- expect: create-index-not-concurrent, refused-statement
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t ADD INDEX x ((j->'$.a'));

-- case: an index over a text of any length
-- expect: create-index-not-concurrent, refused-statement
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
CREATE INDEX x ON t ((j->>'$.a'));

-- case: an index over the present moment
-- expect: create-index-not-concurrent, refused-statement
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
CREATE INDEX x ON t ((now()));

-- case: an index over a text that is cast
-- expect: create-index-not-concurrent
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
CREATE INDEX x ON t ((CAST(j->>'$.a' AS CHAR(20))));

-- case: an index over a length
-- expect: create-index-not-concurrent
-- since: 8.0.20
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
CREATE INDEX x ON t ((json_length(j)), (lower(c)) DESC);

-- case: an index over the values of an array, too early
-- expect: create-index-not-concurrent, unsupported-in-version
-- since: 8.0.16
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
CREATE INDEX x ON t ((CAST(j->'$.a' AS UNSIGNED ARRAY)));

-- case: an index over the values of an array
-- expect: create-index-not-concurrent
-- since: 8.0.17
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
CREATE INDEX x ON t ((CAST(j->'$.a' AS CHAR(10) ARRAY)));

-- case: tables joined by their WHERE
-- expect: whole-table-write
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b)); CREATE TABLE p (id int PRIMARY KEY, a int);
-- draft
UPDATE t, p SET t.a = p.a WHERE t.b = p.id;

-- case: tables joined by their WHERE, and some rows
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b)); CREATE TABLE p (id int PRIMARY KEY, a int);
-- draft
UPDATE t, p SET t.a = p.a WHERE t.b = p.id AND p.a > 3;

-- case: two columns of one table are equal
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b)); CREATE TABLE p (id int PRIMARY KEY, a int);
-- draft
UPDATE t, p SET t.a = p.a WHERE t.b = t.a;

-- case: a name in another case
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), j json, KEY kb (b));
-- draft
ALTER TABLE t RENAME COLUMN c TO C;

-- case: a new name for what a CHECK names
-- expect: needed-object
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b int, CONSTRAINT ab CHECK (a < b));
ALTER TABLE n RENAME COLUMN a TO aa;

-- case: a new name for what a CHECK names, by CHANGE
-- expect: needed-object
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int CHECK (a > 0));
ALTER TABLE n CHANGE a aa int;

-- case: a new name for what another is computed from
-- expect: needed-object
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, g int AS (a + 1) VIRTUAL);
ALTER TABLE n RENAME COLUMN a TO aa;

-- case: a new name for what an index is computed from
-- expect: needed-object
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a varchar(10), KEY k ((lower(a))));
ALTER TABLE n RENAME COLUMN a TO aa;

-- case: a new name where the CHECK goes
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b int, CONSTRAINT ab CHECK (a < b));
ALTER TABLE n DROP CHECK ab;
ALTER TABLE n RENAME COLUMN a TO aa;

-- case: a new name for a column that is computed itself
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, g int AS (a + 1) VIRTUAL);
ALTER TABLE n RENAME COLUMN g TO h;

-- case: a new name in another case for what a CHECK names
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b int, CONSTRAINT ab CHECK (a < b));
ALTER TABLE n RENAME COLUMN b TO B;

-- case: a new name for what the partitions are by
-- expect: needed-object
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 2;
ALTER TABLE n RENAME COLUMN id TO aa;

-- case: two new columns take each other's names
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b, RENAME COLUMN b TO a;
ALTER TABLE n MODIFY b int, MODIFY a varchar(9);

-- case: the same by CHANGE
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n CHANGE a b int, CHANGE b a varchar(9);
CREATE INDEX i ON n (a, b);

-- case: a new column takes the name of one that goes
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b, DROP COLUMN b;
CREATE INDEX i ON n (b);

-- case: what took another name is not there
-- expect: missing-object
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b, DROP COLUMN b;
CREATE INDEX i ON n (a);

-- case: a new column takes a name that stays
-- expect: object-exists
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(9));
ALTER TABLE n RENAME COLUMN a TO b;

-- case: a new name for a column whose name stands in the path of an index
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, name varchar(10), j json, KEY k ((CAST(j ->> '$.name' AS CHAR(20)))));
ALTER TABLE n RENAME COLUMN name TO called;

-- case: a new name for a plain part of an index beside an expression
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(10), KEY k (a, (lower(b))));
ALTER TABLE n RENAME COLUMN a TO aa;

-- case: a new name for what an index is computed from beside a plain part
-- expect: needed-object
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, b varchar(10), KEY k (a, (lower(`b`)) DESC));
ALTER TABLE n RENAME COLUMN b TO bb;

-- case: a column that is called as a function is, by its first letters beside an expression
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, uuid char(36), x varchar(10), KEY k (uuid(10), (lower(x))));

-- case: a function that gives another value each time, beside a plain part
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE z (id int PRIMARY KEY);
-- draft
CREATE TABLE n (id int PRIMARY KEY, a int, x varchar(40), KEY k (a, (concat(x, uuid()))));

-- case: a default in parentheses is not added in a moment
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a text NOT NULL DEFAULT ('');

-- case: a constant is no new default of a long text, in parentheses neither
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a text);
-- draft
ALTER TABLE t ALTER COLUMN a SET DEFAULT ('');

-- case: NULL is a constant as well
-- expect: refused-statement
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a json);
-- draft
ALTER TABLE t ALTER COLUMN a SET DEFAULT NULL;

-- case: what is computed is a new default of a long text
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a text, b json, c text, d text);
-- draft
ALTER TABLE t ALTER COLUMN a SET DEFAULT (concat('')), ALTER COLUMN b SET DEFAULT (json_array()), ALTER COLUMN c SET DEFAULT (-1), ALTER COLUMN d SET DEFAULT (cast('' AS char)), ALGORITHM=INSTANT;

-- case: a long text with a default gets another name
-- expect: rename-column
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT ('x'));
-- draft
ALTER TABLE t RENAME COLUMN a TO b;

-- case: a long text with a default that is needed gets another name
-- expect: rename-column
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT ('x'));
-- draft
ALTER TABLE t RENAME COLUMN a TO b;

-- case: a MODIFY that says that the default goes
-- expect: drop-default
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 5);
-- draft
ALTER TABLE t MODIFY a int DEFAULT NULL;

-- case: a number in parentheses is no better
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT (1);

-- case: the present moment in parentheses
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY);
-- draft
ALTER TABLE t ADD COLUMN a datetime NOT NULL DEFAULT (now());

-- case: a default in parentheses for a column that is there
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ALTER COLUMN a SET DEFAULT (3);

-- case: another system of coordinates
-- expect: mysql-alter-copy
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, p point NOT NULL SRID 4326);
-- draft
ALTER TABLE t MODIFY p point NOT NULL SRID 0;
