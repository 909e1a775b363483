//! What MySQL and MariaDB are asked for an assessment.

use super::queries::Queries;
use crate::model::Dialect;

macro_rules! foreign_keys {
    ($condition:literal) => {
        concat!(
            "SELECT r.constraint_name, r.table_name, \
             GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position SEPARATOR ', '), r.referenced_table_name, \
             GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position SEPARATOR ', '), \
             r.delete_rule, r.update_rule, 't' FROM information_schema.referential_constraints r \
             JOIN information_schema.key_column_usage k ON k.constraint_schema = r.constraint_schema \
             AND k.constraint_name = r.constraint_name AND k.table_name = r.table_name WHERE ",
            $condition,
            " GROUP BY r.constraint_name, r.table_name, r.referenced_table_name, r.delete_rule, r.update_rule \
             ORDER BY 2, 1"
        )
    };
}

pub(super) static QUERIES: Queries = Queries {
    table: "SELECT CAST(table_rows AS CHAR), CAST(data_length AS CHAR), CAST(index_length AS CHAR) \
            FROM information_schema.tables WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :name \
            AND table_type = 'BASE TABLE'",
    rows_by: "information_schema.tables",
    indexes: "SELECT index_name, CONCAT(IF(MIN(non_unique) = 0, 'UNIQUE ', ''), index_type, ' (', \
              GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', '), ')'), NULL, 't' \
              FROM information_schema.statistics WHERE table_schema = COALESCE(:schema, DATABASE()) \
              AND table_name = :name GROUP BY index_name, index_type ORDER BY 1",
    foreign_keys: foreign_keys!(
        "r.constraint_schema = COALESCE(:schema, DATABASE()) \
         AND (r.table_name = :name OR r.referenced_table_name = :name)"
    ),
    all_foreign_keys: foreign_keys!("r.constraint_schema = DATABASE()"),
    dependents: "SELECT 'view', table_name, '', view_definition FROM information_schema.views \
         WHERE table_schema = COALESCE(:schema, DATABASE()) \
         UNION ALL SELECT 'trigger', trigger_name, \
          CONCAT(action_timing, ' ', event_manipulation, ' ON ', event_object_table), \
          IF(event_object_table = :name, NULL, action_statement) FROM information_schema.triggers \
         WHERE trigger_schema = COALESCE(:schema, DATABASE()) \
         UNION ALL SELECT LOWER(routine_type), routine_name, 'named in its text', COALESCE(routine_definition, '') \
         FROM information_schema.routines WHERE routine_schema = COALESCE(:schema, DATABASE()) \
         UNION ALL SELECT 'event', event_name, 'named in its text', event_definition \
         FROM information_schema.events WHERE event_schema = COALESCE(:schema, DATABASE()) ORDER BY 1, 2",
    applications: Ok(
        "SELECT CONCAT('user ', user), CAST(COUNT(*) AS CHAR) FROM information_schema.processlist \
         WHERE db = DATABASE() AND id <> CONNECTION_ID() GROUP BY user ORDER BY 1",
    ),
};

/// Whether statements are counted.
pub(super) const IS_COUNTED: &str = "SELECT CASE WHEN @@performance_schema THEN '1' ELSE '0' END";

/// Text, calls, mean, median and 99th percentile of what names the table. Times are picoseconds. MariaDB keeps no
/// percentiles.
pub(super) fn statements(dialect: Dialect) -> String {
    let (median, p99) = match dialect {
        Dialect::Mysql => (
            "(SELECT CAST(MIN(h.bucket_timer_high) / 1e9 AS CHAR) \
             FROM performance_schema.events_statements_histogram_by_digest h \
             WHERE h.schema_name = s.schema_name AND h.digest = s.digest AND h.bucket_quantile >= 0.5)",
            "CAST(s.quantile_99 / 1e9 AS CHAR)",
        ),
        _ => ("NULL", "NULL"),
    };
    format!(
        "SELECT s.digest_text, CAST(s.count_star AS CHAR), CAST(s.avg_timer_wait / 1e9 AS CHAR), {median}, {p99} \
         FROM performance_schema.events_statements_summary_by_digest s WHERE s.schema_name = DATABASE() \
         AND LOCATE(LOWER(:name), LOWER(s.digest_text)) > 0 ORDER BY s.sum_timer_wait DESC LIMIT 40"
    )
}
