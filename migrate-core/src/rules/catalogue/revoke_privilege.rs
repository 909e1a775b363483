//! `revoke-privilege`.

use super::prelude::*;
use crate::script::lex::Lexer;

pub(super) static RULE: Rule = Rule::new(
    "revoke-privilege",
    "A privilege is taken from somebody.",
    Severity::Error,
    Allowed::Contract,
    include_str!("revoke_privilege.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Revoke { objects, .. } = cx.operation else { return };
    let new = |name: &Name| {
        let relation = cx.schema.resolve(Class::Relation, name);
        let function = cx.schema.resolve(Class::Function, name);
        let schema = Key::new(Class::Schema, "", &name.name);
        let known = cx.schema.get(&relation).or_else(|| cx.schema.get(&function)).or_else(|| cx.schema.get(&schema));
        known.is_some_and(|object| cx.is_new(object.origin()))
    };
    if !objects.is_empty() && objects.iter().all(new) || is_from_new(cx) {
        return;
    }
    out.report(cx.whole(), "the running build may use this privilege")
        .breaks("the running build: permission denied");
}

/// Whether the file has made everybody who loses it: no build connects as them.
fn is_from_new(cx: &Context<'_>) -> bool {
    let losing = roles(cx, cx.sql);
    let before = cx.texts.get(..cx.at).unwrap_or_default();
    let made = |role: &String| before.iter().any(|sql| made(cx, sql).as_ref() == Some(role));
    !cx.nested && !losing.is_empty() && losing.iter().all(made)
}

fn words<'a>(cx: &Context<'_>, sql: &'a str) -> impl Iterator<Item = String> + use<'a> {
    let tokens = Lexer::new(sql, cx.dialect).map_while(Result::ok);
    let said = tokens.filter(|token| !token.kind.is_trivia());
    said.map(|token| token.text(sql).to_lowercase())
}

/// Whom a REVOKE or DROP USER is about, as written.
fn roles(cx: &Context<'_>, sql: &str) -> Vec<String> {
    let words: Vec<String> = words(cx, sql).collect();
    let is = |at: usize, all: &[&str]| words.get(at).is_some_and(|word| all.contains(&word.as_str()));
    let start = match is(0, &["revoke"]) {
        true => words.iter().rposition(|word| word == "from").map(|at| at + 1),
        false => Some(if is(2, &["if"]) { 4 } else { 2 }),
    };
    let named = words.get(start.unwrap_or(words.len())..).unwrap_or_default();
    let ends = ["cascade", "restrict", "granted", ";"];
    let named: Vec<String> = named.iter().take_while(|word| !ends.contains(&word.as_str())).cloned().collect();
    let listed = named.split(|word| word == ",");
    listed.map(<[String]>::concat).filter(|role| !role.is_empty()).collect()
}

/// Whom a statement makes, if it does: only what is not there yet.
fn made(cx: &Context<'_>, sql: &str) -> Option<String> {
    // There may be many, and many of them long.
    let mut words = words(cx, sql);
    if words.next()? != "create" {
        return None;
    }
    let words: Vec<String> = words.take(4).collect();
    let is = |at: usize, all: &[&str]| words.get(at).is_some_and(|word| all.contains(&word.as_str()));
    if !is(0, &["role", "user", "group"]) || is(1, &["if"]) {
        return None;
    }
    let rest = words.get(1..)?;
    let end = match is(2, &["@"]) {
        true => 3,
        false => 1,
    };
    Some(rest.get(..end)?.concat())
}
