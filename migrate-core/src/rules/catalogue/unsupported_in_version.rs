//! `unsupported-in-version`.

use super::prelude::*;
use crate::sql::{Since, demands, peculiar};

pub(super) static RULE: Rule = Rule::new(
    "unsupported-in-version",
    "A statement is newer than the oldest server the set is meant for.",
    Severity::Error,
    Allowed::Never,
    include_str!("unsupported_in_version.md"),
    check,
)
.on(EVERYWHERE);

/// The SQLite that sqlx's driver is built with, unless an application links another one.
const BUNDLED: ServerVersion = ServerVersion::new(3, 51, 0);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.dialect.is_mysql_family() {
        return of_mysql(cx, out);
    }
    if cx.dialect == Dialect::Sqlite {
        for demand in demands(cx.sql, cx.dialect, cx.since) {
            if cx.set.since.is_none() && demand.version > BUNDLED {
                out.report(demand.span, format!("{} needs SQLite {}, and the drivers bring {BUNDLED}", demand.what, demand.version))
                    .breaks("the migration: SQLite refuses the statement")
                    .help("where a newer SQLite is linked, name it with `since`");
            } else if cx.since < demand.version {
                report(cx, out, demand.span, &format!("{} needs SQLite {}", demand.what, demand.version));
            }
        }
        return;
    }
    // What stands in a body was seen with the statement around it.
    let demands = if cx.nested { Vec::new() } else { demands(cx.sql, cx.dialect, cx.since) };
    for demand in demands {
        // What somebody made of the same name does without the server's.
        let made = demand.function.is_some_and(|name| {
            let key = cx.schema.resolve(Class::Function, &Name::plain(name));
            cx.schema.get(&key).is_some()
        });
        // Who does not say which server it is for is not asked to spell REINDEX as of old.
        let spelling = demand.what.starts_with("REINDEX") && cx.set.since.is_none();
        if cx.since < demand.version && !made && !spelling {
            let major = demand.version.major();
            report(cx, out, demand.span, &format!("{} needs PostgreSQL {major}", demand.what));
        }
    }
    let mut need = |major: u32, span: Span, what: &str| {
        if !cx.at_least(major) {
            report(cx, out, span, &format!("{what} needs PostgreSQL {major}"));
        }
    };
    for (span, parent) in new_parents(cx) {
        if cx.schema.table_at(&parent).is_some_and(|parent| parent.partitioned.is_some()) {
            need(12, span, "a foreign key to a partitioned table");
        }
    }
    match cx.operation {
        Operation::Reindex { concurrently: true, .. } => need(12, cx.whole(), "REINDEX CONCURRENTLY"),
        Operation::CreateIndex(index) if index.only => need(11, index.table.span, "CREATE INDEX … ON ONLY"),
        Operation::CreateIndex(index) if is_partitioned(cx, &index.table) => need(11, index.table.span, "an index of a partitioned table"),
        Operation::CreateTrigger { or_replace: true, .. } => need(14, cx.whole(), "CREATE OR REPLACE TRIGGER"),
        Operation::CreateTrigger { table, .. } if is_partitioned(cx, table) && contains_word(&lower(cx), "each row") => {
            match contains_word(&lower(cx), "before") {
                true => need(13, table.span, "a BEFORE trigger for the rows of a partitioned table"),
                false => need(11, table.span, "a trigger for the rows of a partitioned table"),
            }
        }
        Operation::Vacuum { tables, .. } => {
            if let [_, second, ..] = &**tables {
                need(11, second.span, "VACUUM of several tables");
            }
        }
        Operation::Alter { kind: ObjectKind::Index, actions, .. } => {
            for action in actions {
                if let Action::AttachIndex(child) = action {
                    need(11, child.span, "ALTER INDEX … ATTACH PARTITION");
                }
            }
        }
        Operation::Alter { kind: ObjectKind::View, actions, .. } => {
            let renames = |action: &&Action| matches!(action, Action::RenameColumn(..));
            // ALTER TABLE does it on any server.
            if let Some(Action::RenameColumn(from, _, _)) = actions.iter().find(renames) {
                need(13, from.span, "ALTER VIEW … RENAME COLUMN");
            }
        }
        Operation::Data { writes, .. } => {
            for write in writes.iter().filter(|write| write.kind == WriteKind::Merge) {
                need(15, write.span, "MERGE");
            }
        }
        Operation::CreateTable(table) => {
            for column in &table.columns {
                generated(column, &mut need);
            }
            if matches!(&table.source, TableSource::PartitionOf(_, Bound::Default)) {
                need(11, table.name.span, "a DEFAULT partition");
            }
            if table.partitioned.is_some() {
                let inline = table.columns.iter().flat_map(|column| &column.constraints);
                inline.chain(&table.constraints).for_each(|constraint| of_partitioned(constraint, &mut need));
            }
        }
        Operation::Alter { kind: ObjectKind::Table, name, actions, .. } => {
            let partitioned = cx.schema.table(name).is_some_and(|table| table.partitioned.is_some());
            for action in actions {
                match action {
                    Action::DetachPartition { child, concurrently: true, .. } => need(14, child.span, "DETACH PARTITION … CONCURRENTLY"),
                    Action::DetachPartition { child, finalize: true, .. } => need(14, child.span, "DETACH PARTITION … FINALIZE"),
                    Action::SetAccessMethod(method) => need(15, method.span, "SET ACCESS METHOD"),
                    Action::AddConstraint(constraint) if matches!(constraint.kind, ConstraintKind::NotNull(_)) => {
                        need(18, constraint.span, "NOT NULL as a table constraint");
                    }
                    Action::AddConstraint(constraint)
                        if constraint.not_valid && matches!(constraint.kind, ConstraintKind::ForeignKey(_)) && partitioned =>
                    {
                        need(18, constraint.span, "a foreign key NOT VALID of a partitioned table");
                    }
                    Action::AddConstraint(constraint) if partitioned => of_partitioned(constraint, &mut need),
                    Action::AddColumn { column, .. } => generated(column, &mut need),
                    Action::AlterColumn { change: ColumnChange::SetExpression(_), span, .. } => need(17, *span, "SET EXPRESSION"),
                    Action::AlterColumn { change: ColumnChange::DropExpression { .. }, span, .. } => need(13, *span, "DROP EXPRESSION"),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn lower(cx: &Context<'_>) -> String {
    cx.sql.to_lowercase()
}

fn is_partitioned(cx: &Context<'_>, table: &Name) -> bool {
    cx.schema.table(table).is_some_and(|table| table.partitioned.is_some())
}

/// What a partitioned table was not given at first.
fn of_partitioned(constraint: &Constraint, need: &mut impl FnMut(u32, Span, &str)) {
    match constraint.kind {
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } => {
            need(11, constraint.span, "a key of a partitioned table");
        }
        ConstraintKind::ForeignKey(_) => need(11, constraint.span, "a foreign key of a partitioned table"),
        ConstraintKind::Exclude => need(17, constraint.span, "an exclusion constraint of a partitioned table"),
        _ => {}
    }
}

/// An error where the set says what it is meant for; else nobody may have so old a server.
fn report(cx: &Context<'_>, out: &mut Findings<'_>, span: Span, needs: &str) {
    if cx.set.since.is_some() {
        out.report(span, format!("{needs}, and this set is meant for {}", cx.since))
            .breaks("the migration: the server refuses the statement")
            .help(match cx.dialect {
                Dialect::Sqlite => "where no older SQLite is left, raise `since`",
                _ => "where no older server is left, raise `since`",
            });
    } else {
        let server = if cx.dialect == Dialect::Sqlite { "SQLite" } else { "server" };
        out.report(span, format!("{needs}, and this set does not say that it has no older one"))
            .warning()
            .breaks(format!("the migration on an older {server}, which refuses the statement"))
            .help(format!("name the oldest {server} with `since`"));
    }
}

fn generated(column: &ColumnDef, need: &mut impl FnMut(u32, Span, &str)) {
    match &column.generated {
        Some(Generated::Stored(value)) => need(12, value.span, "a generated column"),
        Some(Generated::Virtual(value)) => need(18, value.span, "a virtual generated column"),
        _ => {}
    }
}

/// An ALGORITHM that newer servers take for what is asked.
fn cheaper(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(algorithm) = written(cx).algorithm else { return };
    let mariadb = cx.dialect == Dialect::MariaDb;
    let first = if mariadb { ServerVersion::new(10, 3, 2) } else { ServerVersion::new(8, 0, 12) };
    // That there is no such word is said already.
    if algorithm < Algorithm::Inplace && !cx.since.has(first, cx.dialect) {
        return;
    }
    for one in judged(cx) {
        let needed = one.cost.algorithm(cx.dialect);
        if one.why != Why::Version || algorithm >= needed {
            continue;
        }
        let newer = if mariadb { "MariaDB 10.4" } else { "MySQL 8.0.29" };
        report(cx, out, one.span, &format!("this with ALGORITHM={} needs {newer}", algorithm.name()));
        return;
    }
}

fn of_mysql(cx: &Context<'_>, out: &mut Findings<'_>) {
    cheaper(cx, out);
    let mariadb = cx.dialect == Dialect::MariaDb;
    let server = if mariadb { "MariaDB" } else { "MySQL" };
    let mut need = |on_mysql: Since, on_mariadb: Since, span: Span, what: &str| {
        let wanted = if mariadb { on_mariadb } else { on_mysql };
        let Some((major, minor, patch)) = wanted else {
            out.report(span, format!("{server} has no {what}")).breaks("the migration: the server refuses the statement");
            return;
        };
        // An older server skips a comment that names a newer one.
        if guarded(cx.text(span), major * 10_000 + minor * 100 + patch) {
            return;
        }
        if !cx.since.has(ServerVersion::new(major, minor, patch), cx.dialect) {
            report(cx, out, span, &format!("{what} needs {server} {major}.{minor}.{patch}"));
        }
    };
    let words = if cx.nested { Vec::new() } else { peculiar(cx.sql) };
    for (on_mysql, on_mariadb, span, what) in words {
        need(on_mysql, on_mariadb, span, what);
    }
    match cx.operation {
        Operation::CreateTable(table) => {
            if table.or_replace {
                need(None, Some((10, 0, 8)), table.name.span, "CREATE OR REPLACE TABLE");
            }
            table.columns.iter().for_each(|column| of_column(column, &mut need));
            table.indexes.iter().for_each(|index| of_index(index, &mut need));
            let collation = table.collation.as_deref().unwrap_or_default();
            of_collation(collation, table.name.span, &mut need);
        }
        Operation::CreateIndex(index) if index.if_not_exists => need(None, Some((10, 1, 4)), index.span, "IF NOT EXISTS for an index"),
        Operation::CreateIndex(index) => of_index(index, &mut need),
        Operation::CreateSequence { name, .. } => need(None, Some((10, 3, 0)), name.span, "CREATE SEQUENCE"),
        Operation::CreateTrigger { or_replace: true, name, .. } => need(None, Some((10, 1, 4)), name.span, "CREATE OR REPLACE TRIGGER"),
        Operation::CreateFunction { or_replace: true, name, .. } => need(None, Some((10, 1, 3)), name.span, "CREATE OR REPLACE of a routine"),
        Operation::Alter { kind: ObjectKind::Table, name, if_exists, actions } => {
            if *if_exists {
                need(None, Some((10, 5, 2)), name.span, "ALTER TABLE IF EXISTS");
            }
            for action in actions {
                match action {
                    Action::AddColumn { column, if_not_exists } => {
                        if *if_not_exists {
                            need(None, Some((10, 0, 2)), column.name.span, "ADD COLUMN IF NOT EXISTS");
                        }
                        of_column(column, &mut need);
                    }
                    Action::DropColumn { column, if_exists: true, .. } => need(None, Some((10, 0, 2)), column.span, "DROP COLUMN IF EXISTS"),
                    Action::DropIndex { name, if_exists: true } => need(None, Some((10, 0, 2)), name.span, "DROP INDEX IF EXISTS"),
                    Action::DropConstraint { name, if_exists: true, .. } => need(None, Some((10, 0, 2)), name.span, "DROP … IF EXISTS of a constraint"),
                    Action::Redefine { definition, if_exists, .. } => {
                        if *if_exists {
                            need(None, Some((10, 0, 2)), definition.name.span, "MODIFY or CHANGE IF EXISTS");
                        }
                        of_column(definition, &mut need);
                    }
                    Action::AddIndex(index) if index.if_not_exists => need(None, Some((10, 0, 2)), index.span, "ADD INDEX IF NOT EXISTS"),
                    Action::AddIndex(index) => of_index(index, &mut need),
                    Action::Option(TableOption::Charset(set), span) if set == "default" => {
                        need(None, Some((10, 0, 0)), *span, "default for the character set of a table");
                    }
                    Action::Option(TableOption::Convert(_, Some(collation)), span) => of_collation(collation, *span, &mut need),
                    Action::RenameColumn(from, _, _) => need(Some((8, 0, 0)), Some((10, 5, 2)), from.span, "RENAME COLUMN"),
                    Action::RenameIndex(from, _) => need(Some((5, 7, 0)), Some((10, 5, 2)), from.span, "RENAME INDEX"),
                    Action::Online(online) => match online.algorithm {
                        Some(Algorithm::Instant) => need(Some((8, 0, 12)), Some((10, 3, 2)), online.span, "ALGORITHM=INSTANT"),
                        Some(Algorithm::Nocopy) => need(None, Some((10, 3, 2)), online.span, "ALGORITHM=NOCOPY"),
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether a part of the text is for servers of that version and newer ones only.
fn guarded(text: &str, version: u32) -> bool {
    let named = |rest: &str| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).take(6).collect();
        digits.parse().is_ok_and(|named: u32| named >= version)
    };
    text.split("/*!").skip(1).chain(text.split("/*M!").skip(1)).any(named)
}

fn of_index(index: &Index, need: &mut impl FnMut(Since, Since, Span, &str)) {
    if index.columns.iter().any(String::is_empty) {
        need(Some((8, 0, 13)), None, index.span, "index over an expression");
    }
    if index.kind == IndexKind::Vector {
        need(None, Some((11, 7, 0)), index.span, "VECTOR INDEX");
    }
}

fn of_column(column: &ColumnDef, need: &mut impl FnMut(Since, Since, Span, &str)) {
    let span = column.ty.span;
    match &*column.ty.name {
        "uuid" => need(None, Some((10, 7, 0)), span, "type uuid"),
        "inet6" => need(None, Some((10, 5, 0)), span, "type inet6"),
        "inet4" => need(None, Some((10, 10, 0)), span, "type inet4"),
        "vector" => need(Some((9, 0, 0)), Some((11, 7, 0)), span, "type vector"),
        _ => {}
    }
    let expression = |value: &&Expr| value.text.starts_with('(');
    if let Some(value) = column.default.as_ref().filter(expression) {
        need(Some((8, 0, 13)), Some((10, 2, 1)), value.span, "an expression as default");
    }
    if column.attributes.invisible {
        need(Some((8, 0, 23)), Some((10, 3, 3)), column.span, "an invisible column");
    }
    of_collation(column.collation.as_deref().unwrap_or_default(), column.span, need);
}

fn of_collation(collation: &str, span: Span, need: &mut impl FnMut(Since, Since, Span, &str)) {
    if collation.contains("_0900_") {
        need(Some((8, 0, 0)), Some((11, 4, 5)), span, &format!("collation {collation}"));
    }
    if collation.contains("uca1400_") {
        need(None, Some((10, 10, 1)), span, &format!("collation {collation}"));
    }
}
