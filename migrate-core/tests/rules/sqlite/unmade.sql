-- case: what no file made goes and comes back
-- expect: none
-- phase: contract
-- directive: rollback data-loss="all of it"
DROP TRIGGER old_ai;
DROP VIEW old_names;
DROP INDEX old_a;
DROP TABLE old_things;
-- down
CREATE TABLE old_things (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX old_a ON old_things (a);
CREATE VIEW old_names AS SELECT a FROM old_things;
CREATE TRIGGER old_ai AFTER INSERT ON old_things BEGIN SELECT 1; END;

-- case: an index goes and comes back over a table that no file made
-- expect: none
-- phase: contract
DROP INDEX old_a;
-- down
CREATE INDEX old_a ON old_things (a);

-- case: a trigger that no file made is made anew and back
-- expect: none
DROP TRIGGER IF EXISTS old_ai;
CREATE TRIGGER old_ai AFTER INSERT ON users BEGIN SELECT 1; END;
-- down
DROP TRIGGER old_ai;
CREATE TRIGGER old_ai AFTER INSERT ON users BEGIN SELECT 2; END;
