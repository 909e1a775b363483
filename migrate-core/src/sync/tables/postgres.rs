//! PostgreSQL: AFTER ROW triggers, and one of TRUNCATE, over one function for each table.
//!
//! The row of the other table is locked before it is looked at, so that what is found consistent stays so. Where a part
//! is inserted, its whole is locked before the part is there: the order of every other write.

use super::{Row, Way, assigned};
use crate::sync::pair::{computed, literal};
use crate::sync::postgres::dollar_tag;

pub(super) fn install(way: Way<'_>) -> Vec<String> {
    let table = way.from.quoted_table();
    let own = way.from.in_schema(&way.plain("row"));
    let trigger = |event: &str| way.quoted(&way.plain(event));
    let changed = format!(
        "ROW({})::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW({})::pg_catalog.record",
        both(way, "OLD."),
        both(way, "NEW.")
    );
    let mut statements = vec![function(way)];
    let inserted = match way.row {
        // One way, a counterpart may be there before.
        Row::Whole if way.pair.both_ways => {
            format!("\nWHEN (NOT ({}))", way.all_null(&way.from.columns, "NEW."))
        }
        Row::Whole | Row::Part | Row::Same => String::new(),
    };
    if way.row == Row::Part {
        statements.push(format!(
            "CREATE TRIGGER {} BEFORE INSERT ON {table} FOR EACH ROW\nEXECUTE PROCEDURE {own}()",
            trigger("before")
        ));
    }
    statements.push(format!(
        "CREATE TRIGGER {} AFTER INSERT ON {table} FOR EACH ROW{inserted}\nEXECUTE PROCEDURE {own}()",
        trigger("insert")
    ));
    statements.push(format!(
        "CREATE TRIGGER {} AFTER UPDATE ON {table} FOR EACH ROW\nWHEN ({changed})\nEXECUTE PROCEDURE {own}()",
        trigger("update")
    ));
    statements.push(format!(
        "CREATE TRIGGER {} AFTER DELETE ON {table} FOR EACH ROW\nEXECUTE PROCEDURE {own}()",
        trigger("delete")
    ));
    statements.push(format!(
        "CREATE TRIGGER {} AFTER TRUNCATE ON {table} FOR EACH STATEMENT\nEXECUTE PROCEDURE {own}()",
        trigger("truncate")
    ));
    statements
}

pub(super) fn remove(way: Way<'_>) -> Vec<String> {
    let table = way.from.quoted_table();
    let mut events = vec!["insert", "update", "delete", "truncate"];
    if way.row == Row::Part {
        events.insert(0, "before");
    }
    let mut statements: Vec<String> = events
        .into_iter()
        .map(|event| {
            format!(
                "DROP TRIGGER IF EXISTS {} ON {table}",
                way.quoted(&way.plain(event))
            )
        })
        .collect();
    let function = way.from.in_schema(&way.plain("row"));
    statements.push(format!("DROP FUNCTION IF EXISTS {function}()"));
    statements
}

fn both(way: Way<'_>, row: &str) -> String {
    [way.list(&way.from.keys, row), way.list(&way.from.columns, row)]
        .concat()
        .join(", ")
}

/// Whether two lists of values are the same bytes.
fn same(one: &[String], other: &[String]) -> String {
    format!(
        "ROW({})::pg_catalog.record *= ROW({})::pg_catalog.record",
        one.join(", "),
        other.join(", ")
    )
}

/// Puts the values that a row gives into a variable of the other table's row, where they get its types.
fn compute(
    way: Way<'_>,
    expressions: Option<&Vec<String>>,
    sides: (&super::Side, &super::Side),
    row: &str,
    variable: &str,
) -> String {
    let (from, to) = sides;
    let targets = way.list(&to.columns, variable);
    match expressions {
        Some(expressions) => format!(
            "{} INTO {};",
            computed(expressions, &from.columns, row, &from.table, way.pair.dialect),
            targets.join(", ")
        ),
        None => {
            let copies = targets.iter().zip(way.list(&from.columns, row));
            let copies: Vec<String> = copies.map(|(to, from)| format!("{to} := {from};")).collect();
            copies.join(" ")
        }
    }
}

fn function(way: Way<'_>) -> String {
    let (from, to) = (way.from, way.to);
    let other = to.quoted_table();
    let to_columns = way.list(&to.columns, "");
    let made = way.list(&to.columns, "migrate_made.");
    let there = way.list(&to.columns, "migrate_there.");
    let row = "migrate_row.";
    let (at_old, at_new) = (way.paired(row, "OLD."), way.paired(row, "NEW."));
    let side = |row: &str| way.list(&from.columns, row);
    let keys = |row: &str| way.list(&from.keys, row);

    let nulls = vec!["NULL".to_owned(); to.columns.len()];
    let clear = format!(
        "UPDATE {other} AS migrate_row SET {} WHERE {at_old} AND NOT ({});",
        assigned(&to_columns, &nulls),
        way.all_null(&to.columns, row)
    );
    let moved = format!(
        "UPDATE {other} AS migrate_row SET {} WHERE {at_old};",
        assigned(&way.list(&to.keys, ""), &keys("NEW."))
    );
    let delete = format!("DELETE FROM {other} AS migrate_row WHERE {at_old};");
    let (gone, rekeyed) = match way.row {
        // That the whole is still there is what tells a part that is moved from one that was moved with it.
        Row::Part => (
            &clear,
            format!(
                "PERFORM FROM {other} AS migrate_row WHERE {at_old} FOR NO KEY UPDATE;\n      migrate_moved := FOUND;\n      {clear}"
            ),
        ),
        Row::Whole | Row::Same => (&delete, format!("{moved}\n      migrate_moved := FOUND;")),
    };
    let orphan = format!(
        "RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = {};",
        literal(&way.orphan(), way.pair.dialect)
    );
    let mut before = String::new();
    if way.row == Row::Part {
        before = format!(
            "  IF TG_WHEN = 'BEFORE' THEN\n    PERFORM FROM {other} AS migrate_row WHERE {at_new} FOR NO KEY UPDATE;\n    RETURN NEW;\n  END IF;\n"
        );
    }
    let columns = [way.list(&to.keys, ""), to_columns.clone()].concat().join(", ");
    let values = [keys("NEW."), made.clone()].concat().join(", ");
    let excluded = way.list(&to.columns, "EXCLUDED.");
    let insert = format!(
        "INSERT INTO {other} ({columns}) VALUES ({values})\n      ON CONFLICT ({}) DO UPDATE SET {};",
        way.list(&to.keys, "").join(", "),
        assigned(&to_columns, &excluded)
    );
    let missing = match way.row {
        Row::Part => orphan,
        Row::Same => insert,
        Row::Whole => format!(
            "IF NOT ({}) THEN\n      {insert}\n    END IF;",
            way.all_null(&from.columns, "NEW.")
        ),
    };
    // One way, nothing comes back from the other table.
    let echo = if way.pair.both_ways {
        format!("NOT migrate_moved AND {}", same(&side("OLD."), &side("NEW.")))
    } else {
        "false".to_owned()
    };
    let lossy = if way.back.is_some() {
        format!(
            "  {}\n  IF {} THEN\n    RETURN NULL;\n  END IF;\n",
            compute(way, way.back, (to, from), "migrate_there.", "migrate_back."),
            same(&side("migrate_back."), &side("NEW."))
        )
    } else {
        String::new()
    };
    // Which rows went is not known, so nothing is done in their place. Where the other table was emptied by the same
    // statement, as CASCADE does, nothing is left behind.
    let left = match way.row {
        Row::Part => format!(" WHERE NOT ({})", way.all_null(&to.columns, row)),
        Row::Whole | Row::Same => String::new(),
    };
    let truncated = format!(
        "IF EXISTS (SELECT FROM {other} AS migrate_row{left}) THEN\n      RAISE EXCEPTION USING ERRCODE = 'object_in_use', \
         MESSAGE = {}, HINT = {};\n    END IF;\n    RETURN NULL;",
        literal(
            &format!(
                "migrate: TRUNCATE of {} leaves what {} keeps equal with it",
                from.table, to.table
            ),
            way.pair.dialect
        ),
        literal(
            &format!(
                "DELETE FROM {} instead, or name {} in the same TRUNCATE.",
                from.table, to.table
            ),
            way.pair.dialect
        ),
    );
    let body = format!(
        "#variable_conflict use_column\nDECLARE\n  migrate_made {other}%ROWTYPE;\n  migrate_there {other}%ROWTYPE;\n  \
         migrate_back {own}%ROWTYPE;\n  migrate_echo boolean := false;\n  migrate_moved boolean;\nBEGIN\n  \
         IF TG_OP = 'TRUNCATE' THEN\n    {truncated}\n  END IF;\n{before}  \
         IF TG_OP = 'DELETE' THEN\n    {gone}\n    RETURN NULL;\n  END IF;\n  \
         IF TG_OP = 'UPDATE' THEN\n    IF NOT ({same_keys}) THEN\n      {rekeyed}\n      \
         migrate_echo := {echo};\n    END IF;\n  END IF;\n  {made_of}\n  \
         SELECT {current} INTO {there} FROM {other} AS migrate_row WHERE {at_new} FOR NO KEY UPDATE;\n  \
         IF NOT FOUND THEN\n    {missing}\n    RETURN NULL;\n  END IF;\n  \
         IF migrate_echo OR {consistent} THEN\n    RETURN NULL;\n  END IF;\n{lossy}  \
         UPDATE {other} AS migrate_row SET {set} WHERE {at_new};\n  RETURN NULL;\nEND",
        own = from.quoted_table(),
        same_keys = same(&keys("OLD."), &keys("NEW.")),
        made_of = compute(way, way.there, (from, to), "NEW.", "migrate_made."),
        current = way.list(&to.columns, row).join(", "),
        there = there.join(", "),
        consistent = same(&there, &made),
        set = assigned(&to_columns, &made),
    );
    let tag = dollar_tag(&body);
    // The other table is found where the migration found it, whoever writes.
    format!(
        "CREATE FUNCTION {}() RETURNS pg_catalog.trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS {tag}\n{body}\n{tag}",
        from.in_schema(&way.plain("row"))
    )
}
