//! What is different between two states of a schema.

use std::collections::BTreeMap;
use std::fmt;

use super::{COLUMN_ORDER, Fact, Facts, local_identity};

/// How a difference counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Something is missing, extra or different.
    Changed,
    /// Only the order of a table's columns is different. Dropping a column and adding it again causes that.
    Order,
    /// Who may do what is different.
    Acl,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Changed => "changed",
            Class::Order => "order",
            Class::Acl => "acl",
        })
    }
}

/// One fact that is different.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The object that the fact belongs to.
    pub object: String,
    /// The kind of the fact, or `column order`.
    pub kind: String,
    /// The identity of the fact.
    pub identity: String,
    /// How the difference counts.
    pub class: Class,
    /// The definition before, or `None` where the fact is extra.
    pub before: Option<String>,
    /// The definition after, or `None` where the fact is missing.
    pub after: Option<String>,
}

/// Everything that is different between two states of a schema, sorted by object.
///
/// Displayed it is grouped by object, `-` marking what was before and `+` what is after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference(Vec<Change>);

impl Difference {
    /// What changed from `before` to `after`.
    pub(super) fn between(before: &Facts, after: &Facts) -> Self {
        let (old, new) = (by_identity(before), by_identity(after));
        let mut changes = Vec::new();
        for (key, facts) in &old {
            pair(facts, new.get(key).map_or(&[], Vec::as_slice), &mut changes);
        }
        for (key, facts) in &new {
            if !old.contains_key(key) {
                pair(&[], facts, &mut changes);
            }
        }
        order(before, after, &mut changes);
        changes.sort();
        Difference(changes)
    }

    /// Whether the two states are equal, the order of columns included.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything but the order of columns is different.
    pub fn changed(&self) -> bool {
        self.0.iter().any(|change| change.class != Class::Order)
    }

    /// The single differences, sorted by object.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = &Change> {
        self.0.iter()
    }

    /// The differences of one class.
    pub fn of_class(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.0.iter().filter(move |change| change.class == class)
    }
}

/// Facts under kind, object and identity. Some identities are not unique: two equal unnamed checks are one example.
fn by_identity(facts: &Facts) -> BTreeMap<(&str, &str, &str), Vec<&Fact>> {
    let mut map: BTreeMap<_, Vec<&Fact>> = BTreeMap::new();
    for fact in facts.iter() {
        map.entry((fact.kind(), fact.object(), fact.identity()))
            .or_default()
            .push(fact);
    }
    map
}

/// Reports the definitions that only one side of one identity has, the first with the first and so on.
fn pair(before: &[&Fact], after: &[&Fact], changes: &mut Vec<Change>) {
    let mut missing = before.to_vec();
    let mut extra = Vec::new();
    for fact in after {
        match missing
            .iter()
            .position(|old| old.definition() == fact.definition())
        {
            Some(same) => drop(missing.remove(same)),
            None => extra.push(*fact),
        }
    }
    for index in 0..missing.len().max(extra.len()) {
        let (old, new) = (missing.get(index), extra.get(index));
        let Some(fact) = old.or(new) else { continue };
        changes.push(Change {
            object: fact.object().to_owned(),
            kind: fact.kind().to_owned(),
            identity: fact.identity().to_owned(),
            class: fact.class(),
            before: old.map(|fact| fact.definition().to_owned()),
            after: new.map(|fact| fact.definition().to_owned()),
        });
    }
}

/// Reports the tables whose common columns stand in another order. Columns of one side only are reported as such.
fn order(before: &Facts, after: &Facts, changes: &mut Vec<Change>) {
    let (old, new) = (before.columns(), after.columns());
    for (object, old) in &old {
        let Some(new) = new.get(object) else { continue };
        let common_old: Vec<&str> = old.iter().copied().filter(|name| new.contains(name)).collect();
        let common_new: Vec<&str> = new.iter().copied().filter(|name| old.contains(name)).collect();
        if common_old != common_new {
            changes.push(Change {
                object: (*object).to_owned(),
                kind: COLUMN_ORDER.to_owned(),
                identity: (*object).to_owned(),
                class: Class::Order,
                before: Some(old.join(", ")),
                after: Some(new.join(", ")),
            });
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for group in self.0.chunk_by(|a, b| a.object == b.object) {
            writeln!(f, "{}", group[0].object)?;
            for change in group {
                write!(f, "{change}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = self.kind.clone();
        if self.identity != self.object {
            name.push(' ');
            name.push_str(local_identity(&self.object, &self.identity));
        }
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => both(f, &name, before, after),
            (Some(before), None) => one(f, '-', &name, before),
            (None, Some(after)) => one(f, '+', &name, after),
            (None, None) => Ok(()),
        }
    }
}

/// A fact that one side has.
fn one(f: &mut fmt::Formatter<'_>, sign: char, name: &str, definition: &str) -> fmt::Result {
    write!(f, "  {sign} {name}")?;
    if definition.is_empty() {
        return writeln!(f);
    }
    writeln!(
        f,
        ": {}",
        definition
            .trim_start_matches('\n')
            .replace('\n', &format!("\n  {sign}     "))
    )
}

/// A fact that is different: the lines that differ, and under a single line a mark under the part that differs.
fn both(f: &mut fmt::Formatter<'_>, name: &str, before: &str, after: &str) -> fmt::Result {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split('\n').collect(), after.split('\n').collect());
    let lines = different_lines(&old, &new);
    match lines.first() {
        Some(first) if first.number > 1 => writeln!(f, "  ~ {name}, line {}:", first.number)?,
        _ => writeln!(f, "  ~ {name}:")?,
    }
    let mut next = lines.first().map_or(1, |first| first.number);
    for line in &lines {
        if line.number > next {
            writeln!(f, "    … line {}:", line.number)?;
        }
        writeln!(f, "    {} {}", line.sign, line.text)?;
        next = line.number + usize::from(line.sign == '-');
    }
    if let [old, new] = &lines[..]
        && (old.sign, new.sign) == ('-', '+')
    {
        let (old, new): (Vec<char>, Vec<char>) = (old.text.chars().collect(), new.text.chars().collect());
        let (head, tail) = common_ends(&old, &new);
        let marked = (new.len() - tail - head).max(1);
        writeln!(f, "      {}{}", " ".repeat(head), "^".repeat(marked))?;
    }
    Ok(())
}

/// A line that one of two texts has.
struct Line<'a> {
    sign: char,
    text: &'a str,
    /// Where it is in the first text, or would be; from 1.
    number: usize,
}

/// The lines that are not in the longest common subsequence of both.
fn different_lines<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let (head, tail) = common_ends(old, new);
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    // `common[i][j]` is how many lines `old[i..]` and `new[j..]` have in common.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < old.len() || j < new.len() {
        let number = head + i + 1;
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || common[i + 1][j] >= common[i][j + 1]) {
            let text = old[i];
            lines.push(Line {
                sign: '-',
                text,
                number,
            });
            i += 1;
        } else {
            let text = new[j];
            lines.push(Line {
                sign: '+',
                text,
                number,
            });
            j += 1;
        }
    }
    lines
}

/// How many items are equal at the start and at the end, counting none twice.
fn common_ends<T: PartialEq>(a: &[T], b: &[T]) -> (usize, usize) {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let tail = a[head..]
        .iter()
        .rev()
        .zip(b[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    (head, tail)
}
