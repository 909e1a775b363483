//! Everything in which a disturbed run must equal an undisturbed one.

use crate::database::{Client, Kind};

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    schema: String,
    history: Vec<String>,
    contents: Vec<String>,
}

impl Snapshot {
    pub(crate) async fn take(client: &Client) -> Self {
        let mut history = Vec::new();
        for query in history_queries(client.kind()) {
            history.extend(client.try_texts(&query).await.into_iter().flatten());
        }
        let mut contents = Vec::new();
        for query in content_queries(client.kind()) {
            match client.try_texts(query).await {
                Some(texts) => contents.extend(texts),
                None => contents.push(format!("no table: {query}")),
            }
        }
        Self {
            schema: client.facts().await.render(),
            history,
            contents,
        }
    }

    /// That no index is left INVALID.
    pub(crate) fn check_valid(&self) {
        let invalid = self.contents.iter().find(|line| line.starts_with("invalid"));
        assert_eq!(invalid, None);
    }

    pub(crate) fn check(&self, found: &Snapshot) {
        let pairs = [
            ("schema", lines(&self.schema), lines(&found.schema)),
            ("history", self.history.clone(), found.history.clone()),
            ("contents", self.contents.clone(), found.contents.clone()),
        ];
        let mut differences = String::new();
        for (what, expected, found) in pairs {
            let missing = expected.iter().filter(|line| !found.contains(line));
            let surplus = found.iter().filter(|line| !expected.contains(line));
            for line in missing
                .map(|line| format!("- {line}"))
                .chain(surplus.map(|line| format!("+ {line}")))
            {
                differences.push_str(&format!("\n{what}: {line}"));
            }
            if expected != found && expected.len() != found.len() {
                differences.push_str(&format!("\n{what}: {expected:#?}\nfound: {found:#?}"));
            }
        }
        assert!(self == found, "not what an undisturbed run leaves:{differences}");
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Everything of the library's tables but times and the names of instances.
fn history_queries(kind: Kind) -> [String; 3] {
    let joined = |columns: &[&str]| {
        let texts: Vec<String> = columns
            .iter()
            .map(|column| match kind {
                Kind::Mysql => format!("COALESCE(CAST({column} AS char), '-')"),
                _ => format!("COALESCE(CAST({column} AS text), '-')"),
            })
            .collect();
        match kind {
            Kind::Mysql => format!("CONCAT_WS('|', {})", texts.join(", ")),
            _ => texts.join(" || '|' || "),
        }
    };
    let history = [
        "set_name",
        "version",
        "attempt",
        "state",
        "phase",
        "change_name",
        "name",
        "exact_digest",
        "semantic_digest",
        "requires",
        "reason",
        "done",
        "catalog_digest",
        // A reserved word of MySQL 9, except behind a point.
        "t.library",
    ];
    let sql = [
        "version",
        "attempt",
        "up_sql",
        "down_sql",
        "up_transaction",
        "down_transaction",
        "irreversible",
    ];
    [
        format!(
            "SELECT {} FROM _migrate_sets ORDER BY 1",
            joined(&["set_name", "format", "fresh_since"])
        ),
        format!("SELECT {} FROM _migrate_history t ORDER BY 1", joined(&history)),
        format!("SELECT {} FROM _migrate_sql ORDER BY 1", joined(&sql)),
    ]
}

/// What the tables hold, each big one as one line.
fn content_queries(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Postgres => &[
            "SELECT line FROM audit ORDER BY 1",
            "SELECT 'account ' || count(*) || md5(string_agg(a::text, ',' ORDER BY id)) FROM account a",
            "SELECT 'orders ' || count(*) || md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o",
            "SELECT 'event ' || count(*) || md5(string_agg(e::text, ',' ORDER BY id)) FROM event e",
            "SELECT 'event_2024 ' || count(*) || md5(string_agg(e::text, ',' ORDER BY id)) FROM event_2024 e",
            "SELECT 'invalid ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid OR NOT indisready ORDER BY 1",
        ],
        Kind::Mysql => &[
            "SELECT line FROM audit ORDER BY 1",
            "SELECT CONCAT('account ', COUNT(*), ' ', SUM(CRC32(CONCAT(id, email, balance, COALESCE(active, '-'))))) \
             FROM account",
            "SELECT CONCAT('orders ', COUNT(*), ' ', SUM(CRC32(CONCAT(id, account_id, state)))) FROM orders",
            "SELECT CONCAT('incident ', COUNT(*), ' ', SUM(CRC32(CONCAT(id, severity)))) FROM incident",
        ],
        Kind::Sqlite | Kind::SqliteAtOnce => &[
            "SELECT line FROM audit ORDER BY 1",
            "SELECT 'account ' || count(*) || ' ' || sum(id * 31 + balance * 7 + length(email)) FROM account",
            "SELECT 'orders ' || count(*) || ' ' || sum(id * 31 + account_id + length(state)) FROM orders",
            "SELECT 'event ' || count(*) || ' ' || sum(id * 31 + severity + length(body)) FROM event",
            "PRAGMA integrity_check",
            "SELECT 'broken ' || \"table\" FROM pragma_foreign_key_check",
        ],
    }
}
