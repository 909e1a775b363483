-- case: a table that no file made goes and comes back
-- expect: none
-- phase: contract
-- directive: rollback data-loss="all of it"
DROP TABLE old_things;
-- down
CREATE TABLE old_things (id bigint PRIMARY KEY);

-- case: what may be missing comes back
-- expect: none
-- phase: contract
-- directive: rollback data-loss="all of it"
DROP TABLE IF EXISTS old_things;
-- down
CREATE TABLE old_things (id bigint PRIMARY KEY);

-- case: other things that no file made go and come back
-- expect: none
-- phase: contract
DROP VIEW old_view;
DROP FUNCTION old_add(int);
DROP TYPE old_kind;
DROP DOMAIN old_text;
DROP SEQUENCE old_seq;
DROP EXTENSION hstore;
DROP SCHEMA old_place;
-- down
CREATE SCHEMA old_place;
CREATE EXTENSION hstore;
CREATE SEQUENCE old_seq;
CREATE DOMAIN old_text AS text;
CREATE TYPE old_kind AS ENUM ('a');
CREATE FUNCTION old_add(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1';
CREATE VIEW old_view AS SELECT 1 AS a;

-- case: a table that only this file makes and drops comes out of the down
-- expect: down-not-inverse
CREATE TABLE interim (id bigint PRIMARY KEY);
DROP TABLE interim;
-- down
CREATE TABLE interim (id bigint PRIMARY KEY);

-- case: a table that is dropped to be made anew stays
-- expect: down-not-inverse, drop-table
DROP TABLE IF EXISTS rates;
CREATE TABLE rates (id bigint PRIMARY KEY);
-- down
SELECT 1;
