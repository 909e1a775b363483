//! `mysql-modify-drops-attributes`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-modify-drops-attributes",
    "MODIFY or CHANGE leaves out what the column has, and so takes it away.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_modify_drops_attributes.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::Redefine { column, definition: new, span, .. } = action else { continue };
        let Some(old) = altered.table.and_then(|table| table.column(&column.text)).filter(|old| old.ty.is_some()) else { continue };
        let in_key = altered.table.is_some_and(|table| table.constraints.iter().any(|one| {
            matches!(&one.kind, ConstraintModel::PrimaryKey(columns) if columns.contains(&column.text))
        }));
        let mut lost: Vec<String> = Vec::new();
        if old.not_null && new.not_null.is_none() && !new.attributes.null && !in_key {
            lost.push("NOT NULL".to_owned());
        }
        if let (Some(value), None, None) = (&old.default, &new.default, &new.generated) && !new.attributes.auto_increment && !new.attributes.default_null {
            lost.push(format!("DEFAULT {}", value.text));
        }
        if old.attributes.auto_increment && !new.attributes.auto_increment {
            lost.push("AUTO_INCREMENT".to_owned());
        }
        if let (Some(value), None) = (&old.attributes.on_update, &new.attributes.on_update) {
            lost.push(format!("ON UPDATE {value}"));
        }
        if let (Some(set), None, None) = (&old.attributes.charset, &new.attributes.charset, &new.collation) {
            lost.push(format!("CHARACTER SET {set}"));
        }
        if let (Some(collation), None, None) = (&old.collation, &new.collation, &new.attributes.charset)
            && altered.table.is_none_or(|table| table.collation.as_ref() != Some(collation))
        {
            lost.push(format!("COLLATE {collation}"));
        }
        // A character set that is said again brings its own collation.
        if let (Some(collation), None, Some(set)) = (&old.collation, &new.collation, &new.attributes.charset)
            && cx.dialect == Dialect::MariaDb
            && old.attributes.charset.as_ref() == Some(set)
            && !usual(set).contains(&&**collation)
        {
            lost.push(format!("COLLATE {collation}"));
        }
        if old.attributes.invisible && !new.attributes.invisible {
            lost.push("INVISIBLE".to_owned());
        }
        // What MySQL reads at a column is the table's.
        let check = |one: &&TableConstraint| {
            matches!(one.kind, ConstraintModel::Check(_)) && one.written_at.as_ref() == Some(&column.text)
        };
        let restated = new.constraints.iter().any(|one| matches!(one.kind, ConstraintKind::Check(_)));
        let checks = altered.table.into_iter().flat_map(|table| &table.constraints);
        if let Some(TableConstraint { kind: ConstraintModel::Check(check), .. }) =
            checks.filter(|_| cx.dialect == Dialect::MariaDb && !restated).find(check)
        {
            lost.push(format!("CHECK ({})", bare(&check.text)));
        }
        let harmful = !lost.is_empty();
        if let (Some(comment), None) = (&old.attributes.comment, &new.attributes.comment) {
            lost.push(format!("COMMENT '{}'", comment.replace('\\', "\\\\").replace('\'', "''")));
        }
        if lost.is_empty() {
            continue;
        }
        let table = &altered.key;
        let written = cx.text(*span);
        let placed = placement(written, new);
        let restated = format!("ALTER TABLE {table} {} {}{}", &written[..written.len() - placed.len()].trim_end(), in_order(&lost), if placed.is_empty() { String::new() } else { format!(" {placed}") });
        let finding = out.report(*span, format!("this takes {} from `{table}.{}`", list_of(&lost), column.text));
        if !harmful {
            finding.severity = Severity::Warning;
        }
        finding
            .breaks("whoever relies on it: MODIFY and CHANGE say all that the column is, not what changes")
            .help("restate it; or say that it goes: NULL, DEFAULT NULL");
        // A column that gets another name has other files to write.
        if *column == new.name {
            finding.file(cx.phase(), format!("{restated};"));
        }
    }
}

/// The collations that a server may take for a character set by itself.
fn usual(set: &str) -> &'static [&'static str] {
    match set {
        "latin1" => &["latin1_swedish_ci"],
        "ascii" => &["ascii_general_ci"],
        "utf8mb3" => &["utf8_general_ci", "utf8mb3_general_ci", "utf8mb3_uca1400_ai_ci"],
        "utf8mb4" => &["utf8mb4_general_ci", "utf8mb4_uca1400_ai_ci"],
        _ => &[],
    }
}

/// A condition without parentheses around it.
fn bare(condition: &str) -> &str {
    let inner = condition.trim().strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    let mut depth = 0_i32;
    let closes_early = |inner: &str| {
        inner.chars().any(|character| {
            depth += i32::from(character == '(') - i32::from(character == ')');
            depth < 0
        })
    };
    inner.filter(|inner| !{ closes_early }(inner)).unwrap_or(condition)
}

/// FIRST or AFTER at the end of the definition, as written.
fn placement<'a>(written: &'a str, new: &ColumnDef) -> &'a str {
    if !new.placed {
        return "";
    }
    let lower = written.to_ascii_lowercase();
    let at = lower.rfind(" after ").or_else(|| lower.rfind(" first")).map(|at| at + 1);
    at.and_then(|at| written.get(at..)).unwrap_or("")
}

/// The character set belongs to the type, all else may follow in any order.
fn in_order(lost: &[String]) -> String {
    lost.join(" ")
}

fn list_of(lost: &[String]) -> String {
    match lost {
        [one] => one.clone(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
        [] => String::new(),
    }
}
