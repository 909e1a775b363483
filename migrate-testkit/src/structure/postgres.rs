//! PostgreSQL's tables.

use super::{Kind, Queries};

/// Tables that are no partitions and belong to no extension. A partition's rows are those of its parent.
macro_rules! tables {
    () => {
        "from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    };
}
macro_rules! wanted {
    () => {
        "c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')"
    };
}
macro_rules! name {
    () => {
        "quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
    };
}

pub(super) const QUERIES: Queries = Queries {
    columns: concat!(
        "select ",
        name!(),
        ", a.attname, format_type(a.atttypid, a.atttypmod),
            case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
                 when t.typtype = 'e' then 'enum' when t.typtype in ('r', 'm') then 'range'
                 when t.typcategory = 'A' then 'array' else format_type(a.atttypid, a.atttypmod) end,
            coalesce((select string_agg(e.enumlabel, chr(31) order by e.enumsortorder) from pg_enum e
                where e.enumtypid = case when t.typtype = 'd' then t.typbasetype else t.oid end), ''),
            (not (a.attnotnull or t.typnotnull))::int::text,
            (a.attgenerated <> '' or a.attidentity <> ''
                or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval(%', false))::int::text
         ",
        tables!(),
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         join pg_type t on t.oid = a.atttypid
         left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
         where ",
        wanted!(),
        " order by 1, a.attnum"
    ),
    unique: concat!(
        "select ",
        name!(),
        ", i.indexrelid::text, a.attname, i.indisprimary::int::text
         ",
        tables!(),
        " join pg_index i on i.indrelid = c.oid and i.indisunique
         join pg_attribute a on a.attrelid = c.oid and (a.attnum = any(i.indkey) or exists (
            select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
            and d.refobjid = c.oid and d.refobjsubid = a.attnum))
         where ",
        wanted!(),
        " order by 1, 2, a.attnum"
    ),
    references: concat!(
        "select ",
        name!(),
        ", r.oid::text, a.attname, quote_ident(fn.nspname) || '.' || quote_ident(fc.relname), f.attname
         ",
        tables!(),
        " join pg_constraint r on r.conrelid = c.oid and r.contype = 'f'
         join pg_class fc on fc.oid = r.confrelid join pg_namespace fn on fn.oid = fc.relnamespace
         cross join unnest(r.conkey, r.confkey) with ordinality k (here, there, place)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.here
         join pg_attribute f on f.attrelid = r.confrelid and f.attnum = k.there
         where ",
        wanted!(),
        " order by 1, 2, k.place"
    ),
    checks: concat!(
        "select ",
        name!(),
        ", pg_get_constraintdef(r.oid)
         ",
        tables!(),
        " join pg_constraint r on r.conrelid = c.oid and r.contype = 'c' where ",
        wanted!(),
        "
         union all
         select ",
        name!(),
        ", replace(pg_get_constraintdef(r.oid), 'VALUE', quote_ident(a.attname))
         ",
        tables!(),
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         join pg_constraint r on r.contypid = a.atttypid and r.contype = 'c' where ",
        wanted!(),
        " order by 1, 2"
    ),
};

/// What a column holds, by the name of its base type.
pub(super) fn kind(_type_name: &str, base: &str, labels: &str) -> Kind {
    if !labels.is_empty() {
        return Kind::Enumeration(labels.split('\u{1f}').map(str::to_owned).collect());
    }
    let number = super::first_number(base);
    let bare = base.split('(').next().unwrap_or(base).trim();
    let integer = |bits| Kind::Integer {
        bits,
        unsigned: false,
    };
    match bare {
        "smallint" => integer(16),
        "integer" => integer(32),
        "bigint" => integer(64),
        "numeric" => {
            let scale = super::second_number(base);
            Kind::Decimal {
                digits: number.unwrap_or(20),
                scale: scale.unwrap_or(if number.is_some() { 0 } else { 5 }),
            }
        }
        "real" | "double precision" => Kind::Float,
        "boolean" => Kind::Boolean,
        "text" | "citext" | "name" => Kind::Text { longest: None },
        "character varying" => Kind::Text { longest: number },
        "character" => Kind::Text {
            longest: Some(number.unwrap_or(1)),
        },
        "bytea" => Kind::Bytes { longest: None },
        "bit" | "bit varying" => Kind::Bits(number.unwrap_or(1)),
        "date" => Kind::Date,
        "uuid" => Kind::Uuid,
        "json" | "jsonb" => Kind::Json,
        "inet" | "cidr" => Kind::Address,
        "array" => Kind::Array,
        "range" => Kind::Range,
        _ if bare.starts_with("timestamp") => Kind::Timestamp,
        _ if bare.starts_with("time") => Kind::Time,
        _ if bare.starts_with("interval") => Kind::Interval,
        _ if bare.ends_with("[]") => Kind::Array,
        _ => Kind::Other(bare.to_owned()),
    }
}
