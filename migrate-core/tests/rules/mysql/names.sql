-- case: a table that nearly is one of ours
-- expect: nearly-a-table
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- draft
ALTER TABLE acounts ADD COLUMN note text;

-- case: a table that a later file makes
-- expect: missing-object
ALTER TABLE accounts ADD COLUMN note text;
-- draft
CREATE TABLE accounts (id bigint PRIMARY KEY);

-- case: a forgotten semicolon
-- expect: syntax-error
CREATE TABLE accounts (id bigint PRIMARY KEY)
INSERT INTO accounts VALUES (1);

-- case: statements within statements
-- expect: none
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
CREATE TRIGGER t BEFORE INSERT ON accounts FOR EACH ROW
SET NEW.note = 'x';

-- case: a key of a backfill that may be NULL
-- expect: backfill-key
-- phase: migrate
-- directive: backfill table=accounts key=code
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, code varchar(20) UNIQUE, note text);
-- draft
UPDATE accounts SET note = 'x';

-- case: names in double quotes
-- expect: mysql-alter-copy
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SET SESSION sql_mode = 'ANSI_QUOTES';
ALTER TABLE "t" MODIFY "a" bigint;

-- case: names in double quotes until the mode goes
-- expect: syntax-error
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SET @mode = @@sql_mode;
SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES');
ALTER TABLE "t" ADD COLUMN "order" int;
SET sql_mode = @mode;
ALTER TABLE "t" ADD COLUMN "b" int;

-- case: texts in double quotes
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
-- draft
SET sql_mode = 'NO_ZERO_DATE';
ALTER TABLE t ADD COLUMN b varchar(10) NOT NULL DEFAULT "x" COMMENT "ANSI_QUOTES";

-- case: a forgotten semicolon, one
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
ALTER TABLE accounts ADD COLUMN email varchar(50)
GRANT SELECT ON accounts TO app;

-- case: a forgotten semicolon, two
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
INSERT INTO accounts (id) VALUES (1)
TRUNCATE accounts;

-- case: a forgotten semicolon, three
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
DELETE FROM accounts WHERE id = 1
SELECT 1;

-- case: a forgotten semicolon, four
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
SET @x = 1
RENAME TABLE accounts TO users;

-- case: a forgotten semicolon, five
-- expect: syntax-error
-- history
CREATE TABLE accounts (id bigint PRIMARY KEY, note text);
-- draft
UPDATE accounts SET note = 'x' WHERE id = 1
COMMIT;

-- case: a column whose name is a word of the language, dropped without backticks
-- expect: syntax-error
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, `order` int);
-- draft
ALTER TABLE t DROP COLUMN order;

-- case: a column whose name is a word of the language, called otherwise without backticks
-- expect: syntax-error
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, `order` int);
-- draft
ALTER TABLE t CHANGE order place int;

-- case: a column whose name is a word of the language, in backticks
-- expect: none
-- since: 8.0.30
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, `order` int, date int);
-- draft
ALTER TABLE t DROP COLUMN `order`;
-- draft
ALTER TABLE t DROP COLUMN date;
