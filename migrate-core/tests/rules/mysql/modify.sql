-- case: same type
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int(11);

-- case: wider integer
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a bigint;

-- case: unsigned
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int unsigned;

-- case: varchar within a byte
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(63);

-- case: varchar across the byte
-- expect: mysql-varchar-length-byte
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(64);

-- case: varchar 63 to 64
-- expect: mysql-varchar-length-byte
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY c varchar(64) NOT NULL;

-- case: varchar shorter
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(40);

-- case: varchar to text
-- expect: mysql-alter-copy, refused-statement
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b text;

-- case: varchar to char
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b char(50);

-- case: text to longtext
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY txt longtext;

-- case: decimal precision
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY dc decimal(12,2);

-- case: decimal by another name
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY dc numeric(10,2);

-- case: datetime fraction
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY d datetime(3);

-- case: enum appended
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY e enum('x','y','z');

-- case: enum reordered
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY e enum('y','x');

-- case: enum inserted
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY e enum('x','z','y');

-- case: enum shortened
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY e enum('x');

-- case: set appended
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY s set('p','q','r');

-- case: set reordered
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY s set('q','p');

-- case: to not null
-- expect: mysql-alter-rebuild, mysql-implicit-default
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int NOT NULL;

-- case: to not null in contract
-- expect: mysql-alter-rebuild
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int NOT NULL;

-- case: to not null in contract, online
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;

-- case: loses not null
-- expect: mysql-alter-rebuild, mysql-modify-drops-attributes
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY c varchar(63);

-- case: null on purpose
-- expect: drop-not-null, mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY c varchar(63) NULL;

-- case: loses default
-- expect: mysql-modify-drops-attributes
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY n int NOT NULL;

-- case: loses auto_increment
-- expect: mysql-alter-copy, mysql-modify-drops-attributes
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY id bigint;

-- case: keeps everything
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY n int NOT NULL DEFAULT 5 COMMENT 'x';

-- case: loses a comment
-- expect: mysql-modify-drops-attributes
-- history
CREATE TABLE t (a int COMMENT 'it''s');
-- draft
ALTER TABLE t MODIFY a int;

-- case: loses on update
-- expect: mysql-modify-drops-attributes
-- history
CREATE TABLE t (a datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
-- draft
ALTER TABLE t MODIFY a datetime DEFAULT CURRENT_TIMESTAMP;

-- case: loses a character set
-- expect: mysql-convert-charset, mysql-modify-drops-attributes
-- history
CREATE TABLE t (a varchar(20) CHARACTER SET latin1) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(20);

-- case: change drops attributes
-- expect: mysql-modify-drops-attributes, rename-column
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t CHANGE n m int NOT NULL;

-- case: default changed by alter column
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ALTER COLUMN n SET DEFAULT 4;

-- case: default dropped
-- expect: drop-default
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ALTER COLUMN n DROP DEFAULT;

-- case: default dropped in contract
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ALTER n DROP DEFAULT;

-- case: moved
-- expect: mysql-alter-rebuild
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a int FIRST;

-- case: modify of a new column
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t ADD COLUMN z varchar(10);
-- draft
ALTER TABLE t MODIFY z varchar(12);

-- case: another character set
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(50) CHARACTER SET latin1;

-- case: another collation
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY b varchar(50) COLLATE utf8mb4_bin;

-- case: convert to another set
-- expect: mysql-convert-charset
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET latin1;

-- case: convert to the same set
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;

-- case: default character set
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), c varchar(63) NOT NULL, n int NOT NULL DEFAULT 3, e enum("x","y"), s set("p","q"), d datetime, dc decimal(10,2), txt text, vb varbinary(20), KEY kb (b), UNIQUE KEY ua (a)) DEFAULT CHARSET=utf8mb4;
-- draft
ALTER TABLE t DEFAULT CHARACTER SET latin1;

-- case: convert of an unknown table
-- expect: mysql-convert-charset
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- case: latin1 counts one byte
-- expect: none
-- history
CREATE TABLE t (a varchar(100)) CHARSET=latin1;
-- draft
ALTER TABLE t MODIFY a varchar(255);

-- case: latin1 across
-- expect: mysql-varchar-length-byte
-- history
CREATE TABLE t (a varchar(200)) CHARSET=latin1;
-- draft
ALTER TABLE t MODIFY a varchar(300);

-- case: varbinary across
-- expect: mysql-varchar-length-byte
-- history
CREATE TABLE t (a varbinary(200));
-- draft
ALTER TABLE t MODIFY a varbinary(300);

-- case: both behind the line
-- expect: none
-- history
CREATE TABLE t (a varchar(64)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(200);

-- case: bool is tinyint
-- expect: none
-- history
CREATE TABLE t (a bool);
-- draft
ALTER TABLE t MODIFY a tinyint(1);

-- case: integer by another name
-- expect: none
-- history
CREATE TABLE t (a integer);
-- draft
ALTER TABLE t MODIFY COLUMN a INT(10);

-- case: of a primary key
-- expect: none
-- history
CREATE TABLE t (a int PRIMARY KEY);
-- draft
ALTER TABLE t MODIFY a int COMMENT 'key';

-- case: the default of a new column that is NOT NULL
-- expect: drop-default
ALTER TABLE t ADD COLUMN IF_ON bool DEFAULT b'1' NOT NULL, ALGORITHM=INSTANT;
-- draft
ALTER TABLE t ALTER COLUMN IF_ON DROP DEFAULT;

-- case: encryption
-- expect: mysql-alter-copy
ALTER TABLE t ENCRYPTION='Y';

-- case: a stored column goes
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int AS (a + 1) STORED);
-- draft
ALTER TABLE t DROP COLUMN b;

-- case: a virtual column moves
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t MODIFY b int AS (a + 1) VIRTUAL FIRST;

-- case: a table in memory
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int) ENGINE=MEMORY;
-- draft
ALTER TABLE t ADD COLUMN b int, ADD COLUMN c int;

-- case: a virtual column computed otherwise
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int AS (a + 1) VIRTUAL);
-- draft
ALTER TABLE t MODIFY b int AS (a + 2) VIRTUAL;

-- case: a virtual column beside another one
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int AS (a + 1) VIRTUAL, ADD COLUMN c int;

-- case: a CHECK that comes with its column
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int CHECK (b > 0);

-- case: a CHECK that comes with its column and checks nothing
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
ALTER TABLE t ADD COLUMN b int CHECK (b > 0) NOT ENFORCED;

-- case: a primary key over a column that may be null
-- expect: mysql-implicit-default, mysql-alter-rebuild
-- since: 8.0
-- history
CREATE TABLE t (a varchar(20), b int, UNIQUE KEY (a));
-- draft
ALTER TABLE t ADD PRIMARY KEY (a);

-- case: a primary key over a column that may be null in a contract
-- expect: mysql-alter-rebuild
-- since: 8.0
-- phase: contract
-- history
CREATE TABLE t (a varchar(20), b int, UNIQUE KEY (a));
-- draft
ALTER TABLE t ADD PRIMARY KEY (a);

-- case: a primary key over a column that is not null
-- expect: mysql-alter-rebuild
-- since: 8.0
-- history
CREATE TABLE t (a varchar(20) NOT NULL, b int);
-- draft
ALTER TABLE t ADD PRIMARY KEY (a);

-- case: from utf8mb3 to utf8mb4 where the server is told to copy nothing
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(60), b varchar(100), c char(10)) CHARSET=utf8mb3;
-- draft
ALTER TABLE t MODIFY a varchar(60) CHARACTER SET utf8mb4, MODIFY b varchar(100) CHARACTER SET utf8mb4, ALGORITHM=INPLACE, LOCK=NONE;

-- case: from utf8mb3 to utf8mb4 across 255 bytes where the server is told to copy nothing
-- expect: mysql-convert-charset
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(64)) CHARSET=utf8mb3;
-- draft
ALTER TABLE t MODIFY a varchar(64) CHARACTER SET utf8mb4, ALGORITHM=INPLACE, LOCK=NONE;

-- case: from utf8mb3 to utf8mb4 below an index where the server is told to copy nothing
-- expect: mysql-convert-charset
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(60), KEY ka (a)) CHARSET=utf8mb3;
-- draft
ALTER TABLE t MODIFY a varchar(60) CHARACTER SET utf8mb4, ALGORITHM=INPLACE, LOCK=NONE;

-- case: another collation where the server is told to copy nothing
-- expect: none
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(60)) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a varchar(60) COLLATE utf8mb4_bin, ALGORITHM=INPLACE, LOCK=NONE;

-- case: from utf8mb3 to utf8mb4 where nothing tells the server to copy nothing
-- expect: mysql-convert-charset
-- since: 8.0.30
-- history
CREATE TABLE t (id int PRIMARY KEY, a varchar(60)) CHARSET=utf8mb3;
-- draft
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;

-- case: a value written in another case, which the column takes for the same
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a enum('new', 'done')) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a enum('New', 'done');

-- case: a value written in another case, which the column tells from the old one
-- expect: mysql-enum-reorder
-- history
CREATE TABLE t (id int PRIMARY KEY, a enum('new', 'done') COLLATE utf8mb4_bin) CHARSET=utf8mb4;
-- draft
ALTER TABLE t MODIFY a enum('New', 'done') COLLATE utf8mb4_bin;
