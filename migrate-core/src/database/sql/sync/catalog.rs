//! What the catalog says of a table that triggers are to keep equal.

use crate::database::sql::backend::{Backend, DatabaseError, Value};
use crate::database::sql::ledger::Texts;
use crate::model::Dialect;
use crate::sync::{Column, KeyFacts, Reference, Side, TableFacts, TableKind, Trigger};

/// What it says of the table itself.
pub(super) async fn facts(backend: &mut dyn Backend, side: &Side) -> Result<TableFacts, DatabaseError> {
    let major = backend.server().version.major();
    let mut facts = TableFacts {
        kind: TableKind::Missing,
        columns: Vec::new(),
        triggers: Vec::new(),
        subscribed: false,
        cascades: Vec::new(),
        major,
    };
    match side.dialect {
        Dialect::Postgres => of_postgres(backend, side, &mut facts).await?,
        Dialect::Sqlite => of_sqlite(backend, side, &mut facts).await?,
        Dialect::Mysql | Dialect::MariaDb => of_mysql(backend, side, &mut facts).await?,
    }
    Ok(facts)
}

fn next(row: &mut impl Iterator<Item = Option<String>>) -> String {
    row.next().flatten().unwrap_or_default()
}

fn is_true(row: &mut impl Iterator<Item = Option<String>>) -> bool {
    matches!(&*next(row), "true" | "t" | "1")
}

/// A row of: name, type, nullable, default, generated, numbered, decides the partition, and on MySQL and MariaDB whether
/// it has ON UPDATE, and what a MODIFY says again.
fn column(row: Texts) -> Column {
    let mut row = row.into_iter();
    Column {
        name: next(&mut row),
        kind: next(&mut row),
        nullable: is_true(&mut row),
        default: row.next().flatten(),
        generated: is_true(&mut row),
        numbered: is_true(&mut row),
        partitions: is_true(&mut row),
        on_update: is_true(&mut row),
        again: next(&mut row),
    }
}

fn trigger(row: Texts) -> Trigger {
    let mut row = row.into_iter();
    Trigger {
        name: next(&mut row),
        sql: next(&mut row),
    }
}

async fn of_postgres(
    backend: &mut dyn Backend,
    side: &Side,
    facts: &mut TableFacts,
) -> Result<(), DatabaseError> {
    let table = [Value::text(side.quoted_table())];
    let about = "SELECT c.relkind::text, c.relispartition::text, (c.relpersistence = 't')::text, \
                 (SELECT i.inhparent::regclass::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid LIMIT 1), \
                 EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)::text, \
                 EXISTS (SELECT FROM pg_catalog.pg_subscription_rel s WHERE s.srrelid = c.oid)::text \
                 FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)";
    let Some(row) = backend.rows(about, &table).await?.into_iter().next() else {
        return Ok(());
    };
    let mut row = row.into_iter();
    let (kind, partition, temporary) = (next(&mut row), is_true(&mut row), is_true(&mut row));
    let (parent, children) = (row.next().flatten(), is_true(&mut row));
    facts.subscribed = is_true(&mut row);
    facts.kind = match (&*kind, parent) {
        ("v" | "m", _) => TableKind::Other("a view"),
        ("f", _) => TableKind::Other("a foreign table"),
        (_, _) if temporary => TableKind::Temporary,
        (_, Some(parent)) if partition => TableKind::Partition(parent),
        ("p", _) => TableKind::Partitioned,
        ("r", None) if !children => TableKind::Table,
        ("r", _) => TableKind::Inherited,
        _ => TableKind::Other("no table"),
    };
    // Before PostgreSQL 12 there is no attgenerated, and so no generated column.
    let columns = "SELECT a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), \
                   (NOT a.attnotnull AND NOT t.typnotnull)::text, \
                   CASE WHEN pg_catalog.to_jsonb(a)->>'attgenerated' <> '' THEN NULL \
                   ELSE coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), t.typdefault) END, \
                   coalesce(pg_catalog.to_jsonb(a)->>'attgenerated' <> '', false)::text, \
                   (a.attidentity <> '')::text, coalesce(a.attnum = ANY (p.partattrs::int2[]), false)::text \
                   FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
                   LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
                   LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = a.attrelid \
                   WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped";
    let rows = backend.rows(columns, &table).await?;
    facts.columns = rows.into_iter().map(column).collect();
    let triggers = "SELECT t.tgname::text, p.prosrc FROM pg_catalog.pg_trigger t \
                    JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid \
                    WHERE t.tgrelid = pg_catalog.to_regclass($1) AND NOT t.tgisinternal AND t.tgenabled <> 'D' \
                    AND (t.tgname LIKE 'zz\\_migrate\\_%' OR t.tgtype & 3 = 3 AND t.tgtype & 20 <> 0)";
    let rows = backend.rows(triggers, &table).await?;
    facts.triggers = rows.into_iter().map(trigger).collect();
    Ok(())
}

async fn of_sqlite(
    backend: &mut dyn Backend,
    side: &Side,
    facts: &mut TableFacts,
) -> Result<(), DatabaseError> {
    let table = [Value::text(&*side.table)];
    let about = "SELECT type, upper(coalesce(sql, '')) FROM sqlite_schema WHERE lower(name) = lower(?1) \
                 AND type IN ('table', 'view')";
    let Some(row) = backend.rows(about, &table).await?.into_iter().next() else {
        return Ok(());
    };
    let mut row = row.into_iter();
    let (kind, sql) = (next(&mut row), next(&mut row));
    let columns = "SELECT name, type, CASE WHEN \"notnull\" = 0 THEN '1' ELSE '0' END, dflt_value, \
                   CASE WHEN hidden > 1 THEN '1' ELSE '0' END, \
                   CASE WHEN pk = 1 AND upper(type) = 'INTEGER' \
                   AND (SELECT max(pk) FROM pragma_table_xinfo(?1)) = 1 THEN '1' ELSE '0' END, '0' \
                   FROM pragma_table_xinfo(?1)";
    let rows = backend.rows(columns, &table).await?;
    facts.columns = rows.into_iter().map(column).collect();
    // What follows the parenthesis that closes the columns are the options of the table.
    let options = sql.rfind(')').map_or("", |end| &sql[end..]);
    let shadowed = facts
        .columns
        .iter()
        .any(|column| column.name.eq_ignore_ascii_case("_rowid_"));
    facts.kind = if kind == "view" {
        TableKind::Other("a view")
    } else if sql.starts_with("CREATE VIRTUAL") {
        TableKind::Other("a virtual table")
    } else if options.contains("ROWID") || shadowed {
        TableKind::WithoutRowid
    } else {
        TableKind::Table
    };
    let triggers =
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1)";
    let rows = backend.rows(triggers, &table).await?;
    facts.triggers = rows.into_iter().map(trigger).collect();
    Ok(())
}

async fn of_mysql(
    backend: &mut dyn Backend,
    side: &Side,
    facts: &mut TableFacts,
) -> Result<(), DatabaseError> {
    let schema = side.schema.as_deref().map_or(Value::Null, Value::text);
    let table = [schema, Value::text(&*side.table)];
    let of = |names: &str| format!("{names}_schema = coalesce(?, DATABASE()) AND {names}_name = ?");
    let about = format!(
        "SELECT table_type FROM information_schema.tables WHERE {}",
        of("table")
    );
    let Some(row) = backend.rows(&about, &table).await?.into_iter().next() else {
        return Ok(());
    };
    facts.kind = match &*next(&mut row.into_iter()) {
        "BASE TABLE" | "SYSTEM VERSIONED" => TableKind::Table,
        "TEMPORARY" => TableKind::Temporary,
        "VIEW" | "SYSTEM VIEW" => TableKind::Other("a view"),
        _ => TableKind::Other("no table"),
    };
    // MariaDB writes the default NULL out; on MySQL that is the text of a default.
    let default = match side.dialect {
        Dialect::MariaDb => "nullif(column_default, 'NULL')",
        _ => "column_default",
    };
    let columns = format!(
        "SELECT column_name, CONCAT(column_type, coalesce(CONCAT(' CHARACTER SET ', character_set_name), '')), \
         CASE WHEN is_nullable = 'YES' THEN '1' ELSE '0' END, {default}, \
         CASE WHEN coalesce(generation_expression, '') <> '' THEN '1' ELSE '0' END, \
         CASE WHEN extra LIKE '%auto_increment%' THEN '1' ELSE '0' END, '0', \
         CASE WHEN extra LIKE '%on update%' THEN '1' ELSE '0' END, \
         CONCAT(coalesce(CONCAT(' COLLATE ', collation_name), ''), \
         CASE WHEN column_comment <> '' THEN CONCAT(' COMMENT ', quote(column_comment)) ELSE '' END) \
         FROM information_schema.columns WHERE {}",
        of("table")
    );
    let rows = backend.rows(&columns, &table).await?;
    facts.columns = rows.into_iter().map(column).collect();
    let triggers = "SELECT trigger_name, action_statement FROM information_schema.triggers \
         WHERE event_object_schema = coalesce(?, DATABASE()) AND event_object_table = ?";
    let rows = backend.rows(triggers, &table).await?;
    facts.triggers = rows.into_iter().map(trigger).collect();
    let cascades = "SELECT k.column_name, k.constraint_name FROM information_schema.key_column_usage k \
                    JOIN information_schema.referential_constraints r \
                    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name \
                    AND r.table_name = k.table_name \
                    WHERE k.table_schema = coalesce(?, DATABASE()) AND k.table_name = ? \
                    AND (r.update_rule IN ('CASCADE', 'SET NULL') OR r.delete_rule = 'SET NULL')";
    let rows = backend.rows(cascades, &table).await?;
    facts.cascades = rows
        .into_iter()
        .map(|row| {
            let mut row = row.into_iter();
            (next(&mut row), next(&mut row))
        })
        .collect();
    Ok(())
}

/// The unique indexes of a table of two, and its foreign keys.
pub(super) async fn keys(
    backend: &mut dyn Backend,
    side: &Side,
    other: &Side,
) -> Result<KeyFacts, DatabaseError> {
    match side.dialect {
        Dialect::Postgres => keys_of_postgres(backend, side, other).await,
        Dialect::Sqlite => keys_of_sqlite(backend, side, other).await,
        Dialect::Mysql | Dialect::MariaDb => keys_of_mysql(backend, side, other).await,
    }
}

/// Rows of: index, column.
fn unique(rows: Vec<Texts>) -> Vec<Vec<String>> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let mut row = row.into_iter();
        let (index, column) = (next(&mut row), next(&mut row));
        match found.iter_mut().find(|(name, _)| *name == index) {
            Some((_, columns)) => columns.push(column),
            None => found.push((index, vec![column])),
        }
    }
    found.into_iter().map(|(_, columns)| columns).collect()
}

/// Rows of: foreign key, column, what a DELETE does.
fn references(rows: Vec<Texts>) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    for row in rows {
        let mut row = row.into_iter();
        let (name, column, on_delete) = (next(&mut row), next(&mut row), next(&mut row));
        match found.iter_mut().find(|key| key.name == name) {
            Some(key) => key.columns.push(column),
            None => found.push(Reference {
                name,
                columns: vec![column],
                on_delete,
            }),
        }
    }
    found
}

async fn keys_of_postgres(
    backend: &mut dyn Backend,
    side: &Side,
    other: &Side,
) -> Result<KeyFacts, DatabaseError> {
    let table = Value::text(side.quoted_table());
    let indexes = "SELECT i.indexrelid::text, a.attname::text FROM pg_catalog.pg_index i \
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid \
                   AND a.attnum = ANY ((i.indkey::int2[])[0:coalesce((pg_catalog.to_jsonb(i)->>'indnkeyatts')::int, i.indnatts) - 1]) \
                   WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisunique AND i.indimmediate AND i.indisvalid \
                   AND i.indpred IS NULL AND i.indexprs IS NULL";
    let rows = backend.rows(indexes, core::slice::from_ref(&table)).await?;
    let keys = "SELECT c.conname::text, a.attname::text, CASE c.confdeltype WHEN 'c' THEN 'CASCADE' ELSE '' END \
                FROM pg_catalog.pg_constraint c \
                JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
                WHERE c.contype = 'f' AND c.conrelid = pg_catalog.to_regclass($1) \
                AND c.confrelid = pg_catalog.to_regclass($2)";
    let there = backend
        .rows(keys, &[table, Value::text(other.quoted_table())])
        .await?;
    Ok(KeyFacts {
        unique: unique(rows),
        references: references(there),
        deleting: Vec::new(),
    })
}

async fn keys_of_sqlite(
    backend: &mut dyn Backend,
    side: &Side,
    other: &Side,
) -> Result<KeyFacts, DatabaseError> {
    let table = Value::text(&*side.table);
    // The row id is unique without an index.
    let indexes = "SELECT 'the primary key', name FROM pragma_table_xinfo(?1) WHERE pk > 0 UNION ALL \
                   SELECT l.name, coalesce(i.name, '') FROM pragma_index_list(?1) l, pragma_index_info(l.name) i \
                   WHERE l.\"unique\" = 1 AND l.partial = 0";
    let rows = backend.rows(indexes, core::slice::from_ref(&table)).await?;
    let keys = "SELECT CAST(id AS TEXT), \"from\", on_delete FROM pragma_foreign_key_list(?1) \
                WHERE lower(\"table\") = lower(?2)";
    let there = backend.rows(keys, &[table, Value::text(&*other.table)]).await?;
    Ok(KeyFacts {
        unique: unique(rows),
        references: references(there),
        deleting: Vec::new(),
    })
}

async fn keys_of_mysql(
    backend: &mut dyn Backend,
    side: &Side,
    other: &Side,
) -> Result<KeyFacts, DatabaseError> {
    fn schema(side: &Side) -> Value<'_> {
        side.schema.as_deref().map_or(Value::Null, Value::text)
    }
    let table = [schema(side), Value::text(&*side.table)];
    let indexes = "SELECT index_name, coalesce(column_name, '') FROM information_schema.statistics \
                   WHERE table_schema = coalesce(?, DATABASE()) AND table_name = ? AND non_unique = 0 \
                   ORDER BY index_name, seq_in_index";
    let rows = backend.rows(indexes, &table).await?;
    let keys = "SELECT k.constraint_name, k.column_name, r.delete_rule, \
                CASE WHEN k.referenced_table_schema = coalesce(?, DATABASE()) AND k.referenced_table_name = ? \
                THEN '1' ELSE '0' END FROM information_schema.key_column_usage k \
                JOIN information_schema.referential_constraints r \
                ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name \
                AND r.table_name = k.table_name \
                WHERE k.table_schema = coalesce(?, DATABASE()) AND k.table_name = ?";
    let [own_schema, own_name] = table;
    let there = backend
        .rows(
            keys,
            &[schema(other), Value::text(&*other.table), own_schema, own_name],
        )
        .await?;
    let (there, elsewhere): (Vec<_>, Vec<_>) = there
        .into_iter()
        .partition(|row| row.get(3).is_some_and(|own| own.as_deref() == Some("1")));
    let deleting = references(elsewhere).into_iter();
    let deleting = deleting
        .filter(|key| key.on_delete == "CASCADE")
        .map(|key| key.name);
    Ok(KeyFacts {
        unique: unique(rows),
        references: references(there),
        deleting: deleting.collect(),
    })
}
