-- Cases: names of types that are only nearly those of the server.

-- case: a letter of a type is missing
-- expect: missing-object
CREATE TABLE made (id bigint PRIMARY KEY, name varchr(20));

-- case: two letters of a type are swapped
-- expect: missing-object
-- history
CREATE TABLE made (id bigint PRIMARY KEY);
-- draft
ALTER TABLE made ADD COLUMN paid_at timestmap;

-- case: a letter of a type too many
-- expect: alter-column-type-rewrite, missing-object
-- history
CREATE TABLE made (id bigint PRIMARY KEY, body text);
-- draft
ALTER TABLE made ALTER COLUMN body TYPE interger USING body::int;

-- case: a domain over a type that is misspelt
-- expect: missing-object
CREATE DOMAIN label AS txt;

-- case: a parameter of a type that is misspelt
-- expect: missing-object
CREATE FUNCTION twice(n bigin) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN n * 2; END $$;

-- case: a type that is near to one of the server's and is made
-- expect: none
CREATE TYPE rate AS (amount numeric, at text);
CREATE TABLE made (id bigint PRIMARY KEY, rate rate, rates rate[]);

-- case: a type of the search path is nearly one of the server's
-- expect: none
CREATE SCHEMA lists;
SET search_path TO lists, public;
CREATE DOMAIN dates AS text;
CREATE TABLE made (id bigint PRIMARY KEY, days dates);

-- case: a row of a table whose name is nearly a type
-- expect: none
CREATE TABLE texts (id bigint PRIMARY KEY);
CREATE TABLE made (id bigint PRIMARY KEY, of texts);

-- case: a misspelt type in quotes and in small letters
-- expect: missing-object
CREATE TABLE made (id bigint PRIMARY KEY, is_on "bolean");

-- case: an index as other databases add it
-- expect: missing-object
-- history
CREATE TABLE made (id bigint PRIMARY KEY, age int);
-- draft
ALTER TABLE made ADD INDEX made_age (age);

-- case: a key as other databases list it
-- expect: missing-object
CREATE TABLE made (id bigint PRIMARY KEY, age int, KEY made_age (age));

-- case: a column that is called index
-- expect: none
CREATE TABLE made (id bigint PRIMARY KEY, index varchar(10), key numeric(8, 2));
