-- case: a value that goes through a type of the same bytes
-- expect: none
-- since: 14
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ALTER COLUMN name TYPE text USING name::varchar;

-- case: a value that is cut on its way
-- expect: alter-column-type-rewrite
-- since: 14
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
ALTER TABLE t ALTER COLUMN name TYPE text USING name::varchar(10);

-- case: a function whose language is in quotes is called
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
CREATE FUNCTION fill() RETURNS void AS $$ BEGIN UPDATE t SET name = ''; END $$ LANGUAGE 'plpgsql';
SELECT fill();

-- case: a block whose language is in quotes
-- expect: whole-table-write
-- history
CREATE TABLE t (id bigint PRIMARY KEY, name text);
-- draft
DO LANGUAGE 'plpgsql' $$ BEGIN UPDATE t SET name = ''; END $$;

-- case: REFRESH compares with nothing
-- expect: refused-statement
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
-- draft
REFRESH MATERIALIZED VIEW CONCURRENTLY m WITH NO DATA;

-- case: REFRESH compares with new data
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
-- draft
REFRESH MATERIALIZED VIEW CONCURRENTLY m WITH DATA;

-- case: ALTER TABLE renames a view
-- expect: rename-view
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
-- draft
ALTER TABLE v RENAME TO w;

-- case: ALTER TABLE renames a materialized view
-- expect: rename-view
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE MATERIALIZED VIEW v AS SELECT id FROM t;
-- draft
ALTER TABLE v RENAME TO w;

-- case: ALTER TABLE renames a view that nobody uses yet
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY);
-- draft
CREATE VIEW v AS SELECT id FROM t;
ALTER TABLE v RENAME TO w;
