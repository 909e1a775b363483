//! What PostgreSQL is asked for an assessment.

use super::queries::Queries;

/// The columns of a foreign key, up to its condition.
macro_rules! foreign_keys {
    () => {
        "SELECT k.conname::text, k.conrelid::regclass::text, \
         (SELECT string_agg(a.attname, ', ' ORDER BY n.place) FROM unnest(k.conkey) WITH ORDINALITY n(number, place) \
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number), \
         k.confrelid::regclass::text, \
         (SELECT string_agg(a.attname, ', ' ORDER BY n.place) FROM unnest(k.confkey) WITH ORDINALITY n(number, place) \
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.number), \
         CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' \
          WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END, \
         CASE k.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' \
          WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END, \
         CASE WHEN k.convalidated THEN 't' ELSE 'f' END \
         FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0 "
    };
}

pub(super) static QUERIES: Queries = Queries {
    // A table that was never analysed has no number: -1 since PostgreSQL 14, 0 pages before.
    table: "WITH t AS (SELECT pg_catalog.to_regclass(:table)::oid AS oid), \
            all_of AS (SELECT oid FROM t UNION SELECT relid FROM pg_catalog.pg_partition_tree((SELECT oid FROM t)::regclass)) \
            SELECT CASE WHEN bool_or(c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0 \
             AND pg_catalog.pg_relation_size(c.oid) > 0)) FILTER (WHERE c.relkind = 'r') THEN NULL \
             ELSE sum(c.reltuples) FILTER (WHERE c.relkind = 'r')::bigint END::text, \
            sum(pg_catalog.pg_table_size(c.oid))::bigint::text, sum(pg_catalog.pg_indexes_size(c.oid))::bigint::text \
            FROM all_of JOIN pg_catalog.pg_class c ON c.oid = all_of.oid HAVING count(*) > 0",
    rows_by: "pg_class.reltuples",
    indexes: "SELECT x.relname::text, pg_catalog.pg_get_indexdef(i.indexrelid), \
              pg_catalog.pg_relation_size(i.indexrelid)::text, CASE WHEN i.indisvalid THEN 't' ELSE 'f' END \
              FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid \
              WHERE i.indrelid = pg_catalog.to_regclass(:table) ORDER BY 1",
    foreign_keys: concat!(
        foreign_keys!(),
        "AND (k.conrelid = pg_catalog.to_regclass(:table) OR k.confrelid = pg_catalog.to_regclass(:table)) ORDER BY 2, 1"
    ),
    all_foreign_keys: concat!(
        foreign_keys!(),
        "AND pg_catalog.pg_table_is_visible(k.conrelid) ORDER BY 2, 1"
    ),
    // Views by what the catalog records, views of these views too; functions also by their text, because a body in a
    // language leaves no record of what it reads.
    dependents: "WITH RECURSIVE t AS (SELECT pg_catalog.to_regclass(:table)::oid AS oid), \
         views AS (SELECT r.ev_class AS oid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid \
           WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass \
           AND d.refobjid = (SELECT oid FROM t) AND r.ev_class <> d.refobjid \
          UNION SELECT r.ev_class FROM views v JOIN pg_catalog.pg_depend d ON d.refobjid = v.oid \
           JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid \
           WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass \
           AND r.ev_class <> d.refobjid) \
         SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, c.oid::regclass::text, '', NULL \
          FROM views JOIN pg_catalog.pg_class c ON c.oid = views.oid \
         UNION ALL SELECT 'trigger', g.tgname::text, pg_catalog.pg_get_triggerdef(g.oid, true), NULL \
          FROM pg_catalog.pg_trigger g WHERE g.tgrelid = (SELECT oid FROM t) AND NOT g.tgisinternal \
         UNION ALL SELECT 'function', p.oid::regprocedure::text, 'named in its text', p.prosrc \
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
          WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') \
          AND pg_catalog.strpos(lower(p.prosrc), lower(:name)) > 0 \
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass \
           AND d.objid = p.oid AND d.deptype = 'e') \
         UNION ALL SELECT DISTINCT 'function', p.oid::regprocedure::text, 'recorded by the catalog', NULL \
          FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid \
          WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass \
          AND d.refobjid = (SELECT oid FROM t) \
         ORDER BY 1, 2",
    applications: Ok(
        "SELECT coalesce(nullif(application_name, ''), 'user ' || coalesce(usename::text, '?')), count(*)::text \
         FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database() \
         AND pid <> pg_catalog.pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend' \
         GROUP BY 1 ORDER BY 1",
    ),
};

/// The schema of the extension that counts statements; no row where it is not installed.
pub(super) const STATEMENTS_SCHEMA: &str = "SELECT n.nspname::text FROM pg_catalog.pg_extension e \
     JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'";

/// Text, calls, mean, median and 99th percentile of what names the table: the extension keeps neither of the last two.
pub(super) fn statements(schema: &str) -> String {
    format!(
        "SELECT query, calls::text, mean_exec_time::text, NULL, NULL FROM {schema}.pg_stat_statements \
         WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
         AND pg_catalog.strpos(lower(query), lower(:name)) > 0 ORDER BY total_exec_time DESC LIMIT 40"
    )
}
