//! MySQL and MariaDB: AFTER triggers that look before they write.
//!
//! A statement that writes to the table of the outer statement is refused even where it would find no row (error 1442),
//! and so is a `FOR UPDATE`; reading it is not, and `LOCK IN SHARE MODE` reads what is there now rather than what was
//! there when the transaction began. An INSERT reads without a lock: two transactions that lock the gap where both
//! are about to insert would wait for each other.

use super::{Row, Way, assigned};
use crate::sync::mysql::identical;
use crate::sync::pair::literal;

pub(super) fn install(way: Way<'_>) -> Vec<String> {
    let table = way.from.quoted_table();
    let other = way.to.quoted_table();
    let columns = way.list(&way.to.columns, "");
    let values = way.values("NEW.");
    let (at_old, at_new) = (way.paired("", "OLD."), way.paired("", "NEW."));
    let consistent = consistent(way);
    let none = way.all_null(&way.from.columns, "NEW.");
    let (same_keys, same_side) = (same(way, &way.from.keys), same(way, &way.from.columns));
    let look = |lock: &str| {
        format!(
            "SELECT count(*), coalesce(sum({consistent}), 0) INTO migrate_there, migrate_fits FROM {other} WHERE {at_new}{lock};"
        )
    };
    let nulls = vec!["NULL".to_owned(); columns.len()];
    let clear = format!(
        "UPDATE {other} SET {} WHERE {at_old};",
        assigned(&columns, &nulls)
    );
    let gone = match way.row {
        Row::Part => format!(
            "  SELECT count(*) INTO migrate_there FROM {other} WHERE {at_old} AND NOT ({}){SHARED};\n  \
             IF migrate_there > 0 THEN {clear} END IF;\n",
            way.all_null(&way.to.columns, "")
        ),
        Row::Whole | Row::Same => format!(
            "  SELECT count(*) INTO migrate_there FROM {other} WHERE {at_old}{SHARED};\n  \
             IF migrate_there > 0 THEN DELETE FROM {other} WHERE {at_old}; END IF;\n"
        ),
    };
    let insert = format!(
        "INSERT INTO {other} ({}) VALUES ({}) ON DUPLICATE KEY UPDATE {};",
        [way.list(&way.to.keys, ""), columns.clone()].concat().join(", "),
        [way.list(&way.from.keys, "NEW."), values.clone()]
            .concat()
            .join(", "),
        assigned(&columns, &values)
    );
    let missing = match way.row {
        Row::Part => format!(
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {};",
            literal(&way.orphan(), way.pair.dialect)
        ),
        Row::Same => insert,
        Row::Whole => format!("IF NOT ({none}) THEN {insert} END IF;"),
    };
    let update = format!(
        "UPDATE {other} SET {} WHERE {at_new};",
        assigned(&columns, &values)
    );
    let lock = match way.row {
        Row::Part => SHARED,
        Row::Whole | Row::Same => "",
    };
    let mut inserted = format!(
        "  {}\n  IF migrate_there = 0 THEN {missing}\n  ELSEIF migrate_fits = 0 THEN {update}\n  END IF;\n",
        look(lock)
    );
    // One way, a counterpart may be there before.
    if way.row == Row::Whole && way.pair.both_ways {
        inserted = format!("  IF NOT ({none}) THEN\n{inserted}  END IF;\n");
    }
    let (rekeyed, detached) = match way.row {
        Row::Part => (
            String::new(),
            format!("    IF migrate_moved > 0 THEN {clear} END IF;\n"),
        ),
        Row::Whole | Row::Same => (
            format!(
                "      IF migrate_moved > 0 THEN UPDATE {other} SET {} WHERE {at_old}; END IF;\n",
                assigned(&way.list(&way.to.keys, ""), &way.list(&way.from.keys, "NEW."))
            ),
            String::new(),
        ),
    };
    // A row that only came along with its counterpart brings no news: there, the side may have changed meanwhile. One
    // way, nothing comes along.
    let news = match way.pair.both_ways {
        true => format!(" AND NOT (NOT ({same_keys}) AND {same_side} AND migrate_moved = 0)"),
        false => String::new(),
    };
    let updated = format!(
        "  IF NOT ({same_keys} AND {same_side}) THEN\n    IF NOT ({same_keys}) THEN\n      \
         SELECT count(*) INTO migrate_moved FROM {other} WHERE {at_old}{SHARED};\n{rekeyed}    END IF;\n    {}\n    \
         IF migrate_there = 0 THEN {missing}\n    \
         ELSEIF migrate_fits = 0{news} THEN {update}\n    \
         END IF;\n{detached}  END IF;\n",
        look(SHARED)
    );
    [("insert", inserted), ("update", updated), ("delete", gone)]
        .map(|(event, body)| {
            format!(
                "CREATE TRIGGER {} AFTER {} ON {table} FOR EACH ROW\nBEGIN\n  \
                 DECLARE migrate_there, migrate_fits, migrate_moved INT DEFAULT 0;\n{body}END",
                way.trigger(event),
                event.to_uppercase()
            )
        })
        .into()
}

const SHARED: &str = " LOCK IN SHARE MODE";

fn same(way: Way<'_>, columns: &[String]) -> String {
    let (before, after) = (way.list(columns, "OLD."), way.list(columns, "NEW."));
    let same = before.iter().zip(&after);
    let same: Vec<String> = same.map(|(before, after)| identical(before, after)).collect();
    same.join(" AND ")
}

/// Whether the other table's row is consistent with the one that fired, in a query over the other table.
fn consistent(way: Way<'_>) -> String {
    let equal = |columns: Vec<String>, values: Vec<String>| {
        let equal = columns.iter().zip(&values);
        let equal: Vec<String> = equal.map(|(column, value)| identical(column, value)).collect();
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
