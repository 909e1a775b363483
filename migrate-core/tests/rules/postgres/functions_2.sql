-- Cases: one of several functions of a name that gets another name or schema.

-- case: another function keeps its name, and can be dropped by it
-- expect: none
-- phase: contract
-- history
CREATE FUNCTION r(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
ALTER FUNCTION r(int) RENAME TO r1;
-- draft
DROP FUNCTION r(int, int);

-- case: another function keeps its schema
-- expect: object-exists
-- history
CREATE SCHEMA s;
CREATE FUNCTION r(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
ALTER FUNCTION r(int) SET SCHEMA s;
-- draft
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;

-- case: what was renamed is not there any more under its name
-- expect: missing-object
-- history
CREATE FUNCTION r(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
ALTER FUNCTION r(int) RENAME TO r1;
-- draft
DROP FUNCTION r(int);

-- case: no function of the name takes what is renamed
-- expect: missing-object, rename-type
-- history
CREATE FUNCTION r(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
-- draft
ALTER FUNCTION r(text) RENAME TO r1;

-- case: a name that another function has that takes something else
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE FUNCTION r(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION q(a text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
ALTER FUNCTION q(text) RENAME TO r;
ALTER FUNCTION r(int, int) RENAME TO q;
-- draft
CREATE FUNCTION q(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;

-- case: a name that a function has that takes the same
-- expect: object-exists, rename-type
-- history
CREATE FUNCTION r(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION q(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
-- draft
ALTER FUNCTION q(int) RENAME TO r;

-- case: which of them is renamed is not told
-- expect: none
-- history
CREATE TABLE t (id int);
CREATE FUNCTION r(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
CREATE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
ALTER FUNCTION r(t.id%TYPE) RENAME TO r1;
-- draft
CREATE OR REPLACE FUNCTION r(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN b; END $$;
CREATE OR REPLACE FUNCTION r1(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$;
