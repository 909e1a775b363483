-- case: a bound of another kind
-- expect: refused-statement
-- phase: contract
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE p PARTITION OF events FOR VALUES IN ('2025-01-01');

-- case: a bound of more columns
-- expect: refused-statement
-- phase: contract
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2025-01-01', 3) TO ('2026-01-01', 4);

-- case: a bound with no room
-- expect: refused-statement
-- phase: contract
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2025-01-01');

-- case: a bound that is no time
-- expect: refused-statement
-- phase: contract
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE p PARTITION OF events FOR VALUES FROM ('soon') TO ('later');

-- case: a default of a hash
-- expect: refused-statement
-- phase: contract
CREATE TABLE buckets (id integer) PARTITION BY HASH (id);
CREATE TABLE bucket_0 PARTITION OF buckets FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE p PARTITION OF buckets DEFAULT;

-- case: the same remainder
-- expect: refused-statement
-- phase: contract
CREATE TABLE buckets (id integer) PARTITION BY HASH (id);
CREATE TABLE bucket_0 PARTITION OF buckets FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE p PARTITION OF buckets FOR VALUES WITH (MODULUS 8, REMAINDER 4);

-- case: a modulus that divides nothing
-- expect: refused-statement
-- phase: contract
CREATE TABLE buckets (id integer) PARTITION BY HASH (id);
CREATE TABLE bucket_0 PARTITION OF buckets FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE p PARTITION OF buckets FOR VALUES WITH (MODULUS 6, REMAINDER 1);

-- case: a finer modulus
-- expect: none
-- phase: contract
CREATE TABLE buckets (id integer) PARTITION BY HASH (id);
CREATE TABLE bucket_0 PARTITION OF buckets FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE p PARTITION OF buckets FOR VALUES WITH (MODULUS 8, REMAINDER 5);

-- case: a trigger of INSERT asks the old row
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE INSERT ON n FOR EACH ROW WHEN (OLD.a > 1) EXECUTE FUNCTION g();

-- case: a trigger of a statement has no row
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t AFTER UPDATE ON n FOR EACH STATEMENT WHEN (NEW.a > 3) EXECUTE FUNCTION g();

-- case: tables of rows before the event
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON n REFERENCING NEW TABLE AS r FOR EACH STATEMENT EXECUTE FUNCTION g();

-- case: tables of rows for two events
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t AFTER INSERT OR UPDATE ON n REFERENCING NEW TABLE AS r FOR EACH STATEMENT EXECUTE FUNCTION g();

-- case: TRUNCATE has no rows
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t AFTER TRUNCATE ON n FOR EACH ROW EXECUTE FUNCTION g();

-- case: a trigger with tables of its rows
-- expect: none
-- phase: contract
CREATE TABLE n (a int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t AFTER UPDATE ON n REFERENCING OLD TABLE AS o NEW TABLE AS r FOR EACH STATEMENT EXECUTE FUNCTION g();

-- case: INSTEAD OF on a table
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t INSTEAD OF INSERT ON n FOR EACH ROW EXECUTE FUNCTION g();

-- case: BEFORE on a view
-- expect: refused-statement
-- phase: contract
CREATE VIEW w AS SELECT 1 AS a;
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE INSERT ON w FOR EACH ROW EXECUTE FUNCTION g();

-- case: a function in no language
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(a int) RETURNS int AS $$ SELECT a $$;

-- case: the language behind the body in quotes
-- expect: none
-- phase: contract
CREATE FUNCTION n(a int) RETURNS int AS $$ SELECT a $$ LANGUAGE 'sql' IMMUTABLE;

-- case: two parameters of one name
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(a int, a text) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;

-- case: a default before what has none
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(a int DEFAULT 3, b int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;

-- case: immutable and volatile
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(int) RETURNS int IMMUTABLE VOLATILE LANGUAGE sql AS $$ SELECT 1 $$;

-- case: a sequence that stands still
-- expect: refused-statement
-- phase: contract
CREATE SEQUENCE n INCREMENT 0;

-- case: a sequence with limits that are crossed
-- expect: refused-statement
-- phase: contract
CREATE SEQUENCE n MINVALUE 10 MAXVALUE 5;

-- case: a sequence that starts below its limit
-- expect: refused-statement
-- phase: contract
CREATE SEQUENCE n START 5 MINVALUE 10;

-- case: a sequence beyond its type
-- expect: refused-statement
-- phase: contract
CREATE SEQUENCE n AS smallint MAXVALUE 100000;

-- case: a sequence of texts
-- expect: refused-statement
-- phase: contract
CREATE SEQUENCE n AS text;

-- case: sequences
-- expect: none
-- phase: contract
CREATE SEQUENCE n AS smallint INCREMENT BY -1 MINVALUE -100 MAXVALUE 0 START -5 CACHE 3;
CREATE SEQUENCE o START WITH 1000 MINVALUE 10 NO CYCLE;

-- case: a policy of INSERT with USING
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE POLICY p ON n FOR INSERT USING (a > 0);

-- case: a policy of SELECT with WITH CHECK
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE POLICY p ON n FOR SELECT USING (a > 0) WITH CHECK (a > 0);

-- case: a value of an enum twice
-- expect: refused-statement
-- phase: contract
CREATE TYPE n AS ENUM ('a', 'b', 'a');

-- case: an attribute twice
-- expect: refused-statement
-- phase: contract
CREATE TYPE n AS (a int, a text);

-- case: a hash index over two columns
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, b int);
CREATE INDEX i ON n USING hash (a, b);

-- case: an expression without parentheses in an index
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a text, b text);
CREATE INDEX i ON n (a || b);

-- case: an expression in INCLUDE
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a text, b text);
CREATE INDEX i ON n (a) INCLUDE (lower(b));

-- case: an option that an index has not
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a text);
CREATE INDEX i ON n (a) WITH (fillfactr = 70);

-- case: a sum in an index
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
CREATE INDEX i ON n (sum(a));

-- case: an index with everything
-- expect: none
-- phase: contract
CREATE TABLE n (a text, b text, c jsonb);
CREATE INDEX i ON n (a COLLATE "C" text_pattern_ops DESC NULLS LAST, (a || b), lower(b)) INCLUDE (c) WITH (fillfactor = 70) WHERE a LIKE 'x%' AND b IS NOT NULL;

-- case: a type that takes no length
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a text(40));

-- case: a type of other databases
-- expect: missing-object
-- phase: contract
CREATE TABLE n (a string);

-- case: no length at all
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a varchar(0));

-- case: NULL and NOT NULL
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int NOT NULL NULL);

-- case: a default of an identity
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int DEFAULT 3 GENERATED ALWAYS AS IDENTITY);

-- case: a key over one column twice
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, PRIMARY KEY (a, a));

-- case: a CHECK that waits
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, CHECK (a > 0) DEFERRABLE);

-- case: a column that every table has
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (ctid int);

-- case: a unique constraint that is not valid
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
ALTER TABLE n ADD CONSTRAINT u UNIQUE (a) NOT VALID;

-- case: a list of two columns
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, b text) PARTITION BY LIST (a, b);

-- case: a partition key that is no column
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, b text) PARTITION BY LIST (c);

-- case: a partition key of a copy
-- expect: none
-- phase: contract
CREATE TABLE o (a int);
CREATE TABLE n (LIKE o) PARTITION BY LIST (a);

-- case: a remainder beyond its modulus
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int) PARTITION BY HASH (a);
CREATE TABLE m PARTITION OF n FOR VALUES WITH (MODULUS 4, REMAINDER 4);

-- case: statistics of one column
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, b int);
CREATE STATISTICS s ON a FROM n;

-- case: statistics of no kind
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, b int);
CREATE STATISTICS s (ndistinct, dependency) ON a, b FROM n;

-- case: a schema like those of the server
-- expect: refused-statement
-- phase: contract
CREATE SCHEMA pg_mine;

-- case: a right that a table has not
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int);
GRANT EXECUTE ON TABLE n TO PUBLIC;

-- case: a column that GRANT names
-- expect: missing-object
-- phase: contract
CREATE TABLE n (a int);
GRANT SELECT (b) ON n TO PUBLIC;

-- case: a trigger function in SQL
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n() RETURNS trigger LANGUAGE sql AS $$ SELECT 1 $$;

-- case: a trigger function with parameters
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(a int) RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW;
END $$;

-- case: VARIADIC and one more
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(VARIADIC a int[], b int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;

-- case: two languages
-- expect: refused-statement
-- phase: contract
CREATE FUNCTION n(a int) RETURNS int LANGUAGE sql LANGUAGE plpgsql AS $$ SELECT 1 $$;

-- case: a default of a serial
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int, b serial4 DEFAULT 3);

-- case: a number with a collation of its own
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int COLLATE "C");

-- case: an identity that stands still
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int GENERATED ALWAYS AS IDENTITY (INCREMENT 0));

-- case: a page filled fivefold
-- expect: refused-statement
-- phase: contract
CREATE TABLE n (a int) WITH (fillfactor = 500);

-- case: a domain that is NULL and NOT NULL
-- expect: refused-statement
-- phase: contract
CREATE DOMAIN n AS int NOT NULL NULL;

-- case: rows of a view are not removed
-- expect: refused-statement
-- phase: contract
CREATE VIEW w AS SELECT 1 AS a;
TRUNCATE w;
