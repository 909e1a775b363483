//! Whether a value has room in its column in PostgreSQL, which looks at that where it plans, whatever rows there are.

use crate::sql::{Term, Type, Value};

/// Why a column of that type has no room for a literal; none where that is not sure.
pub(super) fn beyond(ty: &Type, value: &Value) -> Option<String> {
    if ty.array || ty.schema.is_some() {
        return None;
    }
    match (&*ty.name, &value.term) {
        // Blanks at the end are cut off.
        ("varchar" | "char", Term::Text(text)) => {
            let most = ty.number(0)? as usize;
            let length = text.trim_end_matches(' ').chars().count();
            (length > most).then(|| format!("'{text}' has {length} characters, and {ty} has room for {most}"))
        }
        ("smallint" | "integer" | "bigint", Term::Text(text) | Term::Number(text)) => {
            let value: i128 = text.trim().parse().ok()?;
            let (least, most): (i128, i128) = match &*ty.name {
                "smallint" => (i16::MIN.into(), i16::MAX.into()),
                "integer" => (i32::MIN.into(), i32::MAX.into()),
                _ => (i64::MIN.into(), i64::MAX.into()),
            };
            (!(least..=most).contains(&value))
                .then(|| format!("{value} is out of the range of {ty}, from {least} to {most}"))
        }
        ("numeric", Term::Text(text) | Term::Number(text)) => {
            let scale = match ty.arguments.len() {
                1 => 0,
                _ => ty.number(1)?,
            };
            let places = ty.number(0)?.checked_sub(scale)?;
            let whole = text.trim().trim_start_matches(['-', '+']);
            let plain = whole.chars().all(|one| one.is_ascii_digit() || one == '.');
            let whole = whole.split('.').next()?.trim_start_matches('0');
            (plain && whole.len() > places as usize).then(|| {
                format!(
                    "{} has {} digits before the point, and {ty} has room for {places}",
                    text.trim(),
                    whole.len()
                )
            })
        }
        _ => None,
    }
}
