//! Every rule against its own examples, and the analysis against the cases of `tests/rules/<dialect>/*.sql`.
//!
//! A file of cases holds several, each under `-- case: <name>`, with `-- expect: <findings>` (`none` for none; `name (warning)`
//! says how bad it is).

#[path = "support/case.rs"]
mod case;

use std::path::Path;
use std::{env, fs};

use case::{Case, names};
use migrate_core::Dialect;
use migrate_core::diagnostic::Severity;
use migrate_core::rules::ALL;
use migrate_core::sql::supports;

#[test]
fn rules_find_their_bad_examples_and_pass_their_good_ones() {
    let mut faults = Vec::new();
    for rule in ALL.iter().filter(|rule| supports(rule.dialects[0])) {
        let (bad, good) = (rule.examples(true), rule.examples(false));
        if bad.is_empty() || good.is_empty() {
            faults.push(format!("{}: no bad or no good example", rule.name()));
        }
        for (text, is_bad) in bad
            .iter()
            .map(|text| (text, true))
            .chain(good.iter().map(|text| (text, false)))
        {
            if !migrate_core::sql::supports(rule.dialects[0]) {
                continue;
            }
            let mut case = Case::read(text, rule.dialects[0]);
            case.config.style = rule.opt_in;
            let found = case.diagnostics();
            let has = found.iter().any(|diagnostic| diagnostic.code.name == rule.name());
            let error = found
                .iter()
                .find(|diagnostic| diagnostic.severity == Severity::Error);
            match (is_bad, has, error) {
                (true, false, _) => faults.push(format!(
                    "{} misses\n{text}found: {:?}\n",
                    rule.name(),
                    names(&found)
                )),
                (false, true, _) => faults.push(format!("{} finds its good example\n{text}", rule.name())),
                (false, _, Some(error)) if !rule.opt_in => {
                    faults.push(format!(
                        "the good example of {} has an error\n{text}{error}\n",
                        rule.name()
                    ));
                }
                _ => {}
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn names_are_unique_and_sentences_end() {
    for (index, rule) in ALL.iter().enumerate() {
        assert!(
            ALL[..index].iter().all(|other| other.name() != rule.name()),
            "{} stands twice",
            rule.name()
        );
        assert!(rule.code.summary.ends_with('.'), "{}", rule.name());
        assert!(
            migrate_core::diagnostic::codes::find(rule.name()).is_none(),
            "{}",
            rule.name()
        );
    }
}

fn check(path: &Path, dialect: Dialect, faults: &mut Vec<String>) -> usize {
    let text = fs::read_to_string(path).unwrap();
    let only = env::var("CASE").ok();
    let mut count = 0;
    for text in text.split("-- case:").skip(1) {
        count += 1;
        let (name, rest) = text.split_once('\n').unwrap();
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let expect = rest.lines().find_map(|line| line.strip_prefix("-- expect:"));
        let mut expected: Vec<&str> = expect
            .expect(name)
            .split(',')
            .map(str::trim)
            .filter(|name| *name != "none")
            .collect();
        // `name (warning)` says how bad it is, too.
        let mut severities = Vec::new();
        for word in &mut expected {
            if let Some((name, severity)) = word.split_once(" (") {
                severities.push((name, severity.trim_end_matches(')')));
                *word = name;
            }
        }
        expected.sort_unstable();
        let sql: String = rest
            .lines()
            .filter(|line| !line.starts_with("-- expect:"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let found = Case::read(&sql, dialect).diagnostics();
        if only.is_some() {
            found.iter().for_each(|diagnostic| println!("{diagnostic}\n"));
        }
        let is_as_bad = |(name, severity): &(&str, &str)| {
            let mut same = found.iter().filter(|diagnostic| diagnostic.code.name == *name);
            same.any(|diagnostic| format!("{:?}", diagnostic.severity).eq_ignore_ascii_case(severity))
        };
        if let Some((name, severity)) = severities.iter().find(|said| !is_as_bad(said)) {
            faults.push(format!("{}: {name} is no {severity}\n{sql}", path.display()));
        }
        if names(&found) != expected {
            faults.push(format!(
                "{}:{name}\n{}expected {expected:?}\nfound    {:?}\n",
                path.file_name().unwrap().display(),
                sql.trim_start_matches('\n'),
                names(&found)
            ));
        }
    }
    count
}

fn check_folder(name: &str, dialect: Dialect, at_least: usize) {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let mut folders = vec![rules.join(name)];
    if matches!(dialect, Dialect::MariaDb | Dialect::Sqlite) {
        folders.push(rules.join("mariadb_and_sqlite"));
    }
    let mut paths: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut faults = Vec::new();
    let count: usize = paths.iter().map(|path| check(path, dialect, &mut faults)).sum();
    assert!(
        faults.is_empty(),
        "{} of {count} cases\n\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(count >= at_least, "only {count} cases");
}

#[cfg(feature = "analyze-mysql")]
#[test]
fn mysql() {
    check_folder("mysql", Dialect::Mysql, 250);
}

#[cfg(feature = "analyze-mysql")]
#[test]
fn mariadb() {
    check_folder("mariadb", Dialect::MariaDb, 30);
}

#[cfg(feature = "analyze-sqlite")]
#[test]
fn sqlite() {
    check_folder("sqlite", Dialect::Sqlite, 130);
}

#[cfg(feature = "analyze-postgres")]
#[test]
fn postgres() {
    check_folder("postgres", Dialect::Postgres, 200);
}
