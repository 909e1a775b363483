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
        Some(Shape::Cast(name, ty)) => name == column && **ty == *new,
        Some(_) => false,
    };
    let Some(old) = old.filter(|_| plain) else {
        return false;
    };
    let limited = |ty: &Type| ty.is("interval") && has_fields(ty);
    if old == new && (!limited(old) && !limited(new) || old.text.eq_ignore_ascii_case(&new.text)) {
        return true;
    }
    if let Some((base, _)) = domain(cx, old) {
        return free_change(cx, column, Some(&base), new, None);
    }
    if let Some((base, constrained)) = domain(cx, new) {
        return !constrained && free_change(cx, column, Some(old), &base, None);
    }
    if old.array || new.array {
        return false;
    }
    let unlimited = new.arguments.is_empty();
    let wider = |default: Option<u32>| {
        let (before, after) = (old.number(0).or(default), new.number(0).or(default));
        unlimited || before.zip(after).is_some_and(|(before, after)| after >= before)
    };
    match (serial_base(&old.name), &*new.name) {
        ("varchar", "varchar") | ("varbit", "varbit") => wider(None),
        ("varchar", "text") | ("cidr", "inet") | ("xml", "text") => true,
        ("integer", "oid") | ("oid", "integer") => true,
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
            new.text.eq_ignore_ascii_case("interval")
                || (!has_fields(old) && !has_fields(new) && wider(Some(6)))
        }
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => {
            cx.at_least(12) && cx.schema.session_is_utc() && wider(Some(6))
        }
        (one, other) => one == other && old.arguments.is_empty() && unlimited && old.schema == new.schema,
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

/// Whether an interval is limited to some fields, such as DAY TO SECOND.
fn has_fields(ty: &Type) -> bool {
    ty.text
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty())
        .count()
        > 1
}
