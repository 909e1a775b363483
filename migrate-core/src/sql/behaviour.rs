//! What a key or a foreign key does beside what it demands.

use crate::model::Dialect;
use crate::script::lex::Lexer;

/// ON DELETE, ON UPDATE, MATCH, DEFERRABLE, NULLS NOT DISTINCT and ON CONFLICT of a constraint, in one order and one
/// spelling; empty where it says nothing but what goes without saying.
pub(crate) fn behaviour(text: &str, dialect: Dialect) -> String {
    // Most say nothing, and a macro reads them without optimisation.
    let lower = text.to_ascii_lowercase();
    let says = ["delete", "update", "match", "deferr", "distinct", "conflict"];
    if !says.iter().any(|word| lower.contains(word)) {
        return String::new();
    }
    let words: Vec<String> = Lexer::new(text, dialect)
        .filter_map(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .map(|token| text.get(token.start..token.end).unwrap_or("").to_lowercase())
        .collect();
    let has = |wanted: &[&str]| words.windows(wanted.len()).any(|window| window == wanted);
    let mut parts = Vec::new();
    for event in ["delete", "update"] {
        let Some(at) = words.windows(2).position(|window| window == ["on", event]) else {
            continue;
        };
        let rest = &words[at + 2..];
        let action = match rest.first().map_or("", String::as_str) {
            "no" => continue,
            // InnoDB looks at once, whichever of the two is written.
            "restrict" if dialect.is_mysql_family() => continue,
            "set" => rest[..rest.len().min(2)].join(" "),
            action => action.to_owned(),
        };
        let columns = match rest.get(2).map(String::as_str) {
            Some("(") if action.starts_with("set") => {
                let list = &rest[2..];
                let end = list.iter().position(|word| word == ")").unwrap_or(0);
                list[..end].concat()
            }
            _ => String::new(),
        };
        parts.push(format!("on {event} {action}{columns}"));
    }
    if has(&["match", "full"]) {
        parts.push("match full".to_owned());
    }
    let deferred = has(&["initially", "deferred"]);
    // A constraint that starts deferred can be deferred, said or not; SQLite wants it said.
    let deferrable = has(&["deferrable"]) || (deferred && dialect == Dialect::Postgres);
    if deferrable && !has(&["not", "deferrable"]) {
        parts.push(
            if deferred {
                "initially deferred"
            } else {
                "deferrable"
            }
            .to_owned(),
        );
    }
    if has(&["nulls", "not", "distinct"]) {
        parts.push("nulls not distinct".to_owned());
    }
    if let Some(at) = words.windows(2).position(|window| window == ["on", "conflict"])
        && let Some(action) = words.get(at + 2).filter(|action| *action != "abort")
    {
        parts.push(format!("on conflict {action}"));
    }
    parts.join(" ")
}
