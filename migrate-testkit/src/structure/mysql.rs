//! The tables of MySQL and MariaDB.

use super::{Kind, Queries};

macro_rules! queries {
    ($checks:literal) => {
        Queries {
            columns: "select c.table_name, c.column_name, c.column_type, '', '',
                    if(c.is_nullable = 'YES', '1', '0'),
                    if(c.extra like '%auto_increment%' or coalesce(c.generation_expression, '') <> '', '1', '0')
                from information_schema.columns c join information_schema.tables t
                    on t.table_schema = c.table_schema and t.table_name = c.table_name
                where c.table_schema = database() and t.table_type = 'BASE TABLE'
                order by c.table_name, c.ordinal_position",
            unique: "select table_name, index_name, column_name, if(index_name = 'PRIMARY', '1', '0')
                from information_schema.statistics
                where table_schema = database() and non_unique = 0 and column_name is not null
                order by table_name, index_name, seq_in_index",
            references: "select table_name, constraint_name, column_name, referenced_table_name, referenced_column_name
                from information_schema.key_column_usage
                where table_schema = database() and referenced_table_name is not null
                order by table_name, constraint_name, ordinal_position",
            checks: $checks,
        }
    };
}

pub(super) const QUERIES_MARIADB: Queries = queries!(
    "select table_name, check_clause from information_schema.check_constraints where constraint_schema = database()"
);
pub(super) const QUERIES_MYSQL: Queries = queries!(
    "select t.table_name, c.check_clause from information_schema.check_constraints c
     join information_schema.table_constraints t
        on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name
     where c.constraint_schema = database()"
);

/// What a column holds, by its type as the server prints it.
pub(super) fn kind(column_type: &str) -> Kind {
    let lower = column_type.to_lowercase();
    let number = super::first_number(&lower);
    let unsigned = lower.contains("unsigned");
    let integer = |bits| Kind::Integer { bits, unsigned };
    match lower.split(['(', ' ']).next().unwrap_or_default() {
        "tinyint" if number == Some(1) => Kind::Boolean,
        "tinyint" => integer(8),
        "smallint" => integer(16),
        "mediumint" => integer(24),
        "int" => integer(32),
        "bigint" => integer(64),
        "decimal" => Kind::Decimal {
            digits: number.unwrap_or(10),
            scale: super::second_number(&lower).unwrap_or(0),
        },
        "float" | "double" => Kind::Float,
        "char" | "varchar" => Kind::Text { longest: number },
        "tinytext" => Kind::Text { longest: Some(63) },
        "text" | "mediumtext" => Kind::Text { longest: None },
        // MariaDB's json is a longtext with a check that its text is JSON.
        "longtext" => Kind::Text { longest: None },
        "binary" | "varbinary" => Kind::Bytes { longest: number },
        "tinyblob" | "blob" | "mediumblob" | "longblob" => Kind::Bytes { longest: None },
        "bit" => Kind::Bits(number.unwrap_or(1)),
        "date" => Kind::Date,
        "time" => Kind::Time,
        "datetime" | "timestamp" => Kind::Timestamp,
        "year" => Kind::Year,
        "json" => Kind::Json,
        "uuid" => Kind::Uuid,
        "inet4" | "inet6" => Kind::Address,
        "enum" => Kind::Enumeration(labels(column_type)),
        "set" => Kind::Choices(labels(column_type)),
        other => Kind::Other(other.to_owned()),
    }
}

/// The words of `enum('a','b')`.
fn labels(column_type: &str) -> Vec<String> {
    let inside = column_type
        .split_once('(')
        .map_or("", |(_, rest)| rest.trim_end_matches(')'));
    let inside = inside.trim_start_matches('\'').trim_end_matches('\'');
    inside
        .split("','")
        .map(|label| label.replace("''", "'"))
        .collect()
}
