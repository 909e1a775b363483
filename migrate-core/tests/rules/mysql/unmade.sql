-- case: what no file made goes and comes back
-- expect: none
-- phase: contract
-- directive: rollback data-loss="all of it"
-- directive: transaction off
DROP VIEW old_names;
DROP PROCEDURE old_run;
DROP TABLE old_things;
-- down
CREATE TABLE old_things (id bigint PRIMARY KEY, a int);
CREATE PROCEDURE old_run() SELECT 1;
CREATE VIEW old_names AS SELECT a FROM old_things;
