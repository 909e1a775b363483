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
DROP SCHEMA old_place;
-- down
CREATE SCHEMA old_place;
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

-- case: views and functions that no file made are replaced and brought back
-- expect: none
CREATE OR REPLACE VIEW old_view AS SELECT 1 AS a, 2 AS b;
CREATE OR REPLACE FUNCTION old_count() RETURNS int LANGUAGE sql AS 'SELECT 2';
-- down
DROP VIEW old_view;
CREATE VIEW old_view AS SELECT 1 AS a;
CREATE OR REPLACE FUNCTION old_count() RETURNS int LANGUAGE sql AS 'SELECT 1';

-- case: a table that no file made is made anew and back
-- expect: none
-- phase: contract
-- directive: rollback data-loss="the sums"
DROP TABLE sums;
CREATE TABLE sums (id bigint PRIMARY KEY, n int);
-- down
DROP TABLE sums;
CREATE TABLE sums (id bigint PRIMARY KEY);

-- case: a view that only this file makes is left
-- expect: down-not-inverse
CREATE VIEW new_view AS SELECT id FROM users;
-- down
CREATE OR REPLACE VIEW new_view AS SELECT id, name FROM users;

-- case: an extension that no file made goes and comes back
-- expect: none
-- phase: contract
DROP EXTENSION hstore;
-- down
CREATE EXTENSION hstore;
