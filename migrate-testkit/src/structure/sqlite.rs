//! SQLite's tables.

use super::{Kind, Queries};

pub(super) const QUERIES: Queries = Queries {
    // A key of one INTEGER column is the row's number, and hidden columns are computed.
    columns: "select m.name, x.name, x.type, '', '',
            case when x.\"notnull\" = 0 and x.pk = 0 then '1' else '0' end,
            case when x.hidden in (2, 3) or (x.pk = 1 and upper(x.type) = 'INTEGER'
                and (select count(*) from pragma_table_xinfo(m.name) k where k.pk > 0) = 1) then '1' else '0' end
        from sqlite_schema m join pragma_table_xinfo(m.name) x
        where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\' and m.sql not like 'create virtual%'
            and x.hidden <> 1
        order by m.name, x.cid",
    unique: "select m.name, i.name, x.name, case i.origin when 'pk' then '1' else '0' end
        from sqlite_schema m join pragma_index_list(m.name) i join pragma_index_info(i.name) x
        where m.type = 'table' and i.\"unique\" = 1 and x.name is not null
        union all
        select m.name, 'rowid', x.name, '1' from sqlite_schema m join pragma_table_xinfo(m.name) x
        where m.type = 'table' and x.pk = 1 and upper(x.type) = 'INTEGER'
            and (select count(*) from pragma_table_xinfo(m.name) k where k.pk > 0) = 1
        order by 1, 2",
    references: "select m.name, cast(f.id as text), f.\"from\", f.\"table\", f.\"to\"
        from sqlite_schema m join pragma_foreign_key_list(m.name) f
        where m.type = 'table' order by m.name, f.id, f.seq",
    // The whole text of the table: what it generates out of JSON is told nowhere else.
    checks: "select name, sql from sqlite_schema where type = 'table' and (sql like '%check%' or sql like '%json\\_%' escape '\\')",
};

/// What a column holds, by its declared type. Where SQLite itself would take anything, the usual meaning of the name.
pub(super) fn kind(declared: &str) -> Kind {
    let lower = declared.to_lowercase();
    let has = |word: &str| lower.contains(word);
    if has("bool") {
        Kind::Boolean
    } else if has("int") {
        Kind::Integer {
            bits: 64,
            unsigned: false,
        }
    } else if has("uuid") {
        Kind::Uuid
    } else if has("json") {
        Kind::Json
    } else if has("char") || has("clob") || has("text") {
        Kind::Text {
            longest: super::first_number(&lower),
        }
    } else if has("timestamp") || has("datetime") {
        Kind::Timestamp
    } else if has("date") {
        Kind::Date
    } else if has("time") {
        Kind::Time
    } else if has("real") || has("floa") || has("doub") {
        Kind::Float
    } else if has("decimal") || has("numeric") {
        decimal(&lower)
    } else {
        Kind::Bytes { longest: None }
    }
}

/// SQLite keeps such a number as a floating one, which has 15 digits for sure.
fn decimal(declared: &str) -> Kind {
    let digits = super::first_number(declared).unwrap_or(9).min(15);
    let scale = super::second_number(declared);
    let scale = scale.unwrap_or(if declared.contains('(') { 0 } else { 2 });
    Kind::Decimal {
        digits,
        scale: scale.min(digits),
    }
}
