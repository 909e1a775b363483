//! The expected schema: the facts in a file that is checked in, so that a review shows what a migration changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Prove;
use super::chain::Chain;
use super::finding::{Finding, Findings, Proof};
use crate::database::TestKind;
use crate::error::{Error, IoContext};

/// What the file begins with.
const HEAD: &str = "The schema that the migrations make. MIGRATE_UPDATE=1 cargo test writes it anew.";

pub(super) async fn check<K: TestKind>(prove: &Prove<K>) -> Result<Proof, Error> {
    let mut findings = Findings::new("expected schema", prove);
    let Some(folder) = &prove.schema_folder else {
        let why = "no folder is named for the file, see `schema_in`";
        findings.gap(why);
        return findings.judge(why.to_owned());
    };
    let set = match &*prove.set.name {
        "main" => String::new(),
        name => format!("{name}."),
    };
    let name = format!("schema.{set}{}.facts", K::DIALECT);
    let path = folder.join(&name);
    let update = std::env::var("MIGRATE_UPDATE").is_ok_and(|value| value == "1");
    if !update && !path.exists() {
        let why = format!("there is no {name} yet; MIGRATE_UPDATE=1 writes it");
        findings.gap(&why);
        return findings.judge(why);
    }
    let mut chain = Chain::at(prove, prove.set.newest()).await?;
    let found = chain.facts().await?.render();
    let text = format!("# {HEAD}\n\n{found}");
    if update {
        let same = std::fs::read_to_string(&path).is_ok_and(|old| old == text);
        if same {
            return findings.judge(format!("{name} is as it should be"));
        }
        std::fs::write(&path, text).doing("write", &path)?;
        return findings.judge(format!("{name} is written"));
    }
    let expected = std::fs::read_to_string(&path).doing("read", &path)?;
    let difference = compare(&expected.replace("\r\n", "\n"), &text);
    if !difference.is_empty() {
        let finding = Finding::new(
            format!("the migrations make another schema than {name} says"),
            "if that is meant, MIGRATE_UPDATE=1 writes the file anew: check it in with the migration",
        );
        let finding = finding.body(format!("the file (-) and the database (+):\n{difference}"));
        findings.push(finding.client(chain.client()));
    }
    findings.judge(format!(
        "{} facts are those of {name}",
        found.lines().filter(|line| line.starts_with("  ")).count()
    ))
}

/// The lines that only one side has, under the objects that they belong to.
fn compare(expected: &str, found: &str) -> String {
    let (old, new) = (objects(expected), objects(found));
    let mut names: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let mut text = String::new();
    for name in names {
        let lines = |side: &BTreeMap<&str, Vec<String>>| side.get(name).cloned().unwrap_or_default();
        let (before, after) = (lines(&old), lines(&new));
        if before == after {
            continue;
        }
        let _ = writeln!(text, "{name}");
        let only = |these: &[String], others: &[String]| -> Vec<String> {
            these
                .iter()
                .filter(|line| !others.contains(line))
                .cloned()
                .collect()
        };
        let (gone, come) = (only(&before, &after), only(&after, &before));
        if gone.is_empty() && come.is_empty() {
            let _ = writeln!(text, "  ~ the order of its columns");
        }
        for line in gone {
            let _ = writeln!(text, "  - {}", line.replace('\n', "\n    "));
        }
        for line in come {
            let _ = writeln!(text, "  + {}", line.replace('\n', "\n    "));
        }
    }
    text
}

/// The facts of each object; those that have several lines are kept together.
fn objects(text: &str) -> BTreeMap<&str, Vec<String>> {
    let mut objects: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut name = "";
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match line.strip_prefix("  ") {
            None => {
                name = line;
                objects.entry(name).or_default();
            }
            Some(fact) if fact.starts_with(' ') => {
                if let Some(last) = objects.entry(name).or_default().last_mut() {
                    last.push('\n');
                    last.push_str(fact.trim_start());
                }
            }
            Some(fact) => objects.entry(name).or_default().push(fact.to_owned()),
        }
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shown_under_their_object() {
        let old =
            "# a comment\n\nf()\n  function:\n      begin\n\nusers\n  column id: int\n  column name: text\n";
        let new = "f()\n  function:\n      end\n\nusers\n  column id: bigint\n  column name: text\n";
        let difference = compare(old, new);
        let expected = "f()\n  - function:\n    begin\n  + function:\n    end\nusers\n  - column id: int\n  + column id: bigint\n";
        assert_eq!(difference, expected);
        assert!(compare(old, old).is_empty());
        let turned = "users\n  column name: text\n  column id: int\n";
        let straight = "users\n  column id: int\n  column name: text\n";
        assert_eq!(compare(straight, turned), "users\n  ~ the order of its columns\n");
    }
}
