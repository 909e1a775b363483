//! `drift`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, text};
use crate::cli::show::texts;
use crate::cli::work::{Context, Work};
use crate::cli::{FINE, WRONG};

/// Compare the database's schema with a file that holds what it should be
///
/// `--write` makes that file, from a database that is right: a fresh one after `up`. Exit status 1 where they differ.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(in crate::cli) struct Drift {
    /// What the schema should be
    #[arg(long, value_name = "FILE")]
    expected: Option<PathBuf>,
    /// Write what the schema is
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[async_trait]
impl Work for Drift {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let facts = context.migrator.facts().await?;
        let found = facts.render();
        if let Some(path) = &self.write {
            std::fs::write(path, &found)
                .map_err(|error| Failure::wrong(format!("{} cannot be written: {error}", path.display())))?;
            let path = path.display().to_string();
            let json = object([("written", text(&path)), ("facts", facts.len().to_string())]);
            return Ok(Answer::new(format!("{path}: {} facts", facts.len()), json));
        }
        let path = self.expected.clone().unwrap_or_default();
        let expected = std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
        Ok(answer(&different(&expected.replace("\r\n", "\n"), &found)))
    }
}

/// An object that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
struct Different<'a> {
    object: &'a str,
    missing: Vec<&'a str>,
    unexpected: Vec<&'a str>,
}

/// The objects that differ, with the facts that only one side has.
fn different<'a>(expected: &'a str, found: &'a str) -> Vec<Different<'a>> {
    let (expected, found) = (objects(expected), objects(found));
    let names: BTreeSet<&str> = expected.keys().chain(found.keys()).copied().collect();
    let none = Vec::new();
    let mut different = Vec::new();
    for object in names {
        let should = expected.get(object).unwrap_or(&none);
        let is = found.get(object).unwrap_or(&none);
        if should == is {
            continue;
        }
        let only = |here: &Vec<&'a str>, there: &Vec<&'a str>| -> Vec<&'a str> {
            here.iter()
                .filter(|fact| !there.contains(fact))
                .copied()
                .collect()
        };
        let (mut missing, mut unexpected) = (only(should, is), only(is, should));
        // The same facts in another order: columns.
        if missing.is_empty() && unexpected.is_empty() {
            (missing, unexpected) = (should.clone(), is.clone());
        }
        different.push(Different {
            object,
            missing,
            unexpected,
        });
    }
    different
}

/// The facts of each object, in their order; one of several lines is one fact.
fn objects(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut places: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    let mut object = "";
    let mut from = 0;
    for line in text.split('\n') {
        let end = from + line.len();
        let facts = places.entry(object);
        if line.starts_with("   ") {
            // It goes on with the fact before it.
            facts.and_modify(|facts| {
                facts
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|fact| fact.end = end)
            });
        } else if line.starts_with("  ") {
            facts.or_default().push(from + 2..end);
        } else if !line.is_empty() {
            object = line;
            places.entry(object).or_default();
        }
        from = end + 1;
    }
    let facts = |places: Vec<Range<usize>>| places.into_iter().map(|place| &text[place]).collect();
    places
        .into_iter()
        .map(|(object, places)| (object, facts(places)))
        .collect()
}

fn answer(different: &[Different<'_>]) -> Answer {
    let mut lines = Vec::new();
    for one in different {
        lines.push(one.object.to_owned());
        lines.extend(one.missing.iter().map(|fact| format!("  - {fact}")));
        lines.extend(one.unexpected.iter().map(|fact| format!("  + {fact}")));
    }
    lines.push(match different.len() {
        0 => "no drift".to_owned(),
        1 => "1 object is not as it should be".to_owned(),
        count => format!("{count} objects are not as they should be"),
    });
    let owned = |facts: &[&str]| texts(&facts.iter().map(|fact| (*fact).to_owned()).collect::<Vec<_>>());
    let objects = different.iter().map(|one| {
        object([
            ("object", text(one.object)),
            ("missing", owned(&one.missing)),
            ("unexpected", owned(&one.unexpected)),
        ])
    });
    let json = object([
        ("drift", (!different.is_empty()).to_string()),
        ("objects", array(objects)),
    ]);
    Answer::new(lines.join("\n"), json).status(if different.is_empty() { FINE } else { WRONG })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_that_differ() {
        let expected = "t\n  table: x\n  column a: int\n  trigger u: one\n        two\n\nv\n  view: x\n";
        assert_eq!(different(expected, expected), []);
        let found = "t\n  table: x\n  column a: text\n  trigger u: one\n        three\n\nw\n  view: x\n";
        let told: Vec<String> = different(expected, found)
            .iter()
            .map(|one| format!("{one:?}"))
            .collect();
        assert_eq!(told.len(), 3);
        assert!(
            told[0].contains("column a: int") && told[0].contains("one\\n        three"),
            "{}",
            told[0]
        );
        assert!(told[1].contains("\"v\", missing: [\"view: x\"]"), "{}", told[1]);
        assert!(told[2].contains("\"w\", missing: [], unexpected"), "{}", told[2]);
        let order = different("t\n  column a\n  column b\n", "t\n  column b\n  column a\n");
        assert_eq!(order.len(), 1);
    }
}
