-- case: a view that shows all columns of an alias needs each
-- expect: needed-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT u.* FROM users u;
-- draft
ALTER TABLE users ALTER name TYPE text;

-- case: a view that shows all columns needs those that were there
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT * FROM users;
ALTER TABLE users ADD COLUMN nick varchar(10);
-- draft
ALTER TABLE users ALTER nick TYPE text;

-- case: a trigger on updates of a column needs it
-- expect: needed-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION f();
-- draft
ALTER TABLE users ALTER name TYPE text;

-- case: the condition of a trigger needs its columns
-- expect: needed-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr BEFORE UPDATE ON users FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION f();
-- draft
ALTER TABLE users DROP COLUMN name;

-- case: a trigger needs no other column
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr BEFORE UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION f();
-- draft
ALTER TABLE users ALTER name TYPE text;

-- case: a trigger that was dropped needs nothing
-- expect: none
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION f();
DROP TRIGGER tr ON users;
-- draft
ALTER TABLE users DROP COLUMN name;

-- case: a policy needs its columns
-- expect: needed-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE POLICY p ON users USING (name = current_user);
-- draft
ALTER TABLE users DROP COLUMN name;

-- case: a policy needs its columns as they are
-- expect: needed-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE POLICY p ON users FOR INSERT WITH CHECK (name = current_user);
-- draft
ALTER TABLE users ALTER name TYPE text;

-- case: a column that another is computed from keeps its type
-- expect: needed-object
-- since: 15
-- history
CREATE TABLE t (a varchar(10), b text GENERATED ALWAYS AS (lower(a)) STORED);
-- draft
ALTER TABLE t ALTER a TYPE text;

-- case: what is computed goes before what it is computed from
-- expect: none
-- since: 15
-- phase: contract
-- history
CREATE TABLE t (id bigint, a int, b int GENERATED ALWAYS AS (a + 1) STORED);
-- draft
ALTER TABLE t DROP COLUMN b, DROP COLUMN a;

-- case: a foreign key needs the column it refers to
-- expect: needed-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE TABLE c (u bigint REFERENCES users);
-- draft
ALTER TABLE users DROP COLUMN id;

-- case: a trigger needs its function
-- expect: needed-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
-- draft
DROP FUNCTION f();

-- case: a function goes behind its trigger
-- expect: create-trigger-lock
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
-- draft
DROP TRIGGER tr ON users;
DROP FUNCTION f();

-- case: a serial column needs its sequence
-- expect: needed-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE t (id serial PRIMARY KEY);
-- draft
DROP SEQUENCE t_id_seq;

-- case: a sequence that counts no longer can go
-- expect: none
-- since: 15
-- phase: contract
-- history
CREATE TABLE t (id serial PRIMARY KEY);
-- draft
ALTER TABLE t ALTER id DROP DEFAULT;
DROP SEQUENCE t_id_seq;

-- case: a foreign key refers to what is unique
-- expect: fk-locks-parent, refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
CREATE TABLE c (id bigint PRIMARY KEY, e text REFERENCES users (email));

-- case: a foreign key without columns refers to a primary key
-- expect: fk-locks-parent, refused-statement
-- since: 15
-- history
CREATE TABLE t (a int UNIQUE);
-- draft
CREATE TABLE c (id bigint PRIMARY KEY, a int REFERENCES t);

-- case: a unique index is enough to refer to
-- expect: fk-locks-parent
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE UNIQUE INDEX users_email ON users (email, age);
-- draft
CREATE TABLE c (id bigint PRIMARY KEY, e text, a int, FOREIGN KEY (a, e) REFERENCES users (age, email));

-- case: a unique index over some rows is not enough to refer to
-- expect: fk-locks-parent, refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE UNIQUE INDEX users_email ON users (email) WHERE age > 1;
-- draft
CREATE TABLE c (id bigint PRIMARY KEY, e text REFERENCES users (email));

-- case: a table like another has its keys
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
CREATE TABLE u2 (LIKE users INCLUDING ALL);
CREATE TABLE c (id bigint PRIMARY KEY, u bigint REFERENCES u2 (id));

-- case: a table refers to its own key
-- expect: none
-- since: 15
CREATE TABLE t (parent bigint REFERENCES t (id), id bigint PRIMARY KEY);

-- case: a partitioned table has no foreign key NOT VALID before 18
-- expect: unsupported-in-version
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE TABLE p (id bigint, user_id bigint) PARTITION BY RANGE (id);
-- draft
ALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users NOT VALID;

-- case: a constraint uses no index that is not unique
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE INDEX users_e ON users (email);
-- draft
ALTER TABLE users ADD CONSTRAINT users_eu UNIQUE USING INDEX users_e;

-- case: a constraint uses no index over some rows
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE UNIQUE INDEX users_e ON users (email) WHERE age > 1;
-- draft
ALTER TABLE users ADD CONSTRAINT users_eu UNIQUE USING INDEX users_e;

-- case: a constraint uses no index over an expression
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE UNIQUE INDEX users_e ON users (lower(email));
-- draft
ALTER TABLE users ADD CONSTRAINT users_eu UNIQUE USING INDEX users_e;

-- case: a constraint uses no index in another order
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE UNIQUE INDEX users_e ON users (email DESC);
-- draft
ALTER TABLE users ADD CONSTRAINT users_eu UNIQUE USING INDEX users_e;

-- case: an index is not dropped concurrently with CASCADE
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE INDEX i ON users (age);
-- draft
DROP INDEX CONCURRENTLY i CASCADE;

-- case: a unique constraint has the name of an index
-- expect: object-exists
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE TABLE orders (id bigint PRIMARY KEY, state text);
CREATE INDEX i ON orders (state);
-- draft
CREATE TABLE t (id bigint PRIMARY KEY, a int, CONSTRAINT i UNIQUE (a));

-- case: a check has the name of an index
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE INDEX i ON users (age);
-- draft
CREATE TABLE t (id bigint PRIMARY KEY, a int, CONSTRAINT i CHECK (a > 0));

-- case: a type has the name of a table
-- expect: object-exists
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
CREATE TYPE users AS ENUM ('a');

-- case: a table has the name of a type
-- expect: object-exists
-- since: 15
-- history
CREATE TYPE mood AS ENUM ('a');
-- draft
CREATE TABLE mood (id bigint PRIMARY KEY);

-- case: a type has the name of an index
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE INDEX mood ON users (age);
-- draft
CREATE TYPE mood AS ENUM ('a');

-- case: a replaced view keeps its columns
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT id, email FROM users;
-- draft
CREATE OR REPLACE VIEW v AS SELECT id FROM users;

-- case: a replaced view keeps the names of its columns
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT * FROM users;
-- draft
CREATE OR REPLACE VIEW v AS SELECT id, email AS mail, age, name, score FROM users;

-- case: a replaced view gets a column behind the others
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT u.* FROM users u;
-- draft
CREATE OR REPLACE VIEW v AS SELECT id, email, age, name, score, id AS number FROM users;

-- case: a replaced view computes a column
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT id, upper(email) AS mail, age FROM users;
-- draft
CREATE OR REPLACE VIEW v AS SELECT id, email AS mail, age FROM users;

-- case: a materialized view without a unique index
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE MATERIALIZED VIEW mv AS SELECT id FROM users;
CREATE INDEX mv_id ON mv (id);
-- draft
REFRESH MATERIALIZED VIEW CONCURRENTLY mv;

-- case: a materialized view that no file made
-- expect: none
-- since: 15
REFRESH MATERIALIZED VIEW CONCURRENTLY mv;

-- case: a table that others refer to is not truncated alone
-- expect: needed-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE TABLE c (u bigint REFERENCES users);
-- draft
TRUNCATE users;

-- case: a table is truncated with those that refer to it
-- expect: multiple-access-exclusive
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE TABLE c (u bigint REFERENCES users);
-- draft
TRUNCATE users, c;

-- case: a table is truncated with CASCADE
-- expect: none
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE TABLE c (u bigint REFERENCES users);
-- draft
TRUNCATE users CASCADE;

-- case: a materialized view is no view
-- expect: refused-statement
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE MATERIALIZED VIEW mv AS SELECT id FROM users;
-- draft
DROP VIEW IF EXISTS mv;

-- case: a view is no table
-- expect: refused-statement
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT id FROM users;
-- draft
DROP TABLE v;

-- case: a partition with other columns
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE p (id bigint NOT NULL, k int NOT NULL) PARTITION BY LIST (k);
-- draft
CREATE TABLE c (id bigint NOT NULL);
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);

-- case: a partition with more columns
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE p (id bigint NOT NULL, k int NOT NULL) PARTITION BY LIST (k);
-- draft
CREATE TABLE c (id bigint NOT NULL, k int NOT NULL, more text);
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);

-- case: a partition whose column may be NULL
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE p (id bigint NOT NULL, k int NOT NULL) PARTITION BY LIST (k);
-- draft
CREATE TABLE c (id bigint, k int NOT NULL);
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);

-- case: a partition with the same columns in another order
-- expect: none
-- since: 15
-- history
CREATE TABLE p (id bigint NOT NULL, k int NOT NULL) PARTITION BY LIST (k);
-- draft
CREATE TABLE c (k int NOT NULL, id bigint NOT NULL);
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);

-- case: nothing is detached concurrently beside a default partition
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE p (id bigint NOT NULL, k int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
CREATE TABLE d PARTITION OF p DEFAULT;
-- draft
ALTER TABLE p DETACH PARTITION c CONCURRENTLY;

-- case: a partition is detached concurrently
-- expect: none
-- since: 15
-- history
CREATE TABLE p (id bigint NOT NULL, k int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
-- draft
ALTER TABLE p DETACH PARTITION c CONCURRENTLY;

-- case: a key of a partitioned table names what it is partitioned by
-- expect: refused-statement
-- since: 15
CREATE TABLE p (id bigint PRIMARY KEY, k int NOT NULL) PARTITION BY LIST (k);

-- case: a key of a partitioned table with what it is partitioned by
-- expect: none
-- since: 15
CREATE TABLE p (id bigint, k int NOT NULL, PRIMARY KEY (k, id)) PARTITION BY LIST (k);

-- case: a primary key needs NOT NULL
-- expect: drop-not-null, needed-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
ALTER TABLE users ALTER id DROP NOT NULL;

-- case: a logged table is logged
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
ALTER TABLE users SET LOGGED;

-- case: an unlogged table is written again
-- expect: table-rewrite-option
-- since: 15
-- history
CREATE UNLOGGED TABLE t (id bigint PRIMARY KEY);
-- draft
ALTER TABLE t SET LOGGED;

-- case: a default that was not there is not lost
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL);
-- draft
ALTER TABLE t ALTER a DROP DEFAULT;

-- case: the default of a serial column is lost
-- expect: drop-default
-- since: 15
-- history
CREATE TABLE t (id bigserial PRIMARY KEY, a int NOT NULL);
-- draft
ALTER TABLE t ALTER id DROP DEFAULT;

-- case: a table that is renamed stays one table
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
ALTER TABLE users RENAME TO people;
ALTER TABLE people RENAME COLUMN name TO full_name;
CREATE VIEW users AS SELECT id, email, age, full_name AS name, score FROM people;

-- case: a down that drops a type before its table
-- expect: needed-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY);
-- draft
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (id bigint PRIMARY KEY, m mood);
-- down
DROP TYPE mood;
DROP TABLE t;

-- case: a down that drops a type behind its table
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY);
-- draft
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (id bigint PRIMARY KEY, m mood);
-- down
DROP TABLE t;
DROP TYPE mood;

-- case: a key goes before its column may be NULL
-- expect: drop-not-null
-- since: 15
-- phase: contract
-- history
CREATE TABLE t (a bigint PRIMARY KEY, b int NOT NULL);
-- draft
ALTER TABLE t DROP CONSTRAINT t_pkey, ALTER a DROP NOT NULL;

-- case: drops come first in one statement
-- expect: none
-- since: 15
-- phase: contract
-- history
CREATE TABLE t (id bigint, a varchar(10), b text GENERATED ALWAYS AS (lower(a)) STORED);
-- draft
ALTER TABLE t ALTER a TYPE text, DROP COLUMN b;

-- case: a column that is dropped in the same statement has no type to change
-- expect: missing-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE t (id bigint, a varchar(10));
-- draft
ALTER TABLE t ALTER a TYPE text, DROP COLUMN a;

-- case: new columns come before constraints in one statement
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ADD COLUMN a int;

-- case: a trigger follows its function
-- expect: needed-object
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
ALTER FUNCTION f() RENAME TO g;
-- draft
DROP FUNCTION g();

-- case: a function that drops tables leaves nothing sure
-- expect: none
-- since: 15
-- phase: contract
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
CREATE FUNCTION remove() RETURNS void LANGUAGE plpgsql AS $$BEGIN DROP TABLE users; END$$;
SELECT remove();
-- draft
DROP FUNCTION f();

-- case: a foreign key refers to no view
-- expect: fk-locks-parent, refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT id FROM users;
-- draft
CREATE TABLE c (id bigint PRIMARY KEY, x bigint REFERENCES v (id));

-- case: a view has no index
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE VIEW v AS SELECT id FROM users;
-- draft
CREATE INDEX CONCURRENTLY v_id ON v (id);

-- case: a computed column has no default
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
-- draft
ALTER TABLE t ALTER b SET DEFAULT 3;

-- case: an identity needs NOT NULL
-- expect: refused-statement
-- since: 15
-- history
CREATE TABLE t (id bigint, a int);
-- draft
ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY;

-- case: an identity over NOT NULL
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint NOT NULL, a int);
-- draft
ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY;

-- case: a column that a table is partitioned by stays
-- expect: refused-statement
-- since: 15
-- phase: contract
-- history
CREATE TABLE p (id bigint NOT NULL, k int) PARTITION BY LIST (k);
-- draft
ALTER TABLE p DROP COLUMN k;

-- case: a trigger is there already
-- expect: create-trigger-lock, object-exists
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
-- draft
CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();

-- case: a policy is there already
-- expect: object-exists
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
CREATE POLICY p ON users USING (true);
-- draft
CREATE POLICY p ON users USING (age > 1);

-- case: a check names a column that is not there
-- expect: missing-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
ALTER TABLE users ADD CONSTRAINT c CHECK (years > 0) NOT VALID;

-- case: a column is computed from one that is not there
-- expect: missing-object
-- since: 15
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (c * 2) STORED);

-- case: the condition of an index names a column that is not there
-- expect: missing-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
CREATE INDEX CONCURRENTLY i ON users (age) WHERE deleted_at IS NULL;

-- case: a view shows a column that is not there
-- expect: missing-object
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
CREATE VIEW v AS SELECT id, nick FROM users;

-- case: a new index is about columns that a query names
-- expect: none
-- since: 15
-- history
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, age int, name varchar(50), score numeric(8,2));
-- draft
CREATE INDEX CONCURRENTLY i ON users (age) WHERE users.name IS NOT NULL;

-- case: a column whose name begins with desc is in the usual order
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL, description text);
CREATE UNIQUE INDEX u ON t (a, description);
-- draft
ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u;

-- case: a view of an alias, as a whole row
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL);
-- draft
CREATE VIEW v AS SELECT x.id, x.a, x AS whole FROM t x;

-- case: a view of an alias that renames columns
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL);
-- draft
CREATE VIEW v AS SELECT c1, c2 FROM t AS q (c1, c2);

-- case: a view of what a query in FROM shows
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL);
-- draft
CREATE VIEW v AS SELECT s.b FROM (SELECT a AS b FROM t) s;

-- case: a view of what a function gives beside each row
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY, j jsonb NOT NULL);
-- draft
CREATE VIEW v AS SELECT t.id, e.key FROM t CROSS JOIN LATERAL jsonb_each_text(t.j) e;
CREATE VIEW w AS SELECT id, g FROM t JOIN generate_series(1, 3) g ON true;

-- case: a view of rows that are written out, beside a table
-- expect: none
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
CREATE VIEW v AS SELECT id, v.n FROM t JOIN (VALUES (1)) AS v (n) ON v.n = t.id;

-- case: a view of a column that an alias has not
-- expect: missing-object
-- since: 15
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
CREATE VIEW v AS SELECT x.id, x.name FROM t x;

-- case: parts of a composite value are no columns
-- expect: none
-- since: 15
CREATE TYPE address AS (street text, zip text);
CREATE TABLE homes (id bigint PRIMARY KEY, a address, CHECK ((a).zip <> ''), CHECK ((homes.a).zip IS NOT NULL));
CREATE VIEW zips AS SELECT id, (a).zip, (homes.a).street FROM homes;
CREATE OR REPLACE VIEW zips AS SELECT id, (a).zip AS zip, (homes.a).street FROM homes;
