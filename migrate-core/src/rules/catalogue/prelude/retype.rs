//! Changes of type that leave the stored bytes as they are.

use super::{Context, Expr, Shape, Type, domain};

/// Whether the server writes no row again for the change. Without knowing the old type nothing is free.
pub(in super::super) fn free_change(
    cx: &Context<'_>,
    column: &str,
    old: Option<&Type>,
    new: &Type,
    using: Option<&Expr>,
) -> bool {
    let plain = match using.map(|using| &using.shape) {
        None => true,
        Some(Shape::Column(name)) => name == column,
        Some(Shape::Cast(name, ty)) if name == column => {
            // Through another type it is free where both steps are.
            let there = **ty == *new || free_change(cx, column, Some(ty), new, None);
            return there && free_change(cx, column, old, ty, None);
        }
        Some(_) => false,
    };
    let Some(old) = old.filter(|_| plain) else {
        return false;
    };
    if old == new && !old.is("interval") {
        return true;
    }
    if let Some((base, _)) = domain(cx, old) {
        // The length of the type under a domain is not seen through it.
        let (target, constrained) = domain(cx, new).unwrap_or_else(|| (new.clone(), false));
        return !constrained
            && target.arguments.is_empty()
            && free_change(cx, column, Some(&base), &target, None);
    }
    if let Some((base, constrained)) = domain(cx, new) {
        return !constrained && free_change(cx, column, Some(old), &base, None);
    }
    let unlimited = new.arguments.is_empty();
    if old.array || new.array {
        return old.array && new.array && old.name == new.name && old.name == "varchar" && unlimited;
    }
    let wider = |default: Option<u32>| {
        let (before, after) = (old.number(0).or(default), new.number(0).or(default));
        unlimited || before.zip(after).is_some_and(|(before, after)| after >= before)
    };
    match (serial_base(&old.name), &*new.name) {
        ("varchar", "varchar") | ("varbit", "varbit") => wider(None),
        ("varchar", "text") | ("cidr", "inet") | ("xml", "text") => true,
        // An extension's type over the same bytes, which is compared otherwise: its indexes are built again.
        ("text" | "varchar", "citext") | ("citext", "text") => true,
        ("citext", "varchar") => unlimited,
        ("varchar" | "text" | "xml" | "char", "bpchar") => true,
        ("bit", "varbit") => unlimited,
        (one, other) if is_identifier(one) && is_identifier(other) => true,
        ("text" | "xml", "varchar") => unlimited,
        ("numeric", "numeric") => {
            unlimited
                || (!old.arguments.is_empty()
                    && wider(None)
                    && old.number(1).unwrap_or(0) == new.number(1).unwrap_or(0))
        }
        ("timestamp", "timestamp")
        | ("timestamptz", "timestamptz")
        | ("time", "time")
        | ("timetz", "timetz") => wider(Some(6)),
        ("interval", "interval") => {
            let finer = last_field(new) <= last_field(old);
            finer && (last_field(old) > 0 || digits(new) >= digits(old))
        }
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => {
            cx.at_least(12) && cx.schema.session_is_utc() && new.number(0).is_none_or(|digits| digits >= 6)
        }
        // Without a length these have one of their own.
        ("char" | "bit", "char" | "bit") if !old.arguments.is_empty() => false,
        // A limit that goes changes no value, whatever the type of an extension means by it.
        (one, other) => one == other && unlimited && old.schema == new.schema,
    }
}

fn serial_base(name: &str) -> &str {
    match name {
        "serial" => "integer",
        "bigserial" => "bigint",
        "smallserial" => "smallint",
        other => other,
    }
}

/// Whether a type holds the number of an object of the catalogue; a change among them only prints it otherwise.
fn is_identifier(name: &str) -> bool {
    matches!(name, "integer" | "oid") || (name.starts_with("reg"))
}

/// The least field that an interval keeps, seconds first: of `DAY TO HOUR` the hour.
fn last_field(ty: &Type) -> usize {
    let fields = ["second", "minute", "hour", "day", "month", "year"];
    let lower = ty.text.to_lowercase();
    let mut named = lower
        .split(|character: char| !character.is_alphabetic())
        .filter_map(|word| fields.iter().position(|field| *field == word));
    named.next_back().unwrap_or(0)
}

/// How many digits of its seconds an interval keeps.
fn digits(ty: &Type) -> u32 {
    let number: String = ty.text.chars().filter(char::is_ascii_digit).collect();
    number.parse().unwrap_or(6)
}
