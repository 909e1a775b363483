//! `sqlite-foreign-type`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "sqlite-foreign-type",
    "A column has a type of PostgreSQL that means something else in SQLite.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("sqlite_foreign_type.md"),
    check,
)
.on(SQLITE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for column in new_columns(cx) {
        let (name, ty) = (&column.name.text, &column.ty);
        match &*ty.name.to_lowercase() {
            "serial" | "bigserial" | "smallserial" | "serial2" | "serial4" | "serial8" => {
                out.report(ty.span, format!("`{name}` is {}, which counts nothing up in SQLite: a row that leaves it out has NULL", ty.text))
                    .help("write INTEGER PRIMARY KEY, which numbers the rows by itself");
            }
            "jsonb" => {
                out.report(ty.span, format!("`{name}` is {}, which is no type of SQLite: it keeps what it is given, and turns a text that is a number into one", ty.text))
                    .help("write TEXT for what json() gives, or BLOB for what jsonb() gives");
            }
            _ => {}
        }
    }
}
