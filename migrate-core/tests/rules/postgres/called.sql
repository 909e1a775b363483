-- Cases: which function a call is of, what a body calls, and where a body ends a transaction.

-- case: the one of two functions of a name that takes a number
-- expect: none
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION tok(n int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN n::text; END $$;
CREATE FUNCTION tok(s text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN s || random(); END $$;
-- draft
ALTER TABLE t ADD COLUMN a text DEFAULT tok(1);

-- case: the volatile one of two functions of a name
-- expect: add-column-volatile-default
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION tok(n int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN n::text || random(); END $$;
CREATE FUNCTION tok(s text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN s; END $$;
-- draft
ALTER TABLE t ADD COLUMN a text DEFAULT tok(1);

-- case: told apart by how many values they take
-- expect: add-column-volatile-default
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION code_of(k text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN k; END $$;
CREATE FUNCTION code_of(k text, n int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN k || random(); END $$;
-- draft
ALTER TABLE t ADD COLUMN a text DEFAULT code_of('a'), ADD COLUMN b text DEFAULT code_of('a', 2);

-- case: another function of the name was altered
-- expect: none
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION two(a int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION two(a int, b int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN a; END $$;
ALTER FUNCTION two(int, int) VOLATILE;
-- draft
ALTER TABLE t ADD COLUMN a int DEFAULT two(1);

-- case: this function of the name was altered
-- expect: add-column-volatile-default
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION two(a int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION two(a int, b int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN a; END $$;
ALTER FUNCTION two(int, int) VOLATILE;
-- draft
ALTER TABLE t ADD COLUMN a int DEFAULT two(1, 2);

-- case: the volatile function of the name is gone
-- expect: none
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION two(a int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION two(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
DROP FUNCTION two(int, int);
-- draft
ALTER TABLE t ADD COLUMN a int DEFAULT two(1);

-- case: a parameter whose default is volatile
-- expect: add-column-volatile-default
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION jitter(x double precision DEFAULT random()) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN x; END $$;
-- draft
ALTER TABLE t ADD COLUMN a double precision DEFAULT jitter();

-- case: a parameter whose default is volatile and that is given
-- expect: none
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION jitter(lo int DEFAULT 0, x double precision DEFAULT random()) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN x; END $$;
-- draft
ALTER TABLE t ADD COLUMN a double precision DEFAULT jitter(1, 0.5), ADD COLUMN b double precision DEFAULT jitter(x => 0.5);

-- case: another parameter is given by name
-- expect: add-column-volatile-default
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION jitter(lo int DEFAULT 0, x double precision DEFAULT random()) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN x; END $$;
-- draft
ALTER TABLE t ADD COLUMN a double precision DEFAULT jitter(lo => 1);

-- case: PERFORM of a function that empties a table
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION wipe() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$;
-- draft
DO $$ BEGIN PERFORM wipe(); END $$;

-- case: a body assigns what such a function returns
-- expect: truncate-table
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION wipe() RETURNS int LANGUAGE plpgsql AS $$ BEGIN TRUNCATE t; RETURN 1; END $$;
-- draft
DO $$ DECLARE n int; BEGIN n := wipe(); END $$;

-- case: a body selects it into a variable
-- expect: drop-column
-- history
CREATE TABLE t (id bigint, a int);
CREATE FUNCTION lose() RETURNS int LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE t DROP COLUMN a; RETURN 1; END $$;
-- draft
DO $$ DECLARE n int; BEGIN SELECT lose() INTO n; END $$;

-- case: a body calls a procedure
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint, a int);
CREATE PROCEDURE sweep() LANGUAGE sql AS $$ UPDATE t SET a = 0 $$;
-- draft
DO $$ BEGIN CALL sweep(); END $$;

-- case: a function calls another one
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION inner_wipe() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$;
CREATE FUNCTION outer_wipe() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM inner_wipe(); END $$;
-- draft
SELECT outer_wipe();

-- case: a body calls what does no harm
-- expect: none
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION house() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN 7; END $$;
-- draft
DO $$ DECLARE n int := house(); m numeric(8, 2) := 1; BEGIN n := house() + 1; m = n; PERFORM house(), pg_notify('x', 'y'); END $$;

-- case: variables that are called like statements
-- expect: none
-- history
CREATE TABLE queue (id bigint);
-- draft
DO $$ DECLARE queue int := 5; delete text := 'x'; BEGIN queue := queue + 1; RAISE INFO 'drop table %', queue; END $$;

-- case: a body commits within the transaction of its file
-- expect: uncommitted-transaction
-- history
CREATE TABLE t (id bigint, a int);
-- draft
DO $$ BEGIN LOOP UPDATE t SET a = 0 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 100); EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;

-- case: a body commits where there is no transaction
-- expect: none
-- transaction: off
-- history
CREATE TABLE t (id bigint, a int);
-- draft
DO $$ BEGIN LOOP UPDATE t SET a = 0 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 100); EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;

-- case: a body rolls back within the transaction of its file
-- expect: uncommitted-transaction
-- history
CREATE TABLE t (id bigint, a int);
-- draft
DO $$ BEGIN UPDATE t SET a = 1 WHERE id = 4; ROLLBACK; END $$;

-- case: a procedure that commits is called in a transaction
-- expect: uncommitted-transaction
-- history
CREATE TABLE t (id bigint, a int);
CREATE PROCEDURE step() LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET a = 1 WHERE id = 4; COMMIT; END $$;
-- draft
CALL step();

-- case: a procedure that commits is made
-- expect: none
-- history
CREATE TABLE t (id bigint, a int);
-- draft
CREATE PROCEDURE step() LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET a = 1 WHERE id = 4; COMMIT; END $$;

-- case: COMMIT in texts of a body
-- expect: none
-- history
CREATE TABLE t (id bigint, a text);
-- draft
DO $$ DECLARE v text := 'COMMIT; ROLLBACK;'; BEGIN RAISE NOTICE '%; COMMIT;', v; /* COMMIT; */ UPDATE t SET a = 'commit' WHERE id = 1; END $$;

-- case: rows go where the values of an assignment come from
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint, a int);
-- draft
DO $$ BEGIN UPDATE t SET a = 1; END $$;

-- case: the way back drops another function of the name
-- expect: down-not-inverse
-- history
CREATE FUNCTION house() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7';
-- draft
CREATE FUNCTION house(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n';
-- down
DROP FUNCTION house();

-- case: the way back drops the function that was made
-- expect: none
-- history
CREATE FUNCTION house() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7';
-- draft
CREATE FUNCTION house(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n';
-- down
DROP FUNCTION house(integer);

-- case: a function that takes what cannot be read promises nothing for another one of its name
-- expect: add-column-volatile-default
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION code_of(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN n * random(); END $$;
CREATE FUNCTION code_of(n t.id%TYPE, s text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN n; END $$;
-- draft
ALTER TABLE t ADD COLUMN a int DEFAULT code_of(1);

-- case: ALTER without types is of the only function of a name
-- expect: none
-- history
CREATE TABLE t (id bigint);
CREATE FUNCTION code_of(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN n; END $$;
ALTER FUNCTION code_of IMMUTABLE;
-- draft
ALTER TABLE t ADD COLUMN a int DEFAULT code_of(1);
