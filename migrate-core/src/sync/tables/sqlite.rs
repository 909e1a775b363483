//! SQLite: AFTER triggers. A statement of a trigger takes over the conflict handling of the outer one, so a row is
//! updated or inserted by two statements, and a write that `OR IGNORE` left half done is an error. REPLACE deletes
//! without firing (unless `recursive_triggers` is on), so what is inserted may have a counterpart.

use super::{Row, Way, assigned};
use crate::sync::pair::literal;

pub(super) fn install(way: Way<'_>) -> Vec<String> {
    let table = way.quoted(&way.from.table);
    let other = way.quoted(&way.to.table);
    let columns = way.list(&way.to.columns, "");
    let values = way.values("NEW.");
    let (at_old, at_new) = (way.paired("", "OLD."), way.paired("", "NEW."));
    let consistent = consistent(way);
    let there = |at: &str| format!("EXISTS (SELECT 1 FROM {other} WHERE {at})");
    let none = way.all_null(&way.from.columns, "NEW.");
    let raise = |message: &str, when: &str| {
        let message = literal(message, way.pair.dialect);
        format!("  SELECT RAISE(ABORT, {message}) WHERE {when};\n")
    };

    let (same_keys, same_side) = (same(way, &way.from.keys), same(way, &way.from.columns));
    // A row that only came along with its counterpart brings no news: there, the side may have changed meanwhile.
    let mut echo = format!("NOT ({same_keys}) AND ({same_side})");
    if !way.pair.both_ways {
        echo = "0".to_owned();
    } else if way.row == Row::Part {
        echo.push_str(&format!(" AND NOT {}", there(&at_old)));
    }
    let update = format!(
        "  UPDATE {other} SET {}\n    WHERE {at_new} AND NOT ({consistent})",
        assigned(&columns, &values)
    );
    let insert = |when: &str| {
        format!(
            "  INSERT INTO {other} ({}) SELECT {}\n    WHERE {when}NOT {};\n",
            [way.list(&way.to.keys, ""), columns.clone()].concat().join(", "),
            [way.list(&way.from.keys, "NEW."), values.clone()]
                .concat()
                .join(", "),
            there(&at_new)
        )
    };
    let made = match way.row {
        Row::Part => raise(&way.orphan(), &format!("NOT {}", there(&at_new))),
        Row::Whole => insert(&format!("NOT ({none}) AND ")),
        Row::Same => insert(""),
    };
    let message = format!(
        "migrate: {} cannot be kept equal, a constraint forbids it",
        way.pair.shown
    );
    let missing = match way.row {
        Row::Whole => format!("NOT ({none})"),
        Row::Part | Row::Same => "1".to_owned(),
    };
    let half = |unless: &str| {
        let wrong = format!(
            "{unless}(EXISTS (SELECT 1 FROM {other} WHERE {at_new} AND NOT ({consistent})) OR ({missing} AND NOT {}))",
            there(&at_new)
        );
        raise(&message, &wrong)
    };

    let nulls = vec!["NULL".to_owned(); columns.len()];
    let clear = format!(
        "  UPDATE {other} SET {}\n    WHERE {at_old} AND NOT ({})",
        assigned(&columns, &nulls),
        way.all_null(&way.to.columns, "")
    );
    let gone = match way.row {
        Row::Part => format!("{clear};\n"),
        Row::Whole | Row::Same => format!("  DELETE FROM {other} WHERE {at_old};\n"),
    };
    let inserted = format!("{made}{update};\n{}", half(""));
    let rekeyed = match way.row {
        Row::Part => String::new(),
        // The side goes with the key, in one statement: the trigger of the other table sees no half of it.
        Row::Whole | Row::Same => {
            let kept = columns
                .iter()
                .zip(&values)
                .map(|(column, value)| format!("CASE WHEN {consistent} THEN {column} ELSE {value} END"));
            let keys = way.list(&way.to.keys, "");
            format!(
                "  UPDATE {other} SET {}, {}\n    WHERE {at_old} AND NOT ({same_keys});\n",
                assigned(&keys, &way.list(&way.from.keys, "NEW.")),
                assigned(&columns, &kept.collect::<Vec<_>>())
            )
        }
    };
    let detached = match way.row {
        // Last, because a whole at the old key is what tells a part that was moved alone.
        Row::Part => format!("{clear} AND NOT ({same_keys});\n"),
        Row::Whole | Row::Same => String::new(),
    };
    let updated = format!(
        "{update} AND NOT ({echo});\n{rekeyed}{made}{}{detached}",
        half(&format!("NOT ({echo}) AND "))
    );
    vec![
        format!(
            "CREATE TRIGGER {} AFTER INSERT ON {table} FOR EACH ROW\nBEGIN\n{inserted}END",
            way.trigger("insert")
        ),
        format!(
            "CREATE TRIGGER {} AFTER UPDATE OF {} ON {table} FOR EACH ROW\nWHEN NOT ({same_keys} AND {same_side})\n\
             BEGIN\n{updated}END",
            way.trigger("update"),
            [way.list(&way.from.keys, ""), way.list(&way.from.columns, "")]
                .concat()
                .join(", ")
        ),
        format!(
            "CREATE TRIGGER {} AFTER DELETE ON {table} FOR EACH ROW\nBEGIN\n{gone}END",
            way.trigger("delete")
        ),
    ]
}

fn same(way: Way<'_>, columns: &[String]) -> String {
    let (before, after) = (way.list(columns, "OLD."), way.list(columns, "NEW."));
    let same = before.iter().zip(after);
    let same: Vec<String> = same
        .map(|(before, after)| format!("{before} COLLATE BINARY IS {after}"))
        .collect();
    same.join(" AND ")
}

/// Whether the other table's row is consistent with the one that fired, in a statement over the other table.
fn consistent(way: Way<'_>) -> String {
    let equal = |columns: Vec<String>, values: Vec<String>| {
        let equal = columns.iter().zip(values);
        let equal: Vec<String> = equal
            .map(|(column, value)| format!("{column} COLLATE BINARY IS {value}"))
            .collect();
        equal.join(" AND ")
    };
    let there = equal(way.list(&way.to.columns, ""), way.values("NEW."));
    match way.values_back() {
        Some(back) => format!(
            "({there}) OR ({})",
            equal(way.list(&way.from.columns, "NEW."), back)
        ),
        None => there,
    }
}
