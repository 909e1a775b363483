-- Cases: what the body of a function in SQL names, which the server reads when the function is made.

-- case: a column that the table has not
-- expect: missing-object
-- history
CREATE TABLE held (id int, body text);
-- draft
CREATE FUNCTION titles() RETURNS SETOF text LANGUAGE sql AS $$ SELECT held.title FROM held $$;

-- case: a column that the table had
-- expect: missing-object
-- history
CREATE TABLE held (id int, body text, title text);
ALTER TABLE held DROP COLUMN title;
-- draft
CREATE FUNCTION titles() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM held WHERE title IS NOT NULL';

-- case: a table that was dropped
-- expect: missing-object
-- history
CREATE TABLE held (id int);
DROP TABLE held;
-- draft
CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM held $$;

-- case: a column in a body that is no text
-- expect: missing-object
-- since: 14
-- history
CREATE TABLE held (id int, body text);
-- draft
CREATE FUNCTION titles() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM held WHERE title IS NULL; END;

-- case: a body that is no text
-- expect: none
-- since: 14
-- history
CREATE TABLE held (id int, body text);
-- draft
CREATE FUNCTION bodies() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM held WHERE body IS NULL; END;

-- case: what the function takes is no column
-- expect: none
-- history
CREATE TABLE held (id int, body text);
-- draft
CREATE FUNCTION of_kind(kind text, wanted int) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT held.body FROM held WHERE held.id = wanted AND kind = 'a' AND of_kind.kind <> 'b'
$$;

-- case: another language is read when it is called
-- expect: none
-- history
CREATE TABLE held (id int, body text);
-- draft
CREATE FUNCTION titles() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM held.title FROM held; END $$;

-- case: bodies that the session does not have read
-- expect: none
-- history
CREATE TABLE held (id int, body text);
-- draft
SET check_function_bodies = off;
CREATE FUNCTION titles() RETURNS SETOF text LANGUAGE sql AS $$ SELECT held.title FROM held $$;

-- case: names that are looked up elsewhere
-- expect: none
-- history
CREATE TABLE held (id int, body text);
CREATE SCHEMA other; CREATE TABLE other.held (title text);
-- draft
CREATE FUNCTION titles() RETURNS SETOF text LANGUAGE sql SET search_path = other AS $$ SELECT held.title FROM held $$;

-- case: a row is written into a column that is not there
-- expect: missing-object
-- history
CREATE TABLE held (id int, body text);
-- draft
CREATE FUNCTION note(given text) RETURNS void LANGUAGE sql AS $$ INSERT INTO held (title) VALUES (given) $$;

-- case: what a body renames no longer stands in the way of what it adds
-- expect: rename-column
-- history
CREATE TABLE buckets (id text NOT NULL);
-- draft
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'buckets' AND column_name = 'name') THEN
    ALTER TABLE buckets RENAME COLUMN id TO name;
  END IF;
  ALTER TABLE buckets ADD COLUMN IF NOT EXISTS id bigint;
END $$;

-- case: nor does an index that it drops
-- expect: drop-index-not-concurrent, create-index-not-concurrent
-- history
CREATE TABLE t (a int, b int);
CREATE INDEX i ON t (a);
-- draft
DO $$ BEGIN
  DROP INDEX IF EXISTS i;
  CREATE INDEX IF NOT EXISTS i ON t (b);
END $$;
