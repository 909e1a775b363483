//! PostgreSQL: BEFORE ROW triggers over one function. Assigning to NEW fires nothing, so nothing bounces.

use super::pair::{Pair, literal};

pub(super) fn install(pair: &Pair) -> Vec<String> {
    let table = pair.quoted_table();
    let function = pair.in_schema(&pair.name);
    let trigger = |event: &str| pair.quoted(&format!("{}_{event}", pair.name));
    let (old, new) = (missing(pair, &pair.old), missing(pair, &pair.new));
    let incomplete = if pair.both_ways {
        format!("{new} OR {old}")
    } else {
        new
    };
    vec![
        self::function(pair),
        format!(
            "CREATE TRIGGER {} BEFORE INSERT ON {table} FOR EACH ROW\nWHEN ({incomplete})\n\
             EXECUTE PROCEDURE {function}()",
            trigger("insert")
        ),
        on_update(pair, &trigger("update"), &function),
    ]
}

pub(super) fn remove(pair: &Pair) -> Vec<String> {
    let table = pair.quoted_table();
    let trigger = |event: &str| {
        let name = pair.quoted(&format!("{}_{event}", pair.name));
        format!("DROP TRIGGER IF EXISTS {name} ON {table}")
    };
    vec![
        trigger("insert"),
        trigger("update"),
        format!("DROP FUNCTION IF EXISTS {}()", pair.in_schema(&pair.name)),
    ]
}

/// The statement that makes the trigger of updates, whose WHEN asks whether exactly one side was written. Every row of every
/// UPDATE pays for that question, and only the server knows the types that have a cheaper one than bytes of rows: those
/// whose equality is that of their bytes. A column that a WHEN names does not change its type.
fn on_update(pair: &Pair, trigger: &str, function: &str) -> String {
    let written = |text: &str| literal(text, pair.dialect);
    let side = |number: usize, columns: &[String]| {
        let rows = columns
            .iter()
            .map(|column| format!("({number}, {})", written(column)));
        rows.collect::<Vec<_>>().join(", ")
    };
    let columns = format!("{}, {}", side(1, &pair.old), side(2, &pair.new));
    let (between, behind) = if pair.both_ways {
        (") OPERATOR(pg_catalog.<>) (", "))")
    } else {
        (") AND NOT (", "))")
    };
    let table = pair.quoted_table();
    let made = format!("CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW");
    let tail = format!("{behind} EXECUTE PROCEDURE {function}()");
    let body = format!(
        "{MADE}{};\n  old_changed pg_catalog.text;\n  new_changed pg_catalog.text;\nBEGIN\n  \
         SELECT string_agg(changed, ' OR ') FILTER (WHERE side = 1), string_agg(changed, ' OR ') FILTER (WHERE side = 2)\n  \
         INTO STRICT old_changed, new_changed\n  FROM (\n    \
         SELECT side, CASE\n      \
         WHEN atttypid IN ({TEXTS})\n      \
         THEN format('OLD.%1$I COLLATE pg_catalog.\"C\" IS DISTINCT FROM NEW.%1$I COLLATE pg_catalog.\"C\"', name)\n      \
         WHEN atttypid IN ({PLAIN})\n      \
         THEN format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', name)\n      \
         ELSE format('ROW(OLD.%1$I)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(NEW.%1$I)::pg_catalog.record', name)\n    \
         END AS changed\n    FROM (VALUES {columns}) AS columns (side, name)\n    \
         JOIN pg_catalog.pg_attribute ON attname = name AND attrelid = {}::pg_catalog.regclass\n  ) AS guard;\n  \
         EXECUTE made || ' WHEN ((' || old_changed || {} || new_changed || {};\nEND",
        written(&made),
        written(&table),
        written(between),
        written(&tail),
    );
    let tag = dollar_tag(&body);
    format!("DO {tag}\n{body}\n{tag}")
}

/// What stands in front of the trigger that such a statement makes.
const MADE: &str = "DECLARE\n  made pg_catalog.text := ";

/// The statement that one of [`on_update`] runs in the end, but for its WHEN: what it does to the table.
pub(super) fn made_by(statement: &str) -> Option<String> {
    let (_, rest) = statement.strip_prefix("DO ")?.split_once(MADE)?;
    let (made, _) = rest.strip_prefix('\'')?.split_once("';\n")?;
    let function = "EXECUTE PROCEDURE unknown()";
    Some(format!("{} {function}", made.replace("''", "'")))
}

/// Texts: the same bytes, if compared by the collation that compares bytes.
const TEXTS: &str = "'pg_catalog.text'::regtype, 'pg_catalog.varchar'::regtype";

/// Types whose values are equal if and only if their bytes are, without a collation.
const PLAIN: &str = "'pg_catalog.bool'::regtype, 'pg_catalog.int2'::regtype, 'pg_catalog.int4'::regtype, 'pg_catalog.int8'::regtype, \
                     'pg_catalog.uuid'::regtype, 'pg_catalog.bytea'::regtype, 'pg_catalog.date'::regtype, \
                     'pg_catalog.timestamp'::regtype, 'pg_catalog.timestamptz'::regtype";

/// Whether nothing was given for a side.
fn missing(pair: &Pair, columns: &[String]) -> String {
    let columns = pair.list(columns, "NEW.").join(", ");
    format!("pg_catalog.num_nonnulls({columns}) OPERATOR(pg_catalog.=) 0")
}

/// Whether the values of a side are not the same bytes: equality as types have it does not see a change of case in
/// citext, and json has none.
fn changed(pair: &Pair, columns: &[String]) -> String {
    let row = |row: &str| format!("ROW({})::pg_catalog.record", pair.list(columns, row).join(", "));
    format!("{} OPERATOR(pg_catalog.*<>) {}", row("OLD."), row("NEW."))
}

/// The statement that computes one side into a row variable.
fn compute(
    pair: &Pair,
    expressions: Option<&Vec<String>>,
    from: &[String],
    to: &[String],
    row: &str,
) -> String {
    let targets = pair.list(to, &format!("{row}."));
    match expressions {
        Some(expressions) => format!(
            "{} INTO {};",
            pair.computed(expressions, from, "NEW."),
            targets.join(", ")
        ),
        None => {
            let copies = targets.iter().zip(pair.list(from, "NEW."));
            let copies: Vec<String> = copies.map(|(to, from)| format!("{to} := {from};")).collect();
            copies.join(" ")
        }
    }
}

fn function(pair: &Pair) -> String {
    let Pair {
        old,
        new,
        forward,
        backward,
        ..
    } = pair;
    let to_new = |row: &str| compute(pair, forward.as_ref(), old, new, row);
    let to_old = |row: &str| compute(pair, backward.as_ref(), new, old, row);
    let same = |row: &str, columns: &[String]| {
        format!(
            "ROW({})::pg_catalog.record OPERATOR(pg_catalog.*=) ROW({})::pg_catalog.record",
            pair.list(columns, &format!("{row}.")).join(", "),
            pair.list(columns, "NEW.").join(", ")
        )
    };
    let back_on_insert = if pair.both_ways {
        format!("\n    ELSIF {} THEN\n      {}", missing(pair, old), to_old("NEW"))
    } else {
        String::new()
    };
    // A row that is consistent already is left as it is: what was written may be one of several preimages.
    let update = match (pair.both_ways, forward.is_some()) {
        (false, _) => format!("  {}\n  RETURN NEW;", to_new("NEW")),
        (true, false) => format!(
            "  IF {} THEN\n    {}\n  ELSE\n    {}\n  END IF;\n  RETURN NEW;",
            changed(pair, old),
            to_new("NEW"),
            to_old("NEW")
        ),
        (true, true) => format!(
            "  forward := NEW;\n  {}\n  IF {} THEN\n    RETURN NEW;\n  END IF;\n  backward := NEW;\n  {}\n  \
             IF {} THEN\n    RETURN NEW;\n  END IF;\n  IF {} THEN\n    RETURN forward;\n  END IF;\n  \
             RETURN backward;",
            to_new("forward"),
            same("forward", new),
            to_old("backward"),
            same("backward", old),
            changed(pair, old)
        ),
    };
    // Expressions may call functions of the application, which are found where this session finds them. A copy depends
    // on no path, and setting one for each row takes half as long as all the rest.
    let path = if forward.is_some() {
        "SET search_path FROM CURRENT "
    } else {
        ""
    };
    let body = format!(
        "#variable_conflict use_column\nDECLARE\n  forward pg_catalog.record;\n  backward pg_catalog.record;\nBEGIN\n  \
         IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN\n    IF {} THEN\n      {}{back_on_insert}\n    END IF;\n    RETURN NEW;\n  \
         END IF;\n{update}\nEND",
        missing(pair, new),
        to_new("NEW"),
    );
    let tag = dollar_tag(&body);
    format!(
        "CREATE FUNCTION {}() RETURNS pg_catalog.trigger LANGUAGE plpgsql {path}AS {tag}\n{body}\n{tag}",
        pair.in_schema(&pair.name)
    )
}

/// A dollar quote that does not occur in the body.
pub(super) fn dollar_tag(body: &str) -> String {
    let mut tag = "$migrate$".to_owned();
    while body.contains(&tag) {
        tag.insert(tag.len() - 1, '_');
    }
    tag
}
