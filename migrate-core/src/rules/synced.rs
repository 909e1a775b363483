//! What a `sync` needs of its columns, as far as the model tells it before any database is asked.

use crate::diagnostic::{Diagnostic, Position, codes};
use crate::model::directives::Sync;
use crate::model::{Migration, MigrationSet};
use crate::schema::{Column, Schema};
use crate::sql::Generated;
use crate::sync::{Kept, drop_default, drop_not_null};

/// Judges a sync by the schema that its file leaves behind, which is when the triggers are made.
pub(super) fn check(
    schema: &Schema,
    migration: &Migration,
    sync: &Sync,
    set: &MigrationSet,
    place: Option<&Position>,
) -> Vec<Diagnostic> {
    // What makes no sense by itself has its error where it was read.
    let Ok(kept) = Kept::new(sync, set.dialect, &set.name, &migration.change_name()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut look = |schema_name: &Option<String>, table: &str, columns: &[String], told: bool| {
        let side = schema.side(schema_name.as_deref(), table, columns);
        for fault in side.missing {
            let diagnostic = Diagnostic::error(&codes::MISSING_OBJECT, &*migration.path, fault.message);
            found.push(match fault.nearest {
                Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
                None => diagnostic,
            });
        }
        let columns = side.columns.into_iter().filter(|_| told);
        found.extend(columns.flat_map(|column| untold(set, migration, table, column)));
    };
    match &kept {
        Kept::Row(pair) => {
            look(&pair.schema, &pair.table, &pair.old, pair.both_ways);
            look(&pair.schema, &pair.table, &pair.new, true);
        }
        Kept::Tables(pair) => {
            for side in [&pair.old, &pair.new] {
                look(&side.schema, &side.table, &side.keys, false);
                look(&side.schema, &side.table, &side.columns, false);
            }
        }
    }
    for diagnostic in &mut found {
        diagnostic.position = place.cloned();
    }
    found
}

/// Why a trigger could not tell whether a column was given. No start makes the triggers of such a sync, so a build that
/// passes with it would never serve.
fn untold(set: &MigrationSet, migration: &Migration, table: &str, column: &Column) -> Vec<Diagnostic> {
    // What the server computes is refused for that, with facts of the server.
    if column.generated.is_some() {
        return Vec::new();
    }
    let name = crate::sql::quote(&column.name);
    let table = crate::sql::quote(table);
    // What a MODIFY of MySQL and MariaDB has to say again.
    let mut kind = column.ty.as_ref().map(ToString::to_string).unwrap_or_default();
    if let Some(set) = &column.attributes.charset {
        kind.push_str(&format!(" CHARACTER SET {set}"));
    }
    if let Some(collation) = column
        .collation
        .as_ref()
        .filter(|_| set.dialect.is_mysql_family())
    {
        kind.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(comment) = &column.attributes.comment {
        let comment = comment.replace('\\', "\\\\").replace('\'', "''");
        kind.push_str(&format!(" COMMENT '{comment}'"));
    }
    let mut found = Vec::new();
    if column.not_null {
        let message = format!(
            "`{}` is NOT NULL: a trigger cannot tell whether it was given",
            column.name
        );
        let numbered = column.attributes.auto_increment
            || column.ty.as_ref().is_some_and(|ty| ty.is_serial())
            || matches!(column.generated, Some(Generated::Identity { .. }));
        let mend = match numbered {
            true => None,
            false => Some(drop_not_null(set.dialect, &table, &name, &kind)),
        };
        found.push((&codes::SYNC_NOT_NULL, message, mend));
    }
    if column.attributes.on_update.is_some() {
        let message = format!(
            "`{}` has ON UPDATE: it changes in every UPDATE, and a trigger cannot tell whether it was given",
            column.name
        );
        let mend = drop_not_null(set.dialect, &table, &name, &kind);
        found.push((&codes::SYNC_ON_UPDATE, message, Some(mend)));
    }
    let default = column.default.as_ref().map(|default| default.normal());
    if let Some(default) = default.filter(|default| !default.eq_ignore_ascii_case("null")) {
        let message = format!(
            "`{}` has the default {default}: a trigger cannot tell whether it was given",
            column.name
        );
        let mend = drop_default(set.dialect, &table, &name, &kind);
        found.push((&codes::SYNC_DEFAULT, message, Some(mend)));
    }
    let told = |(code, message, mend): (_, String, Option<String>)| {
        let help = match mend {
            Some(mend) => format!("before the triggers are made, in `up` of this file: {mend}"),
            None => "the server numbers it: sync a column that the application writes".to_owned(),
        };
        Diagnostic::error(code, &*migration.path, message)
            .note("no start makes the triggers while it is like that")
            .help(help)
    };
    found.into_iter().map(told).collect()
}
