//! The verdicts on PostgreSQL against PostgreSQL: what the analysis says of locks, rewrites, scans and failures must be
//! what the server does, and what it is silent about must be harmless.

#[path = "support/beyond_postgres.rs"]
mod beyond;
#[path = "support/case.rs"]
mod case;
#[path = "support/truth.rs"]
mod truth;
#[path = "support/world.rs"]
mod world;

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use beyond::BEYOND;
use case::{Case, names};
use migrate_core::Dialect;
use migrate_core::diagnostic::{Diagnostic, Severity};
use migrate_core::model::{Phase, Section, ServerVersion};
use migrate_core::rules::ALL;
use migrate_testkit::PostgresDatabase;
use sqlx::{Connection, PgConnection};
use truth::{ACCESS_EXCLUSIVE, MODES, Measured, SHARE};

const WORLD: &str = include_str!("rules/postgres_world.sql");

/// Findings that say that the server refuses a statement.
const FAILS: &[&str] = &[
    "add-column-not-null-no-default",
    "concurrently-in-transaction",
    "concurrently-on-partitioned",
    "enum-add-value-in-transaction",
    "missing-object",
    "needed-object",
    "object-exists",
    "refused-statement",
    "parameter",
    "syntax-error",
    "type-mismatch",
];

/// Findings that say that every row is written again.
const REWRITES: &[&str] = &[
    "add-column-constrained-domain",
    "add-column-generated-stored",
    "add-column-identity",
    "add-column-serial",
    "add-column-volatile-default",
    "alter-column-type-rewrite",
    "refresh-matview-blocking",
    "table-rewrite-command",
    "table-rewrite-option",
];

/// Findings that say that every row is read.
const SCANS: &[&str] = &[
    "add-check-validated",
    "add-column-inline-check",
    "add-column-inline-fk",
    "add-fk-validated",
    "add-primary-key-nullable",
    "alter-column-type-constraint-recheck",
    "alter-domain-add-constraint",
    "attach-partition-scan",
    "set-not-null-scan",
    "validate-same-transaction",
];

/// Findings that say that an index is built.
const BUILDS: &[&str] = &[
    "add-column-inline-unique",
    "add-exclusion-constraint",
    "add-primary-key",
    "add-unique-constraint",
    "alter-column-type-index-rebuild",
    "create-index-not-concurrent",
    "reindex-not-concurrent",
];

/// A case with the place it stands at.
struct Told {
    name: String,
    text: String,
}

/// The cases of the folder, and the examples of the rules.
fn told() -> Vec<Told> {
    let mut all = Vec::new();
    for rule in ALL {
        if rule.dialects[0] != Dialect::Postgres {
            continue;
        }
        let examples = [(true, "bad"), (false, "good")];
        for (bad, word) in examples {
            for text in rule.examples(bad) {
                all.push(Told {
                    name: format!("{}, {word}", rule.name()),
                    text: text.to_owned(),
                });
            }
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/postgres");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    // Those are about files that belong together, over tables that are nowhere made.
    // And what the words of a header lack no server tells.
    paths.retain(|path| {
        path.file_stem()
            .is_none_or(|name| name != "changes" && name != "placeholders")
    });
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for text in text.split("-- case:").skip(1) {
            let (name, rest) = text.split_once('\n').unwrap();
            let lines = rest.lines().filter(|line| !line.starts_with("-- expect:"));
            all.push(Told {
                name: format!("{}:{name}", path.file_stem().unwrap().display()),
                text: lines.flat_map(|line| [line, "\n"]).collect(),
            });
        }
    }
    // What several files of a change do to each other is nothing that the server could tell of one of them.
    all.retain(|case| !case.text.contains("-- file:"));
    if let Ok(only) = env::var("CASE") {
        all.retain(|case| case.name.contains(&only));
    }
    all
}

/// The findings at a statement.
fn at<'a>(found: &'a [Diagnostic], section: &Section, statement: usize) -> Vec<&'a Diagnostic> {
    let start = section.statements[statement].line;
    let end = section
        .statements
        .get(statement + 1)
        .map_or(u32::MAX, |next| next.line);
    let here = |one: &&Diagnostic| {
        *one.path == *section.path
            && one
                .position
                .as_ref()
                .is_none_or(|position| (start..end.max(start + 1)).contains(&position.line))
    };
    found.iter().filter(here).collect()
}

/// The modes that a finding says are taken.
fn named(finding: &Diagnostic) -> BTreeSet<usize> {
    let mut modes = BTreeSet::new();
    for note in finding
        .notes
        .iter()
        .filter_map(|note| note.strip_prefix("lock: "))
    {
        let mut rest = note.to_owned();
        // Longest first, so that the SHARE of another name is not one of its own.
        let mut order: Vec<usize> = (0..MODES.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(MODES[*index].1.len()));
        for index in order {
            let pattern = format!("{} on ", MODES[index].1);
            if rest.contains(&pattern) {
                modes.insert(index);
                rest = rest.replace(&pattern, "");
            }
        }
    }
    modes
}

/// Where the findings at a statement and what it did do not agree.
fn disagreements(sql: &str, found: &[&Diagnostic], measured: &Measured) -> Vec<String> {
    let mut faults = Vec::new();
    let names: Vec<&str> = found.iter().map(|one| one.code.name).collect();
    let has = |list: &[&str]| names.iter().find(|name| list.contains(name)).copied();
    let error = found.iter().any(|one| one.severity == Severity::Error);
    let untold = names.contains(&"opaque-statement") || names.contains(&"opaque-dynamic-sql");
    if measured.failure.is_some() {
        return faults;
    }
    let truncates = sql.trim_start().to_uppercase().starts_with("TRUNCATE");
    let strong = measured.locks.iter().any(|(name, mode)| {
        mode.iter().any(|mode| *mode >= SHARE)
            && (measured.rewritten.contains(name)
                || measured.scanned.contains(name)
                || measured.built.contains(name))
    });
    let works = strong || !measured.rewritten.is_empty() && measured.seen;
    // Where there is no other way, a finding says at least what is held.
    let told = found
        .iter()
        .any(|one| named(one).iter().any(|mode| *mode >= SHARE));
    if works && !truncates && !error && !told && !untold {
        faults.push(format!("nothing is said of {measured:?}"));
    }
    if let Some(name) = has(REWRITES)
        && measured.rewritten.is_empty()
    {
        faults.push(format!("{name}, but nothing is rewritten"));
    }
    let reads = !measured.scanned.is_empty() || !measured.rewritten.is_empty();
    // A warning says that it may be so.
    if let Some(name) = has(SCANS)
        && !reads
        && found
            .iter()
            .any(|one| one.code.name == name && one.severity == Severity::Error)
    {
        faults.push(format!("{name}, but nothing is read"));
    }
    if let Some(name) = has(BUILDS)
        && measured.built.is_empty()
    {
        faults.push(format!("{name}, but no index is built"));
    }
    let claimed = names.contains(&"whole-table-write");
    // Whether rows have a NULL here is chance, and what a loop writes in sum is not for a rule to see.
    let by_chance = sql.contains(" NULL") || sql.starts_with("DO");
    if !untold
        && (claimed && measured.written.is_empty() || !claimed && !by_chance && !measured.written.is_empty())
    {
        faults.push(format!("all rows written: {:?}", measured.written));
    }
    let nothing_there = sql.contains("IF EXISTS") && measured.locks.is_empty();
    if measured.seen && !nothing_there {
        let held: BTreeSet<usize> = measured.locks.values().flatten().copied().collect();
        for finding in found {
            let modes = named(finding);
            if let Some(wrong) = modes.iter().find(|mode| !held.contains(mode)) {
                faults.push(format!(
                    "{} names {}, held: {:?}",
                    finding.code.name, MODES[*wrong].1, measured.locks
                ));
            }
        }
        let strongest = found.iter().flat_map(|one| named(one)).max();
        let taken = measured.gained.last().copied().unwrap_or_default();
        if works && strongest.is_some_and(|strongest| strongest < taken) && taken == ACCESS_EXCLUSIVE {
            faults.push(format!("no finding names ACCESS EXCLUSIVE: {:?}", measured.locks));
        }
    }
    faults
}

#[tokio::test]
async fn verdicts_are_those_of_postgres() {
    let database = PostgresDatabase::create().await.unwrap();
    let mut connection = PgConnection::connect_with(&database.options()).await.unwrap();
    // Roles belong to the whole server, so they outlive the cases.
    for role in ["bob", "app"] {
        let _ = truth::run(&mut connection, &format!("CREATE ROLE {role}")).await;
    }
    let version = connection.server_version_num().unwrap() / 10_000;
    let version = ServerVersion::new(version, 0, 0);
    let (mut faults, mut tried, mut left_out) = (Vec::new(), 0, Vec::new());
    for Told { name, text } in told() {
        let mut case = Case::read(&text, Dialect::Postgres);
        case.config.style = false;
        let since = case.set.since;
        let found = case.forwards();
        // Verdicts for other servers are not for this one to confirm.
        if since.is_some_and(|since| since > version || since < ServerVersion::new(13, 0, 0))
            || names(&found).contains(&"unsupported-in-version")
            || names(&found).contains(&"mixed-transaction")
            || text.contains("-- strict")
            || text.contains("migrate:allow")
            || text.contains("directive: allow")
        {
            continue;
        }
        if let Err(error) = truth::build(&mut connection, &case.set, &world::world(WORLD, &text)).await {
            faults.push(format!("{name}: cannot be set up: {error:?}"));
            continue;
        }
        let all = truth::drafts(&mut connection, &case.set).await;
        let told = |faults: &mut Vec<String>, sql: &str, fault: &str| {
            faults.push(format!("{name}: {:?}\n    {sql}\n    {fault}", names(&found)));
        };
        let fails = names(&found).iter().any(|name| FAILS.contains(name));
        match all
            .iter()
            .find_map(|one| one.failure.as_ref().map(|failure| (one, failure)))
        {
            // The rows made for the test are not those the case had in mind.
            Some((_, failure)) if !fails && ["22", "23"].contains(&&failure.code[..2]) => {}
            // What a body may not end is told by the rule about transactions.
            Some((_, failure))
                if failure.code == "2D000" && names(&found).contains(&"uncommitted-transaction") => {}
            // A table that nobody made is a plain one here.
            Some((_, failure)) if !fails && ["42P17", "42809"].contains(&&*failure.code) => {
                left_out.push(format!("{name}: {}", failure.message));
            }
            Some((_, failure)) if !fails && BEYOND.iter().any(|(one, _)| name.ends_with(one)) => {
                left_out.push(format!("{name}: {}", failure.message));
            }
            Some((one, failure)) if !fails => {
                let section = &case.set.migrations[one.migration].up;
                let sql = section.sql(&section.statements[one.statement]);
                told(
                    &mut faults,
                    sql,
                    &format!("fails with {} {}", failure.code, failure.message),
                );
            }
            None if fails && !BEYOND.iter().any(|(one, _)| name.ends_with(one)) => {
                told(&mut faults, "", "all of it runs")
            }
            _ => {}
        }
        for measured in &all {
            let section = &case.set.migrations[measured.migration].up;
            let sql = section.sql(&section.statements[measured.statement]);
            if name.ends_with("backfill") || BEYOND.iter().any(|(one, _)| name.ends_with(one)) {
                continue;
            }
            for fault in disagreements(sql, &at(&found, section, measured.statement), measured) {
                told(&mut faults, sql, &fault);
            }
        }
        tried += 1;
    }
    if env::var("CASE").is_ok() || env::var("LEFT").is_ok() {
        println!("left out:\n{}", left_out.join("\n"));
    }
    assert!(
        faults.is_empty(),
        "{} of {tried}\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(
        env::var("CASE").is_ok() || tried >= 250,
        "only {tried} cases could be tried"
    );
}

#[tokio::test]
async fn replacements_are_free_of_errors_and_run() {
    let database = PostgresDatabase::create().await.unwrap();
    let mut connection = PgConnection::connect_with(&database.options()).await.unwrap();
    let version = ServerVersion::new(connection.server_version_num().unwrap() / 10_000, 0, 0);
    let (mut faults, mut tried, mut without) = (Vec::new(), 0, BTreeSet::new());
    let mut with = BTreeSet::new();
    for Told { name, text } in told() {
        let case = Case::read(&text, Dialect::Postgres);
        let found = case.forwards();
        let drafts = case.set.migrations.iter().filter(|migration| !migration.released);
        let statements: usize = drafts.map(|migration| migration.up.statements.len()).sum();
        for finding in &found {
            match finding.replacement.is_empty() {
                true => without.insert(finding.code.name),
                false => with.insert(finding.code.name),
            };
        }
        // A replacement stands for its own statement, so it is tried where that is all there is.
        if statements != 1
            || names(&found)
                .iter()
                .any(|name| ["missing-object", "object-exists"].contains(name))
        {
            continue;
        }
        for finding in found.iter().filter(|one| !one.replacement.is_empty()) {
            let instead = case.instead(&finding.replacement);
            let told = |fault: String| {
                let files: Vec<String> = finding.replacement.iter().map(|file| file.sql.clone()).collect();
                format!(
                    "{name}: {}\n    {}\n    {fault}",
                    finding.code.name,
                    files.join("\n--\n").replace('\n', "\n    ")
                )
            };
            tried += 1;
            let errors = instead.forwards();
            // What another rule says of the statement is not for this replacement to mend.
            // Where the table has no key, the one that stands for it is not there, or only being filled.
            let open = finding
                .replacement
                .iter()
                .any(|file| file.to_string().contains("key=…"));
            let of_key = |one: &&Diagnostic| {
                open && [
                    "missing-object",
                    "backfill-key",
                    "backfill-not-unique",
                    "backfill-writes-key",
                ]
                .contains(&one.code.name)
            };
            let other = |one: &&Diagnostic| {
                let own = one.code.name == finding.code.name || !names(&found).contains(&one.code.name);
                own && !of_key(one)
            };
            if let Some(error) = errors
                .iter()
                .filter(other)
                .find(|one| one.severity == Severity::Error)
            {
                faults.push(told(format!("{}: {}", error.code.name, error.message)));
            }
            faults.extend(case::unfit(finding, &errors, &found).map(told));
            if case.set.since.is_some_and(|since| since > version)
                || BEYOND.iter().any(|(one, _)| name.ends_with(one))
            {
                continue;
            }
            truth::build(&mut connection, &case.set, &world::world(WORLD, &text))
                .await
                .unwrap();
            let all = truth::drafts(&mut connection, &instead.set).await;
            let failure = all.iter().find_map(|one| one.failure.as_ref());
            if let Some(failure) =
                failure.filter(|failure| !["42P17", "42809", "22P02", "22001"].contains(&&*failure.code))
            {
                faults.push(told(format!("{} {}", failure.code, failure.message)));
            }
            for measured in &all {
                let section = &instead.set.migrations[measured.migration].up;
                let sql = section.sql(&section.statements[measured.statement]);
                let here = at(&errors, section, measured.statement);
                // A backfill runs in batches.
                let backfill = instead.set.migrations[measured.migration].phase == Phase::Migrate;
                faults.extend(
                    disagreements(sql, &here, measured)
                        .into_iter()
                        .filter(|_| !backfill)
                        .map(told),
                );
            }
        }
    }
    let without: Vec<_> = without.difference(&with).collect();
    if env::var("LEFT").is_ok() {
        println!(
            "with a replacement: {}; without: {} {without:?}",
            with.len(),
            without.len()
        );
    }
    assert!(
        faults.is_empty(),
        "{} of {tried}\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(
        env::var("CASE").is_ok() || tried >= 120,
        "only {tried} replacements could be tried"
    );
}
