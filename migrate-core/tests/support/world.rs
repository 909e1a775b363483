//! The objects that a case takes for granted.

/// The statements of a world to try for a case: those that make what it names and does not make itself.
///
/// One that fails lacks a table which the case does not name.
pub(crate) fn world<'a>(all: &'a str, case: &str) -> Vec<&'a str> {
    let case = case.replace("public.", "");
    let words = words(&case);
    let named = |name: &str| words.contains(&name);
    let needed = |statement: &&str| {
        let (kind, table, subject) = subjects(statement);
        // A key and what uses a type belong to it, whether the case names them or not.
        let given =
            |table| named("PRIMARY") && words.windows(3).any(|three| three == ["ALTER", "TABLE", table]);
        let implied = match table {
            Some(table) if subject.ends_with("_pkey") => named(table) && !given(table),
            Some(table @ ("m" | "totals")) => named(table),
            Some(table) => subject == "id" && named(table),
            None => ["indexed_", "uses_"].iter().any(|prefix| {
                subject.strip_prefix(prefix).is_some_and(named) && !(*prefix == "uses_" && named("DROP"))
            }),
        };
        (named(subject) || implied) && !made(&words, kind, subject)
    };
    all.lines()
        .filter(|line| line.ends_with(';'))
        .filter(needed)
        .collect()
}

/// What kind of object a statement of the world makes, for which table, and its name.
fn subjects(statement: &str) -> (&str, Option<&str>, &str) {
    let words = words(statement);
    let after = |word: &str| words.iter().position(|one| *one == word).map(|at| words[at + 1]);
    if words[0] == "ALTER" {
        return (words[4], after("TABLE"), words[5]);
    }
    const KINDS: [&str; 9] = [
        "TABLE", "INDEX", "VIEW", "TYPE", "DOMAIN", "FUNCTION", "SCHEMA", "SEQUENCE", "TRIGGER",
    ];
    let kind = words.iter().position(|word| KINDS.contains(word)).unwrap();
    (words[kind], after("ON"), words[kind + 1])
}

fn words(text: &str) -> Vec<&str> {
    let word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '"');
    text.split(|character| !word(character))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether a case makes an object of that kind and name, without dropping another first.
fn made(words: &[&str], kind: &str, name: &str) -> bool {
    const RELATIONS: [&str; 5] = ["TABLE", "VIEW", "INDEX", "TYPE", "DOMAIN"];
    const PLAIN: [&str; 6] = ["IF", "NOT", "EXISTS", "TEMP", "ONLY", "CONCURRENTLY"];
    let words: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !PLAIN.contains(word))
        .collect();
    // Relations and types share their names.
    let same = |one: &str| one == kind || RELATIONS.contains(&one) && RELATIONS.contains(&kind);
    for at in 1..words.len() {
        let before = |count: usize| at.checked_sub(count).map_or("", |at| words[at]);
        if words[at] != name && (name.starts_with('"') || words[at].to_lowercase() != name) {
            continue;
        }
        match (before(3), before(2), before(1)) {
            (_, "DROP", one) | (_, "ALTER", one @ "TABLE") | ("REFRESH", _, one) if same(one) => {
                return false;
            }
            ("CREATE", "UNIQUE" | "MATERIALIZED" | "UNLOGGED", one)
            | ("OR", "REPLACE", one)
            | (_, "CREATE" | "ADD", one)
                if same(one) =>
            {
                return true;
            }
            (_, "ADD", "CONSTRAINT") if kind == "INDEX" => return true,
            (_, _, "ADD") if kind == "COLUMN" => return true,
            (_, "RENAME", "TO") if kind != "COLUMN" => return true,
            ("RENAME" | "COLUMN" | "CONSTRAINT", _, "TO") if kind == "COLUMN" || kind == "CONSTRAINT" => {
                return true;
            }
            (_, one, "INTO") if one != "INSERT" && one != "MERGE" && kind == "TABLE" => return true,
            _ => {}
        }
    }
    false
}
