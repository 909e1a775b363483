//! `style-long-name`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-long-name",
    "A name is longer than the server keeps.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_long_name.md"),
    check,
)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut look = |span: Span| {
        // The name behind its schema, as written: the model has what the server keeps of it.
        let name = cx.text(span);
        let name = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
        if name.len() > 63 {
            let kept: String = name.chars().scan(0, |length, character| {
                *length += character.len_utf8();
                (*length <= 63).then_some(character)
            }).collect();
            out.report(span, format!("the server keeps 63 bytes of this name: `{kept}`"));
        }
    };
    match cx.operation {
        Operation::CreateTable(table) => look(table.name.span),
        Operation::CreateIndex(index) => {
            if let Some(name) = &index.name {
                look(name.span);
            }
        }
        Operation::CreateView(view) => look(view.name.span),
        Operation::CreateSequence { name, .. } => look(name.span),
        _ => {}
    }
    for column in new_columns(cx) {
        look(column.name.span);
    }
}
