-- case: a column that no table of a join has
-- expect: missing-object
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text);
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint, total numeric);
-- draft
CREATE VIEW v AS SELECT s.id, h.name FROM sales s JOIN shops h ON h.id = s.shop_id;

-- case: a column that the one table of a query has not
-- expect: missing-object
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint, total numeric);
-- draft
CREATE MATERIALIZED VIEW v AS SELECT shop_id, sum(amount) AS amount_sum FROM sales GROUP BY shop_id;

-- case: names of values, windows and functions are no columns
-- expect: none
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint, total numeric, at timestamptz, note text);
-- draft
CREATE VIEW v AS SELECT date_trunc('day', at) AS d, count(*) AS n, sum(sum(total)) OVER w AS running, normalize('x', NFC) AS f
FROM sales s WHERE (total > 1) IS NOT UNKNOWN AND extract(year FROM s.at) > 2000 GROUP BY d
WINDOW w AS (ORDER BY date_trunc('day', at)) ORDER BY n;

-- case: an alias of another query, a query of WITH and a function
-- expect: none
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint, total numeric, tags text[]);
-- draft
CREATE VIEW v AS SELECT s.x, u.u FROM (SELECT id AS x, tags FROM sales s) s, unnest(s.tags) AS u;
CREATE VIEW w AS WITH sales AS (SELECT 1 AS z) SELECT sales.z FROM sales;

-- case: a function of a row is written like a column
-- expect: none
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text);
CREATE FUNCTION shown(shops) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1.title $$;
-- draft
CREATE VIEW v AS SELECT s.shown, s.id FROM shops s;

-- case: a query over a table that is gone
-- expect: missing-object
-- history
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE sales (id bigint PRIMARY KEY);
DROP TABLE shops;
-- draft
CREATE VIEW v AS SELECT s.id FROM sales s JOIN shops h ON h.id = s.id;

-- case: a table that is mistyped where nothing else can be meant
-- expect: missing-object
-- strict
-- history
CREATE TABLE sales (id bigint PRIMARY KEY);
-- draft
CREATE VIEW v AS SELECT id FROM slaes;

-- case: a view of the server itself
-- expect: none
-- strict
CREATE VIEW v AS SELECT c.relname, t.table_name FROM pg_class c JOIN information_schema.tables t ON t.table_name = c.relname;

-- case: a write with a column of another table that is not there
-- expect: missing-object
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text);
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint, note text);
-- draft
UPDATE sales s SET note = h.name FROM shops h WHERE h.id = s.shop_id AND s.id < 100;

-- case: a condition on a column that is not there
-- expect: missing-object
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, note text);
-- draft
DELETE FROM sales WHERE nota IS NULL AND id < 100;

-- case: a view shows one name once
-- expect: refused-statement
-- history
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint);
-- draft
CREATE VIEW v AS SELECT s.id, h.id FROM sales s JOIN shops h ON h.id = s.shop_id;

-- case: names of its own for what a view shows
-- expect: none
-- history
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE sales (id bigint PRIMARY KEY, shop_id bigint);
-- draft
CREATE VIEW v (sale, shop) AS SELECT s.id, h.id FROM sales s JOIN shops h ON h.id = s.shop_id;

-- case: on conflict needs something unique
-- expect: refused-statement
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text, closed boolean);
CREATE UNIQUE INDEX open_title ON shops (title) WHERE NOT closed;
-- draft
INSERT INTO shops (id, title) VALUES (1, 'a') ON CONFLICT (title) DO NOTHING;

-- case: on conflict with the condition of its index, in any order, and over an expression
-- expect: none
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text, city text, closed boolean, UNIQUE (title, city));
CREATE UNIQUE INDEX open_title ON shops (title) WHERE NOT closed;
CREATE UNIQUE INDEX lower_city ON shops (lower(city));
-- draft
INSERT INTO shops (id, title) VALUES (1, 'a') ON CONFLICT (title) WHERE NOT closed DO NOTHING;
INSERT INTO shops (id, title) VALUES (2, 'b') ON CONFLICT (city, title) DO UPDATE SET closed = EXCLUDED.closed;
INSERT INTO shops (id, title) VALUES (3, 'c') ON CONFLICT (lower(city)) DO NOTHING;

-- case: an index over an expression with a column that is not there
-- expect: missing-object
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text);
-- draft
CREATE INDEX CONCURRENTLY k ON shops (lower(tilte));

-- case: a trigger on a column that is not there
-- expect: create-trigger-lock, missing-object
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
-- draft
CREATE TRIGGER t BEFORE UPDATE OF name ON shops FOR EACH ROW EXECUTE FUNCTION f();

-- case: the rows of a trigger are no columns
-- expect: create-trigger-lock
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
-- draft
CREATE TRIGGER t BEFORE UPDATE OF title ON shops FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW AND NEW.title <> '') EXECUTE FUNCTION f();

-- case: a policy on a column that is not there
-- expect: missing-object
-- history
CREATE TABLE shops (id bigint PRIMARY KEY, title text);
-- draft
CREATE POLICY p ON shops USING (tenant_id = 1);

-- case: a column that a parent got later
-- expect: none
-- history
CREATE TABLE papers (id bigint PRIMARY KEY);
CREATE TABLE bills (total numeric) INHERITS (papers);
ALTER TABLE papers ADD COLUMN title text;
-- draft
CREATE VIEW v AS SELECT b.title, b.total FROM bills b;

-- case: a column that a function added
-- expect: none
-- history
CREATE TABLE sales (id bigint PRIMARY KEY);
CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE sales ADD COLUMN note text; END $$;
SELECT widen();
-- draft
CREATE VIEW v AS SELECT s.note FROM sales s;

-- case: words of xml are no columns
-- expect: none
-- history
CREATE TABLE sales (id bigint PRIMARY KEY, note text, body xml);
-- draft
CREATE VIEW v AS SELECT xmlparse(DOCUMENT note) AS a, xmlparse(CONTENT note) AS b, body IS DOCUMENT AS c FROM sales;

-- case: a view shows a column as another type under its name
-- expect: refused-statement
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
CREATE VIEW held_bodies AS SELECT id, body FROM held;
-- draft
CREATE OR REPLACE VIEW held_bodies AS SELECT id, body::varchar FROM held;

-- case: a view would show a column and its cast under one name
-- expect: refused-statement
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text);
-- draft
CREATE VIEW held_bodies AS SELECT body, body::varchar FROM held;

-- case: two queries give a column of two kinds
-- expect: refused-statement
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text, at date);
-- draft
CREATE VIEW all_of AS SELECT id, at FROM held UNION ALL SELECT body, at FROM held;

-- case: two queries give columns that become one
-- expect: none
-- history
CREATE TABLE held (id bigint PRIMARY KEY, body text, at date, size int);
-- draft
CREATE VIEW all_of AS SELECT id, at, body FROM held UNION ALL SELECT size, now(), NULL FROM held;
