-- case: drop primary key
-- expect: drop-unique
-- history
CREATE TABLE n (a int PRIMARY KEY);
-- draft
ALTER TABLE n DROP CONSTRAINT n_pkey;

-- case: drop check
-- expect: none
-- history
CREATE TABLE n (a int CONSTRAINT k CHECK (a > 0));
-- draft
ALTER TABLE n DROP CONSTRAINT k;

-- case: drop fk
-- expect: drop-fk-locks-parent
-- history
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE n (a int CONSTRAINT f REFERENCES p);
-- draft
ALTER TABLE n DROP CONSTRAINT f;

-- case: alter index set
-- expect: none
ALTER INDEX i SET (fillfactor = 50);

-- case: owner
-- expect: none
ALTER TABLE t OWNER TO bob;

-- case: comment grant analyze
-- expect: none
COMMENT ON TABLE t IS 'x'; GRANT SELECT ON t TO bob; ANALYZE t;

-- case: replace view adds column
-- expect: none
-- history
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;
-- draft
CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;

-- case: select star warn
-- expect: none
SELECT * FROM t;

-- case: lock in do
-- expect: explicit-lock
DO $$ BEGIN LOCK TABLE t IN EXCLUSIVE MODE; END $$;

-- case: add column generated on new version 11
-- expect: add-column-generated-stored, unsupported-in-version
-- since: 11
ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (1) STORED;

-- case: multi statement one line
-- expect: drop-table, multiple-access-exclusive
DROP TABLE a; DROP TABLE b;

-- case: only select into temp
-- expect: none
SELECT * INTO TEMP x FROM t; CREATE INDEX ON x (a);

-- case: create table as execute
-- expect: none
CREATE TABLE x AS VALUES (1); ALTER TABLE x ADD COLUMN c int NOT NULL;

-- case: the new enum value is written into a column of another type
-- expect: none
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE people (id bigint, mood mood);
CREATE TABLE notes (id bigint, body text);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO notes (id, body) VALUES (1, 'happy');
COMMENT ON TABLE people IS 'happy';

-- case: the new enum value is written into one of its own columns
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE people (id bigint, mood mood);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO people (id, mood) VALUES (1, 'happy');

-- case: the new enum value is cast on its way into another table
-- expect: enum-add-value-in-transaction
-- since: 14
-- history
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE notes (id bigint, body text);
-- draft
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO notes (id, body) VALUES (1, 'happy'::mood);
