//! Holds the rules for MariaDB to a server: what they say of ALTER TABLE against what it accepts, and what the model says
//! of objects and syntax against what it refuses. The cases are those of `tests/rules`.

#[path = "support/beyond_mysql.rs"]
mod beyond;
#[path = "support/case.rs"]
mod case;

use std::path::Path;
use std::{env, fs};

use beyond::BEYOND;
use case::{Case, names};
use migrate_core::Dialect;
use migrate_core::diagnostic::{ProposedFile, Severity};
use migrate_core::model::{Layout, Section};
use migrate_testkit::MysqlDatabase;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};

/// Findings that say that writers are kept out, or that the server refuses the ALGORITHM.
const BLOCKING: &[&str] = &[
    "mysql-alter-copy",
    "mysql-varchar-length-byte",
    "mysql-enum-reorder",
    "mysql-add-foreign-key",
    "mysql-convert-charset",
    "create-index-not-concurrent",
];

/// Findings that say that the server refuses a statement.
const FAILS: &[&str] = &[
    "missing-object",
    "needed-object",
    "refused-statement",
    "parameter",
    "object-exists",
    "syntax-error",
    "type-mismatch",
];

/// What the server says where the model should have known: objects that are not there or are there twice, and syntax.
const KNOWABLE: &[u16] = &[
    1050, 1051, 1054, 1060, 1061, 1064, 1091, 1146, 1826, 1072, 1553, 1828, 1829,
];

/// The mode in which servers come.
const MODE: &str = "SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

const MODE_OF_MYSQL: &str = "SET sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
                             ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

/// Cases in which the rules ask for more than MySQL as it is run here, on purpose.
const STRICTER: &[(&str, &str)] = &[
    // It is in place where no text of the table is in an index, which is seldom so; the manual promises a copy.
    ("versions", "another collation of the same character set"),
    (
        "modify",
        "from utf8mb3 to utf8mb4 where nothing tells the server to copy nothing",
    ),
    // Since some version of 9.
    ("modify", "a virtual column moves"),
];

struct Server {
    connection: MySqlConnection,
    options: MySqlConnectOptions,
    name: String,
    dialect: Dialect,
    since: String,
}

impl Server {
    /// An empty database under the same name.
    async fn reset(&mut self) {
        let name = &self.name;
        // A case may have left settings and temporary tables.
        self.connection = MySqlConnection::connect_with(&self.options).await.unwrap();
        let mode = match self.dialect {
            Dialect::Mysql => MODE_OF_MYSQL,
            _ => MODE,
        };
        self.connection.execute(mode).await.unwrap();
        let script = format!(
            "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4; USE {name}; SET foreign_key_checks = 1"
        );
        self.run(&script).await.unwrap();
    }

    async fn run(&mut self, sql: &str) -> Result<(), u16> {
        let result = self
            .connection
            .execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))
            .await;
        result.map(drop).map_err(|error| {
            let database = error
                .as_database_error()
                .and_then(|error| error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>());
            database.map_or(0, |error| error.number())
        })
    }

    /// Runs the sections up to a statement, then that statement; none where something before it fails.
    async fn attempt(&mut self, before: &[String], last: &str) -> Option<Result<(), u16>> {
        self.reset().await;
        for sql in before {
            self.run(sql).await.ok()?;
        }
        Some(self.run(last).await)
    }
}

fn statements(section: &Section) -> Vec<String> {
    section.iter().map(|(_, sql)| sql.to_owned()).collect()
}

fn sets_for_all(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.starts_with("set global ") || line.starts_with("set @@global.")
}

fn cases(dialect: Dialect) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let folders: &[&str] = match dialect {
        Dialect::Mysql => &["mysql"],
        _ => &["mysql", "mariadb"],
    };
    for folder in folders {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/rules")
            .join(folder);
        let mut paths: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for path in paths {
            let text = fs::read_to_string(&path).unwrap();
            for case in text.split("-- case:").skip(1) {
                let (name, rest) = case.split_once('\n').unwrap();
                let sql: String = rest
                    .lines()
                    // What is set for everybody would be for other tests on the same server as well.
                    .filter(|line| !line.starts_with("-- expect:") && !sets_for_all(line))
                    .flat_map(|line| [line, "\n"])
                    .collect();
                let only = env::var("CASE").ok();
                if only.is_none_or(|only| name.contains(&only)) {
                    found.push((format!("{}:{name}", path.file_stem().unwrap().display()), sql));
                }
            }
        }
    }
    for rule in migrate_core::rules::ALL
        .iter()
        .filter(|rule| rule.dialects == [Dialect::Mysql, Dialect::MariaDb])
    {
        for bad in [true, false] {
            found.extend(
                rule.examples(bad)
                    .into_iter()
                    .map(|sql| (rule.name().to_owned(), sql.to_owned())),
            );
        }
    }
    found
}

/// The statement with another ALGORITHM and LOCK.
fn with(sql: &str, clause: &str) -> String {
    let comma = if sql.trim_start().to_lowercase().starts_with("alter") {
        ","
    } else {
        ""
    };
    let clause = if comma.is_empty() {
        clause.replace(',', "")
    } else {
        clause.to_owned()
    };
    format!("{}{comma} {clause}", sql.trim_end().trim_end_matches(';'))
}

/// The ways the server has, the cheapest first.
const WAYS: &[&str] = &["ALGORITHM=NOCOPY, LOCK=NONE", "ALGORITHM=INPLACE, LOCK=NONE"];
/// MySQL's. Which of those in place write the table anew it does not say.
const WAYS_OF_MYSQL: &[&str] = &["ALGORITHM=INSTANT", "ALGORITHM=INPLACE, LOCK=NONE"];

#[tokio::test]
async fn rules_and_server_agree() {
    let database = MysqlDatabase::create().await.unwrap();
    let mut connection = MySqlConnection::connect_with(&database.options()).await.unwrap();
    let (version, name): (String, String) = sqlx::query_as("SELECT version(), database()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let (dialect, since) = match version.contains("MariaDB") {
        true => (Dialect::MariaDb, "10.11".to_owned()),
        false => {
            let number = version.split(|c: char| c != '.' && !c.is_ascii_digit()).next();
            (Dialect::Mysql, number.unwrap_or_default().to_owned())
        }
    };
    let mut server = Server {
        options: database.options(),
        connection,
        name,
        dialect,
        since,
    };
    let (mut faults, mut online, mut verdicts, mut replacements) = (Vec::new(), 0, 0, 0);
    for (name, text) in cases(dialect) {
        // What another version does cannot be seen here.
        let text: String = text
            .lines()
            .filter(|line| !line.starts_with("-- since:"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let text = format!("-- since: {}\n{text}", server.since);
        let case = Case::read(&text, dialect);
        let found = names(&case.forwards());
        let sections: Vec<Vec<String>> = case
            .set
            .migrations
            .iter()
            .map(|one| statements(&one.up))
            .collect();
        online += usize::from(judge_online(&mut server, &case, &sections, &name, &found, &mut faults).await);
        replacements += judge_replacements(&mut server, &case, &sections, &name, &mut faults).await;
        // What triggers need is told of a directive, which the server does not see.
        if case.set.migrations.iter().any(|one| !one.sync.is_empty()) {
            continue;
        }
        let mut ways = sections;
        // A way back that leads elsewhere is told of as such.
        if !found.contains(&"down-not-inverse") {
            let drafts = case.set.migrations.iter().filter(|one| !one.released).rev();
            ways.extend(drafts.filter_map(|one| one.down.as_ref()).map(statements));
        }
        verdicts += usize::from(judge_verdict(&mut server, &ways, &name, &found, &mut faults).await);
    }
    println!(
        "{version}: {online} ways of ALTER TABLE and {verdicts} verdicts compared, {replacements} replacements run"
    );
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(
        env::var("CASE").is_ok() || (online >= 110 && verdicts >= 200 && replacements >= 50),
        "{online} {verdicts}"
    );
}

/// Compares what the rules say of the one statement of a case with what the server accepts.
async fn judge_online(
    server: &mut Server,
    case: &Case,
    sections: &[Vec<String>],
    name: &str,
    found: &[&str],
    faults: &mut Vec<String>,
) -> bool {
    let history = case.set.migrations.iter().filter(|one| one.released).count();
    let last = sections.get(history..).unwrap_or_default();
    let [one] = last else { return false };
    let [before @ .., sql] = one.as_slice() else {
        return false;
    };
    let settings = before.iter().all(|sql| sql.to_lowercase().starts_with("set"));
    let lower = sql.to_lowercase();
    let clauses = [
        "algorithm",
        "lock",
        "partition",
        "order by",
        "engine",
        "check (",
        "/*!",
    ];
    let whole = [
        "alter table",
        "create index",
        "create unique",
        "create fulltext",
        "create spatial",
    ];
    if history == 0
        || !settings
        || clauses.iter().any(|word| lower.contains(word))
        || !whole.iter().any(|word| lower.starts_with(word))
    {
        return false;
    }
    let mut setup: Vec<String> = sections[..history].concat();
    setup.extend(before.iter().cloned());
    // What the case refers to and does not make.
    setup.insert(
        0,
        "CREATE TABLE IF NOT EXISTS p (id bigint PRIMARY KEY)".to_owned(),
    );
    let mut way = None;
    let ways = match server.dialect {
        Dialect::Mysql => WAYS_OF_MYSQL,
        _ => WAYS,
    };
    for (index, clause) in ways.iter().enumerate() {
        match server.attempt(&setup, &with(sql, clause)).await {
            None => return false,
            Some(Ok(())) => {
                way = Some(index);
                break;
            }
            Some(Err(_)) => {}
        }
    }
    if way.is_none() && server.attempt(&setup, sql).await != Some(Ok(())) {
        return false;
    }
    let says = |names: &[&str]| found.iter().any(|name| names.contains(name));
    let (blocks, rebuilds) = (says(BLOCKING), says(&["mysql-alter-rebuild"]));
    let server_says = match way {
        Some(0) => (false, false),
        Some(_) => (false, true),
        None => (true, false),
    };
    let rebuilds = match (server.dialect, way) {
        (Dialect::Mysql, Some(1)) => true,
        _ => rebuilds && !blocks,
    };
    let stricter = |(file, case): &(&str, &str)| name == format!("{file}: {case}");
    let on_purpose = server.dialect == Dialect::Mysql && STRICTER.iter().any(stricter);
    if (blocks, rebuilds) != server_says && !on_purpose {
        faults.push(format!(
            "{name}: blocks, rebuilds: the rules say {:?}, the server {server_says:?}\n  {sql}",
            (blocks, rebuilds)
        ));
    }
    true
}

/// Compares what the model says of objects and syntax with what the server says.
async fn judge_verdict(
    server: &mut Server,
    sections: &[Vec<String>],
    name: &str,
    found: &[&str],
    faults: &mut Vec<String>,
) -> bool {
    // What the server has not is told by its own rule.
    let untold = ["opaque-statement", "unsupported-in-version"];
    if found.iter().any(|name| untold.contains(name))
        || name.contains("strict")
        || name.contains("case of tables")
    {
        return false;
    }
    let says = found.iter().any(|name| FAILS.contains(name));
    server.reset().await;
    let mut refused = None;
    for sql in sections.iter().flatten() {
        if let Err(number) = server.run(sql).await {
            refused = Some((number, sql.clone()));
            break;
        }
    }
    let beyond = BEYOND.iter().any(|(one, _)| name.trim().ends_with(one));
    match (says, refused) {
        (true, None) if beyond => return false,
        (true, None) => faults.push(format!(
            "{name}: the model finds a fault and the server does not: {found:?}"
        )),
        (false, Some((number, sql))) if KNOWABLE.contains(&number) && number != 1146 && number != 1051 => {
            let unknown = unknown_tables(sections);
            if !unknown {
                faults.push(format!(
                    "{name}: the server answers {number} and the model finds nothing: {sql}"
                ));
            }
        }
        (_, Some(_)) if !says => return false,
        _ => {}
    }
    true
}

/// Whether the case is about tables that it does not make.
fn unknown_tables(sections: &[Vec<String>]) -> bool {
    let text = sections.concat().join("\n").to_lowercase();
    !text.contains("create table") && !text.contains("create or replace table")
}

/// Applies what each finding says to write instead: it has no error, and the server takes it. How many there were.
async fn judge_replacements(
    server: &mut Server,
    case: &Case,
    sections: &[Vec<String>],
    name: &str,
    faults: &mut Vec<String>,
) -> usize {
    let history = case.set.migrations.iter().filter(|one| one.released).count();
    let mut setup: Vec<String> = sections[..history].concat();
    let mut count = 0;
    let broken = names(&case.forwards()).iter().any(|name| FAILS.contains(name));
    if broken || history == 0 || sections.len() != history + 1 {
        return 0;
    }
    'replacements: for diagnostic in case.forwards() {
        let files = &diagnostic.replacement;
        let open = |file: &ProposedFile| {
            file.sql.contains('…')
                || file
                    .directive
                    .as_ref()
                    .is_some_and(|directive| directive.contains('…'))
        };
        if files.is_empty() || files.iter().any(open) {
            continue;
        }
        count += 1;
        let parent = "CREATE TABLE IF NOT EXISTS p (id bigint PRIMARY KEY)";
        if !setup
            .iter()
            .any(|sql| sql.to_lowercase().contains("create table p "))
            && !setup.contains(&parent.to_owned())
        {
            setup.insert(0, parent.to_owned());
        }
        let read = case.instead(files);
        let told = read.forwards();
        let found = case.forwards();
        let error = told.iter().find(|one| {
            let own = one.code.name == diagnostic.code.name || !names(&found).contains(&one.code.name);
            own && one.severity == Severity::Error
        });
        if let Some(error) = error.filter(|_| case.set.layout == Layout::Native) {
            faults.push(format!(
                "{name}: the files of {} are not right as they stand:\n{error}",
                diagnostic.code.name
            ));
        }
        faults.extend(
            case::unfit(&diagnostic, &told, &found)
                .map(|fault| format!("{name}: {}: {fault}", diagnostic.code.name)),
        );
        server.reset().await;
        let mut done = setup.join(";\n");
        for sql in &setup {
            match server.run(sql).await {
                Ok(()) => {}
                // Some of what MySQL has MariaDB cannot read.
                Err(1064) if server.dialect == Dialect::MariaDb => continue 'replacements,
                Err(code) => panic!("{name}: {code}: {sql}"),
            }
        }
        for file in files {
            let phase = file.phase.to_string();
            let batches = match (phase.as_str(), &file.directive) {
                // Each file is read by itself here, and the two ends of a sync are in two of them.
                (_, Some(directive)) => directive
                    .lines()
                    .filter(|line| !line.contains("migrate:sync ") && !line.contains("migrate:unsync "))
                    .map(|line| format!("{}\n", line.replace("-- migrate:", "-- directive: ")))
                    .collect(),
                ("migrate", None) => {
                    let rest = file.sql.strip_prefix("UPDATE ").unwrap_or("t");
                    let table = rest.split_whitespace().next().unwrap_or_default();
                    format!("-- directive: backfill table={table} key=id\n")
                }
                _ => String::new(),
            };
            let text = format!(
                "-- since: {}\n-- phase: {phase}\n{batches}-- history\n{done};\n-- draft\n{}",
                server.since, file.sql
            );
            let errors: Vec<String> = Case::read(&text, server.dialect)
                .diagnostics()
                .iter()
                .filter(|found| found.severity == Severity::Error)
                .map(|found| found.to_string())
                .collect();
            if !errors.is_empty() {
                faults.push(format!(
                    "{name}: the replacement of {} has errors\n{}",
                    diagnostic.code.name,
                    errors.join("\n")
                ));
            }
            if let Err(number) = server.run(&file.sql).await {
                faults.push(format!(
                    "{name}: the server answers {number} to the replacement of {}\n{}",
                    diagnostic.code.name, file.sql
                ));
            }
            done.push_str(&format!(";\n{}", file.sql.trim_end_matches(';')));
        }
    }
    count
}
