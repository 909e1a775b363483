-- case: a trigger comes back for other events
-- expect: create-trigger-lock, down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tt BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
-- draft
DROP TRIGGER tt ON t;
-- down
CREATE TRIGGER tt BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();

-- case: a trigger comes back at another time
-- expect: create-trigger-lock, down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tt BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- draft
DROP TRIGGER tt ON t;
-- down
CREATE TRIGGER tt AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();

-- case: a trigger comes back that calls another function
-- expect: create-trigger-lock, down-not-inverse
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tt BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- draft
DROP TRIGGER tt ON t;
CREATE TRIGGER tt BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
-- down
DROP TRIGGER tt ON t;
CREATE TRIGGER tt BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION h();

-- case: the same trigger, however it is written
-- expect: create-trigger-lock
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tt BEFORE INSERT OR UPDATE OF a, b ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE PROCEDURE f();
-- draft
DROP TRIGGER tt ON t;
-- down
CREATE TRIGGER tt BEFORE UPDATE OF "b", A OR INSERT ON public.t FOR ROW WHEN ((new.a > 0)) EXECUTE FUNCTION public.f();

-- case: a trigger comes back with another condition
-- expect: create-trigger-lock, down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tt BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a > 0) EXECUTE FUNCTION f();
-- draft
DROP TRIGGER tt ON t;
-- down
CREATE TRIGGER tt BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a > 1) EXECUTE FUNCTION f();

-- case: a trigger and its column follow a new name, and come back
-- expect: rename-column
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tt BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
-- draft
ALTER TABLE t RENAME a TO b;
ALTER TRIGGER tt ON t RENAME TO uu;
-- down
ALTER TRIGGER uu ON t RENAME TO tt;
ALTER TABLE t RENAME b TO a;

-- case: a policy comes back with another condition
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE POLICY p ON t USING (a = 1);
-- draft
DROP POLICY p ON t;
-- down
CREATE POLICY p ON t USING (a = 2);

-- case: a policy comes back for other commands
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE POLICY p ON t FOR SELECT USING (a = 1);
-- draft
DROP POLICY p ON t;
-- down
CREATE POLICY p ON t USING (a = 1);

-- case: the same policy, however it is written
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE POLICY p ON t USING (a = current_setting('app.a')::int);
-- draft
DROP POLICY p ON t;
-- down
CREATE POLICY p ON public.t AS PERMISSIVE FOR ALL TO PUBLIC USING ((a = (current_setting('app.a'::text))::integer));

-- case: what ALTER POLICY leaves of a policy is not followed
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE POLICY p ON t USING (a = 1);
-- draft
DROP POLICY p ON t;
CREATE POLICY p ON t USING (a = 2);
-- down
ALTER POLICY p ON t USING (a = 1);

-- case: a policy has another name
-- expect: none
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE POLICY p ON t USING (a = 1);
ALTER POLICY p ON t RENAME TO q;
-- draft
CREATE POLICY p ON t USING (a = 2);
ALTER POLICY q ON t USING (a = 3);

-- case: the new name of a policy is taken
-- expect: object-exists
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE POLICY p ON t USING (a = 1);
ALTER POLICY p ON t RENAME TO q;
-- draft
CREATE POLICY q ON t USING (a = 2);

-- case: an enum comes back in another order
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TYPE mood AS ENUM ('a', 'b');
-- draft
DROP TYPE mood;
-- down
CREATE TYPE mood AS ENUM ('b', 'a');

-- case: an enum comes back in the order that it was given by and by
-- expect: none
-- phase: contract
-- history
CREATE TYPE mood AS ENUM ('a', 'b');
ALTER TYPE mood ADD VALUE 'c' BEFORE 'b';
ALTER TYPE mood ADD VALUE 'd' AFTER 'a';
-- draft
DROP TYPE mood;
-- down
CREATE TYPE mood AS ENUM ('a', 'd', 'c', 'b');

-- case: one function of a name is known, and another one may be older than the files
-- expect: none
-- phase: contract
-- history
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- draft
DROP FUNCTION f(text);

-- case: no function is older than files that start from nothing
-- expect: missing-object
-- phase: contract
-- strict
-- history
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- draft
DROP FUNCTION f(text);

-- case: a materialized view comes back with another query
-- expect: down-not-inverse
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
-- draft
DROP MATERIALIZED VIEW m;
-- down
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;

-- case: the same materialized view, however it is written
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t WHERE a > 0;
-- draft
DROP MATERIALIZED VIEW m;
-- down
CREATE MATERIALIZED VIEW m AS select id, a as a from public.t where (a > 0) WITH DATA;

-- case: a materialized view that followed a column to its new name
-- expect: none
-- phase: contract
-- history
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
ALTER TABLE t RENAME a TO b;
-- draft
DROP MATERIALIZED VIEW m;
-- down
CREATE MATERIALIZED VIEW m AS SELECT b AS a FROM t;
