//! Words that are no names where they are not in quotes.

#[cfg(feature = "analyze-mysql")]
use super::SyntaxFault;
#[cfg(feature = "analyze-mysql")]
use crate::model::{Dialect, ServerVersion};

/// Where a word is reserved.
#[derive(Clone, Copy, PartialEq)]
enum Where {
    /// In some dialect, MySQL and MariaDB perhaps among them: it is always written in quotes.
    Somewhere,
    /// In some dialect, and neither MySQL nor MariaDB takes it for a name.
    Everywhere,
    /// In MySQL or in MariaDB, of some version: it is written in backticks.
    Mysql,
    /// Both MySQL and MariaDB, in every version, take it for no name.
    BothMysql,
}
use Where::{BothMysql, Everywhere, Mysql, Somewhere};

fn find(word: &str) -> Option<Where> {
    let found = WORDS.binary_search_by_key(&word, |(known, _)| known);
    found.ok().map(|at| WORDS[at].1)
}

/// Whether PostgreSQL or SQLite may take it for no name.
pub(super) fn is_reserved(word: &str) -> bool {
    matches!(find(word), Some(Somewhere | Everywhere))
}

/// Whether MySQL or MariaDB may take it for no name.
pub(super) fn is_reserved_in_mysql(word: &str) -> bool {
    find(word).is_some()
}

/// Whether neither MySQL nor MariaDB takes it for a name. Each was refused as a column by MariaDB 10.11.
#[cfg(feature = "analyze-mysql")]
pub(super) fn is_refused_by_mysql(word: &str) -> bool {
    matches!(find(word), Some(Everywhere | BothMysql))
}

/// The words that became reserved in MySQL and in MariaDB with a version.
#[cfg(feature = "analyze-mysql")]
const LATER: &[(&str, crate::sql::Since, crate::sql::Since)] = &[
    ("cube", Some((8, 0, 1)), None),
    ("cume_dist", Some((8, 0, 2)), None),
    ("dense_rank", Some((8, 0, 2)), None),
    ("empty", Some((8, 0, 4)), None),
    ("except", Some((8, 0, 3)), Some((10, 3, 0))),
    ("first_value", Some((8, 0, 2)), None),
    ("function", Some((8, 0, 1)), None),
    ("generated", Some((5, 7, 6)), None),
    ("grouping", Some((8, 0, 1)), None),
    ("groups", Some((8, 0, 2)), None),
    ("intersect", Some((8, 0, 31)), Some((10, 3, 0))),
    ("json_table", Some((8, 0, 4)), None),
    ("lag", Some((8, 0, 2)), None),
    ("last_value", Some((8, 0, 2)), None),
    ("lateral", Some((8, 0, 14)), None),
    ("lead", Some((8, 0, 2)), None),
    ("manual", Some((8, 4, 0)), None),
    ("nth_value", Some((8, 0, 2)), None),
    ("ntile", Some((8, 0, 2)), None),
    ("of", Some((8, 0, 1)), None),
    ("offset", None, Some((10, 6, 0))),
    ("over", Some((8, 0, 2)), Some((10, 2, 0))),
    ("parallel", Some((8, 4, 0)), None),
    ("percent_rank", Some((8, 0, 2)), None),
    ("qualify", Some((8, 4, 0)), None),
    ("rank", Some((8, 0, 2)), None),
    ("recursive", Some((8, 0, 1)), Some((10, 2, 0))),
    ("returning", None, Some((10, 0, 5))),
    ("row", Some((8, 0, 2)), None),
    ("row_number", Some((8, 0, 2)), Some((10, 7, 0))),
    ("rows", Some((8, 0, 2)), Some((10, 2, 4))),
    ("stored", Some((5, 7, 6)), None),
    ("system", Some((8, 0, 3)), None),
    ("tablesample", Some((8, 4, 0)), None),
    ("virtual", Some((5, 7, 6)), None),
    ("window", Some((8, 0, 2)), None),
];

/// A name of a statement of MySQL or MariaDB that every server from that version on takes for a word of its own.
#[cfg(feature = "analyze-mysql")]
pub(super) fn reserved_name(
    operation: &super::Operation,
    text: &str,
    dialect: Dialect,
    since: ServerVersion,
) -> Option<SyntaxFault> {
    let refused =
        |span: super::Span| {
            let word = span.of(text).to_lowercase();
            let at = LATER.binary_search_by_key(&&*word, |(known, _, _)| known).ok()?;
            let (_, mysql, mariadb) = LATER[at];
            let (major, minor, patch) = if dialect == Dialect::MariaDb {
                mariadb
            } else {
                mysql
            }?;
            since.has(ServerVersion::new(major, minor, patch), dialect).then(|| SyntaxFault {
            message: format!(
                "`{word}` is a reserved word since {major}.{minor}.{patch}, and a name in backticks only"
            ),
            at: span.start,
        })
        };
    super::names::written(operation).into_iter().find_map(refused)
}

/// Sorted.
const WORDS: &[(&str, Where)] = &[
    ("accessible", BothMysql),
    ("add", BothMysql),
    ("all", Everywhere),
    ("alter", BothMysql),
    ("analyse", Somewhere),
    ("analyze", Everywhere),
    ("and", Everywhere),
    ("any", Somewhere),
    ("array", Somewhere),
    ("as", Everywhere),
    ("asc", Everywhere),
    ("asensitive", Mysql),
    ("asymmetric", Somewhere),
    ("before", BothMysql),
    ("between", Everywhere),
    ("bigint", Mysql),
    ("binary", Mysql),
    ("blob", Mysql),
    ("both", Everywhere),
    ("by", Everywhere),
    ("call", BothMysql),
    ("cascade", BothMysql),
    ("case", Everywhere),
    ("cast", Somewhere),
    ("change", BothMysql),
    ("char", Mysql),
    ("character", BothMysql),
    ("check", Everywhere),
    ("collate", Everywhere),
    ("collation", Somewhere),
    ("column", Everywhere),
    ("concurrently", Somewhere),
    ("condition", BothMysql),
    ("constraint", Everywhere),
    ("continue", BothMysql),
    ("convert", BothMysql),
    ("create", Everywhere),
    ("cross", Everywhere),
    ("cube", Mysql),
    ("cume_dist", Mysql),
    ("current_date", Everywhere),
    ("current_role", Somewhere),
    ("current_time", Everywhere),
    ("current_timestamp", Everywhere),
    ("current_user", Everywhere),
    ("cursor", BothMysql),
    ("database", Mysql),
    ("databases", Mysql),
    ("day_hour", Mysql),
    ("dec", Mysql),
    ("decimal", Mysql),
    ("declare", BothMysql),
    ("default", Everywhere),
    ("deferrable", Somewhere),
    ("delayed", BothMysql),
    ("delete", Everywhere),
    ("dense_rank", Mysql),
    ("desc", Everywhere),
    ("describe", BothMysql),
    ("deterministic", Mysql),
    ("distinct", Everywhere),
    ("div", BothMysql),
    ("do", Somewhere),
    ("double", BothMysql),
    ("drop", Everywhere),
    ("dual", BothMysql),
    ("each", BothMysql),
    ("else", Everywhere),
    ("elseif", BothMysql),
    ("empty", Mysql),
    ("enclosed", BothMysql),
    ("end", Somewhere),
    ("escaped", BothMysql),
    ("except", Somewhere),
    ("exists", Everywhere),
    ("exit", BothMysql),
    ("explain", BothMysql),
    ("false", Everywhere),
    ("fetch", Everywhere),
    ("first_value", Mysql),
    ("float", BothMysql),
    ("for", Everywhere),
    ("force", BothMysql),
    ("foreign", Everywhere),
    ("freeze", Somewhere),
    ("from", Everywhere),
    ("full", Somewhere),
    ("fulltext", BothMysql),
    ("function", Mysql),
    ("generated", Mysql),
    ("get", Mysql),
    ("grant", Everywhere),
    ("group", Everywhere),
    ("grouping", Mysql),
    ("groups", Mysql),
    ("having", Everywhere),
    ("high_priority", BothMysql),
    ("hour_minute", Mysql),
    ("hour_second", Mysql),
    ("if", BothMysql),
    ("ignore", BothMysql),
    ("ilike", Somewhere),
    ("in", Everywhere),
    ("index", Everywhere),
    ("infile", BothMysql),
    ("initially", Somewhere),
    ("inner", Everywhere),
    ("inout", BothMysql),
    ("insensitive", BothMysql),
    ("insert", Everywhere),
    ("int", BothMysql),
    ("integer", Mysql),
    ("intersect", Somewhere),
    ("interval", BothMysql),
    ("into", Everywhere),
    ("is", Everywhere),
    ("isnull", Somewhere),
    ("iterate", BothMysql),
    ("join", Everywhere),
    ("json_table", Mysql),
    ("key", Everywhere),
    ("keys", BothMysql),
    ("kill", BothMysql),
    ("lag", Mysql),
    ("last_value", Mysql),
    ("lateral", Somewhere),
    ("lead", Mysql),
    ("leading", Everywhere),
    ("leave", BothMysql),
    ("left", Everywhere),
    ("like", Everywhere),
    ("limit", Everywhere),
    ("linear", BothMysql),
    ("lines", BothMysql),
    ("load", BothMysql),
    ("localtime", Everywhere),
    ("localtimestamp", Somewhere),
    ("lock", BothMysql),
    ("long", BothMysql),
    ("longblob", Mysql),
    ("longtext", Mysql),
    ("loop", BothMysql),
    ("low_priority", BothMysql),
    ("match", BothMysql),
    ("maxvalue", Mysql),
    ("mediumblob", Mysql),
    ("mediumint", Mysql),
    ("mediumtext", Mysql),
    ("mod", BothMysql),
    ("modifies", Mysql),
    ("natural", Everywhere),
    ("not", Everywhere),
    ("notnull", Somewhere),
    ("nth_value", Mysql),
    ("ntile", Mysql),
    ("null", Everywhere),
    ("numeric", BothMysql),
    ("of", Mysql),
    ("offset", Somewhere),
    ("on", Everywhere),
    ("only", Somewhere),
    ("optimize", BothMysql),
    ("option", Mysql),
    ("optionally", BothMysql),
    ("or", Everywhere),
    ("order", Everywhere),
    ("out", BothMysql),
    ("outer", Everywhere),
    ("outfile", BothMysql),
    ("over", Mysql),
    ("overlaps", Somewhere),
    ("partition", BothMysql),
    ("percent_rank", Mysql),
    ("placing", Somewhere),
    ("precision", BothMysql),
    ("primary", Everywhere),
    ("procedure", BothMysql),
    ("purge", BothMysql),
    ("range", BothMysql),
    ("rank", Mysql),
    ("read", BothMysql),
    ("reads", Mysql),
    ("real", Mysql),
    ("recursive", Mysql),
    ("references", Everywhere),
    ("regexp", BothMysql),
    ("release", BothMysql),
    ("rename", BothMysql),
    ("repeat", BothMysql),
    ("replace", BothMysql),
    ("require", BothMysql),
    ("resignal", BothMysql),
    ("restrict", BothMysql),
    ("return", BothMysql),
    ("returning", Somewhere),
    ("revoke", BothMysql),
    ("right", Everywhere),
    ("rlike", BothMysql),
    ("row", Mysql),
    ("row_number", Mysql),
    ("rows", Mysql),
    ("schema", Mysql),
    ("schemas", Mysql),
    ("select", Everywhere),
    ("sensitive", Mysql),
    ("separator", BothMysql),
    ("session_user", Somewhere),
    ("set", Everywhere),
    ("show", BothMysql),
    ("signal", BothMysql),
    ("similar", Somewhere),
    ("smallint", Mysql),
    ("some", Somewhere),
    ("spatial", BothMysql),
    ("specific", BothMysql),
    ("sql", BothMysql),
    ("sqlexception", BothMysql),
    ("ssl", BothMysql),
    ("starting", BothMysql),
    ("stored", Mysql),
    ("straight_join", Mysql),
    ("symmetric", Somewhere),
    ("system", Mysql),
    ("table", Everywhere),
    ("tablesample", Somewhere),
    ("terminated", BothMysql),
    ("then", Everywhere),
    ("tinyblob", Mysql),
    ("tinyint", Mysql),
    ("tinytext", Mysql),
    ("to", Everywhere),
    ("trailing", Everywhere),
    ("trigger", BothMysql),
    ("true", Everywhere),
    ("undo", BothMysql),
    ("union", Everywhere),
    ("unique", Everywhere),
    ("unlock", BothMysql),
    ("unsigned", BothMysql),
    ("update", Everywhere),
    ("usage", BothMysql),
    ("use", BothMysql),
    ("user", Somewhere),
    ("using", Everywhere),
    ("utc_date", Mysql),
    ("utc_time", Mysql),
    ("utc_timestamp", Mysql),
    ("values", Everywhere),
    ("varbinary", Mysql),
    ("varchar", Mysql),
    ("variadic", Somewhere),
    ("varying", BothMysql),
    ("verbose", Somewhere),
    ("virtual", Mysql),
    ("when", Everywhere),
    ("where", Everywhere),
    ("while", BothMysql),
    ("window", Somewhere),
    ("with", Everywhere),
    ("write", BothMysql),
    ("xor", BothMysql),
    ("zerofill", BothMysql),
];

#[cfg(test)]
mod tests {
    #[test]
    fn words_are_sorted() {
        assert!(super::WORDS.is_sorted_by_key(|(word, _)| word));
    }
}
