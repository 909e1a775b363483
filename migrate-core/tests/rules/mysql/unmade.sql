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

-- case: a view that no file made is replaced and brought back
-- expect: none
CREATE OR REPLACE VIEW old_view AS SELECT id, name FROM users;
-- down
CREATE OR REPLACE VIEW old_view AS SELECT id FROM users;
