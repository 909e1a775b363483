-- Cases: what a way back fails with, and what it keeps others out with.

-- case: an index of a table in use is built again
-- expect: create-index-not-concurrent (warning), drop-index-not-concurrent
-- history
CREATE TABLE a (id int, b int); CREATE INDEX a_b ON a (b);
-- draft
DROP INDEX a_b;
-- down
CREATE INDEX a_b ON a (b);

-- case: the index of a table that the file made
-- expect: none
CREATE TABLE made (id int, b int);
-- down
DROP TABLE made;

-- case: a table that the way back brings back is nobody's yet
-- expect: none
-- directive: rollback data-loss="all of it"
-- phase: contract
-- history
CREATE TABLE gone (id int PRIMARY KEY, b int); CREATE INDEX gone_b ON gone (b);
-- draft
DROP TABLE gone;
-- down
CREATE TABLE gone (id int, b int);
ALTER TABLE gone ADD PRIMARY KEY (id);
CREATE INDEX gone_b ON gone (b);

-- case: dropping what up made takes a moment
-- expect: none
-- history
CREATE TABLE a (id int, b int);
-- draft
CREATE INDEX CONCURRENTLY a_b ON a (b);
-- down
DROP INDEX a_b;

-- case: a column comes back that no row has a value for
-- expect: add-column-not-null-no-default (error)
-- directive: rollback data-loss="all of it"
-- phase: contract
-- history
CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);
-- draft
ALTER TABLE a DROP COLUMN b;
-- down
ALTER TABLE a ADD COLUMN b int NOT NULL;

-- case: SET NOT NULL in a way back reads the table
-- expect: drop-not-null, set-not-null-scan (warning)
-- history
CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);
-- draft
ALTER TABLE a ALTER COLUMN b DROP NOT NULL;
-- down
ALTER TABLE a ALTER COLUMN b SET NOT NULL;

-- case: a type that goes back writes the table again
-- expect: alter-column-type-rewrite (warning)
-- history
CREATE TABLE a (id int PRIMARY KEY, b varchar(10));
-- draft
ALTER TABLE a ALTER COLUMN b TYPE varchar(20);
-- down
ALTER TABLE a ALTER COLUMN b TYPE varchar(10);

-- case: every row is written at once by the way back of a backfill
-- expect: whole-table-write (warning)
-- phase: migrate
-- directive: backfill table=a key=id
-- history
CREATE TABLE a (id int PRIMARY KEY, b int, c int);
-- draft
UPDATE a SET c = b;
-- down
UPDATE a SET c = NULL;

-- case: what the server of the set does not have yet
-- expect: unsupported-in-version (error)
-- since: 13
-- history
CREATE TABLE a (id int, b int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- draft
COMMENT ON TABLE a IS 'letters';
-- down
CREATE OR REPLACE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
DROP TRIGGER t ON a;

-- case: what a rollback takes from builds is what it is for
-- expect: none
-- history
CREATE TABLE a (id int PRIMARY KEY);
-- draft
ALTER TABLE a ADD COLUMN b int;
-- down
ALTER TABLE a DROP COLUMN b;

-- case: it is accepted in the way back
-- expect: drop-index-not-concurrent
-- history
CREATE TABLE a (id int, b int); CREATE INDEX a_b ON a (b);
-- draft
DROP INDEX a_b;
-- down
-- migrate:allow create-index-not-concurrent "twelve rows"
CREATE INDEX a_b ON a (b);

-- case: it is accepted for the whole file
-- expect: drop-index-not-concurrent
-- directive: allow create-index-not-concurrent "twelve rows"
-- history
CREATE TABLE a (id int, b int); CREATE INDEX a_b ON a (b);
-- draft
DROP INDEX a_b;
-- down
CREATE INDEX a_b ON a (b);
