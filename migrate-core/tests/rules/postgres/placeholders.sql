-- Cases: what is printed to be filled in, and was not.

-- case: a value that was not written
-- expect: placeholder
-- phase: migrate
-- directive: backfill table=users key=id
-- history
CREATE TABLE users (id int NOT NULL PRIMARY KEY, age int);
-- draft
UPDATE users SET age = … WHERE age IS NULL;

-- case: the words that ask for a reason are none
-- expect: placeholder
-- phase: contract
-- directive: irreversible "say what is lost, or write a down section instead of this line"
-- history
CREATE TABLE users (id int NOT NULL PRIMARY KEY, age int);
-- draft
ALTER TABLE users DROP COLUMN age;

-- case: in a text, a comment and the middle of a reason it is one character like another
-- expect: none
-- phase: contract
-- directive: irreversible "the ages … stand in the archive"
-- history
CREATE TABLE users (id int NOT NULL PRIMARY KEY, age int);
-- draft
-- … and so on
DELETE FROM users WHERE age = 1 AND '…' = '';
