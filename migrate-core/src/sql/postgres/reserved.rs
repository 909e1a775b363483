//! Words that PostgreSQL takes for no name of a table, a column or a constraint unless they are in quotes. The parser takes
//! some where the server does not.

use squawk_parser::SyntaxKind as K;

use super::tree::Node;
use crate::sql::SyntaxFault;

/// Sorted: what `pg_get_keywords()` calls reserved, functions and types or not. 18 has one more, of 16: `system_user`.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
    "binary", "both", "case", "cast", "check", "collate", "collation", "column", "concurrently",
    "constraint", "create", "cross", "current_catalog", "current_date", "current_role", "current_schema",
    "current_time", "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct",
    "do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant",
    "group", "having", "ilike", "in", "initially", "inner", "intersect", "into", "is", "isnull", "join",
    "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "not",
    "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps", "placing", "primary",
    "references", "returning", "right", "select", "session_user", "similar", "some", "symmetric",
    "table", "tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using",
    "variadic", "verbose", "when", "where", "window", "with",
];

/// A name that is a reserved word.
pub(super) fn reserved(statement: Node<'_>) -> Option<SyntaxFault> {
    let named: &[K] = match statement.kind() {
        K::ALTER_TABLE => &[
            K::COLUMN_NAME,
            K::COLUMN_NAME_REF,
            K::CONSTRAINT_NAME,
            K::CONSTRAINT_NAME_REF,
            K::TABLE_NAME,
        ],
        K::CREATE_TABLE | K::CREATE_TABLE_AS => &[K::TABLE_NAME],
        _ => return None,
    };
    let mut names = statement
        .descendants()
        .filter(|node| !node.is_token() && named.contains(&node.kind()));
    // Behind a schema and a dot any word is a name.
    names.find_map(|name| {
        let first = name.tokens().next()?;
        let word = first.text().to_ascii_lowercase();
        RESERVED.binary_search(&&*word).is_ok().then(|| SyntaxFault {
            message: format!("`{word}` is a reserved word, and a name in double quotes only"),
            at: first.span().start,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted() {
        assert!(RESERVED.is_sorted());
    }
}
