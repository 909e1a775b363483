//! `mysql-alter-copy`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-alter-copy",
    "An ALTER TABLE copies a table in use, or keeps writers out.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_alter_copy.md"),
    check,
)
.on(MYSQL);

const REASONS: &[Why] = &[
    Why::Type, Why::Check, Why::Stored, Why::Default, Why::Key, Why::Counter, Why::HasFullText, Why::HasVirtual, Why::Engine,
    Why::OtherEngine, Why::LongKey, Why::HasHash,
    Why::Unknown,
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx) else { return };
    let mut options = Vec::new();
    for one in judged(cx) {
        if let Why::Option(words) = one.why && one.cost >= Cost::Shared {
            options.push((one, words));
        }
    }
    if !asks_for_copy(cx) {
        for (one, words) in &options {
            if let Some(finding) = report(cx, out, one, format!("{words} copies every row of `{table}`")) {
                finding.help("make a new table beside it, fill it in batches, and swap the two with one RENAME TABLE");
            }
        }
        let mut told = Vec::new();
        for one in copied(cx, REASONS) {
            // One clause guards the whole statement, and one engine has the table, so one finding is enough.
            if matches!(one.why, Why::Unknown | Why::OtherEngine | Why::HasHash) {
                if told.contains(&one.why) {
                    continue;
                }
                told.push(one.why);
            }
            explain(cx, out, &table, &one);
        }
    }
    refused(cx, out, &table);
}

fn explain(cx: &Context<'_>, out: &mut Findings<'_>, table: &Key, one: &super::super::online::Judged<'_>) {
    let what = match one.why {
        Why::Type => "another type",
        Why::Check => "a CHECK",
        Why::Stored => "a stored generated column",
        Why::Default => "a default that differs from row to row",
        Why::Key => "dropping the primary key",
        Why::LongKey => "a UNIQUE too long for an index, of which MariaDB keeps a hash,",
        Why::HasHash => "a change beside a UNIQUE too long for an index",
        Why::Counter => "AUTO_INCREMENT",
        Why::HasFullText => "a change beside a full-text index",
        Why::HasVirtual => "a change beside a generated column",
        Why::Engine => "another engine",
        Why::OtherEngine => "a change of a table that is not of InnoDB",
        _ => {
            let message = format!("what this column of `{table}` was is not known here, so the change may copy every row");
            if let Some(finding) = report(cx, out, one, message) {
                finding
                    .help("let the server refuse what it cannot do online")
                    .file(cx.phase(), with_clause(cx, "ALGORITHM=INPLACE, LOCK=NONE"));
            }
            return;
        }
    };
    let message = match one.cost {
        Cost::Copy => format!("{what} copies every row of `{table}`"),
        _ => format!("{what} stops every write to `{table}`"),
    };
    let Some(finding) = report(cx, out, one, message) else { return };
    let added = match one.action {
        super::super::online::What::Action(Action::AddColumn { column, .. }) => Some(&**column),
        _ => None,
    };
    match (one.why, redefined(one), added) {
        (Why::Type, Some((old, new)), _) => beside(cx, finding, table, old, new),
        (Why::Default, _, Some(column)) => {
            let (name, ty) = (written_name(cx, &column.name), &column.ty);
            let value = column.default.as_ref().map_or("", |value| &value.text);
            // SET DEFAULT takes no constant of such a type (1101).
            let set = match cx.dialect == Dialect::Mysql && ty.is_long() {
                true => format!("MODIFY COLUMN {name} {ty} DEFAULT {value}"),
                false => format!("ALTER COLUMN {name} SET DEFAULT {value}"),
            };
            finding
                .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {name} {ty}, ALGORITHM=INSTANT;"))
                .file(Phase::Expand, format!("ALTER TABLE {table} {set}, ALGORITHM=INSTANT;"))
                .file(Phase::Migrate, format!("UPDATE {table} SET {name} = {value} WHERE {name} IS NULL;"));
        }
        (Why::Stored, _, Some(column)) => {
            if let Some(Generated::Stored(value)) = &column.generated {
                let (name, ty) = (written_name(cx, &column.name), &column.ty);
                finding.file(
                    Phase::Expand,
                    format!("ALTER TABLE {table} ADD COLUMN {name} {ty} GENERATED ALWAYS AS ({}) VIRTUAL, ALGORITHM=INSTANT;", value.text),
                );
            }
        }
        (Why::HasVirtual, _, Some(column)) if one.cost == Cost::Copy => {
            let definition = cx.text(Span { end: column.ty.span.end, ..column.span });
            finding
                .help("at the end of the table the column takes a moment; drop what is dropped in a file of its own")
                .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {definition}, ALGORITHM=INSTANT;"));
        }
        (Why::Check, ..) => {
            finding.help(match cx.dialect {
                Dialect::MariaDb => "a CHECK that comes with a new column takes a moment (`ADD COLUMN … CHECK (…)`); over old columns let the application or a trigger check",
                _ => "let the application or a trigger check; NOT ENFORCED takes a moment, and checks nothing",
            });
        }
        (Why::LongKey, ..) => {
            finding.help("make the key shorter than 3072 bytes, over the beginning of the value or over a hash of it in a column of its own");
        }
        (Why::Key, ..) => {
            finding.help("drop the old key and add the new one in one ALTER TABLE: that goes on while the table is written");
        }
        _ => {
            finding.help("make a new table beside it, fill it in batches, and swap the two with one RENAME TABLE");
        }
    }
}

/// An ALGORITHM that the server does not take for what is asked.
fn refused(cx: &Context<'_>, out: &mut Findings<'_>, table: &Key) {
    let online = written(cx);
    let Some(algorithm) = online.algorithm else { return };
    // MariaDB takes both.
    if algorithm == Algorithm::Instant && online.lock.is_some() && cx.dialect == Dialect::Mysql {
        out.report(clause_span(cx), "ALGORITHM=INSTANT takes no LOCK".to_owned())
            .breaks("the migration: the server refuses the statement")
            .file(cx.phase(), with_clause(cx, "ALGORITHM=INSTANT"));
        return;
    }
    let worst = judged(cx).into_iter().filter(|one| one.why != Why::Unknown && one.cost < Cost::Shared).max_by_key(|one| one.cost);
    let Some(one) = worst else { return };
    let needed = one.cost.algorithm(cx.dialect);
    // MySQL has no NOCOPY at all, which another rule says.
    let unknown = algorithm == Algorithm::Nocopy && cx.dialect == Dialect::Mysql;
    // What a newer server does is said of the version.
    if algorithm < needed && !unknown && one.why != Why::Version {
        out.report(one.span, format!("this cannot be done to `{table}` with ALGORITHM={}", algorithm.name()))
            .breaks("the migration: the server refuses the statement")
            .file(cx.phase(), with_clause(cx, &format!("ALGORITHM={}, LOCK=NONE", needed.name())));
    }
}
