//! Catalog facts: what a database's schema is, as sorted rows of text that can be compared.
//!
//! A [`Fact`] is one thing the catalog says: a column, an index, a grant. [`Facts`] are all of them, read by the
//! drivers. Their digest tells after a crash whether a statement outside a transaction took effect, their
//! [`Difference`] tells whether a migration's down undid its up, and their rendering is a snapshot file.
//!
//! Facts never hold what changes without a change of schema or differs from place to place: values of sequences and
//! counters, names of owners, the name of the database.

mod difference;
mod scope;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

pub use difference::{Change, Class, Difference};
pub use scope::Scope;

/// The kind of facts that say who may use an object.
pub(crate) const PRIVILEGES: &str = "privileges";
/// The kind of facts that say what privileges objects created later will have.
pub(crate) const DEFAULT_PRIVILEGES: &str = "default privileges";
/// The kind under which a different order of columns is reported.
pub(crate) const COLUMN_ORDER: &str = "column order";

/// One thing the catalog says about a schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    kind: String,
    identity: String,
    definition: String,
    object: String,
    position: Option<u32>,
}

impl Fact {
    /// A fact about an object of its own, such as a table or a function.
    pub fn new(kind: impl Into<String>, identity: impl Into<String>, definition: impl Into<String>) -> Self {
        let identity = identity.into();
        Fact {
            kind: kind.into(),
            object: identity.clone(),
            identity,
            definition: definition.into(),
            position: None,
        }
    }

    /// The same fact as a part of another object, for example of the table that a column belongs to.
    pub fn of(mut self, object: impl Into<String>) -> Self {
        self.object = object.into();
        self
    }

    /// The same fact at a place in its object, which is how columns are ordered. Only the order of the numbers counts.
    pub fn at(mut self, position: u32) -> Self {
        self.position = Some(position);
        self
    }

    /// What kind of thing this is: `table`, `column`, `index`, ….
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which thing of its kind this is: a name, qualified and quoted as far as the database needs it.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Everything else that the catalog says about it, in the database's own words where it has some.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// The table, view, function, … that this is or belongs to.
    pub fn object(&self) -> &str {
        &self.object
    }

    /// The place among the columns of its object, counted from one.
    pub fn position(&self) -> Option<u32> {
        self.position
    }

    /// How a difference in this fact counts.
    fn class(&self) -> Class {
        match self.kind.as_str() {
            PRIVILEGES | DEFAULT_PRIVILEGES => Class::Acl,
            _ => Class::Changed,
        }
    }

    /// The identity without the object it is grouped under.
    fn local_identity(&self) -> &str {
        local_identity(&self.object, &self.identity)
    }
}

/// The part of `identity` that the heading `object` does not say already.
fn local_identity<'a>(object: &str, identity: &'a str) -> &'a str {
    identity
        .strip_prefix(object)
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(identity)
}

/// Everything the catalog says about a schema, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<Fact>);

impl Facts {
    /// Sorts the facts and numbers the columns of each object without gaps.
    ///
    /// Catalogs keep gaps where columns were dropped. Numbering closes them, so that two equal schemas are equal
    /// however they came about.
    pub fn new(mut facts: Vec<Fact>) -> Self {
        facts.sort_by(|a, b| (&a.kind, &a.object, a.position).cmp(&(&b.kind, &b.object, b.position)));
        for group in facts.chunk_by_mut(|a, b| a.kind == b.kind && a.object == b.object) {
            for (fact, place) in group.iter_mut().filter(|fact| fact.position.is_some()).zip(1..) {
                fact.position = Some(place);
            }
        }
        facts.sort();
        Facts(facts)
    }

    /// The facts, sorted by kind and identity.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Fact> {
        self.0.iter()
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none, which is the case of a schema without any object.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A digest that is equal exactly when the facts are, the order of columns included.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let mut field = |text: &str| {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        };
        for fact in &self.0 {
            field(&fact.kind);
            field(&fact.identity);
            field(&fact.definition);
            field(&fact.object);
            field(&fact.position.map(|place| place.to_string()).unwrap_or_default());
        }
        hasher.finalize().into()
    }

    /// What is different in `other`, which is the later or the actual state.
    pub fn compare(&self, other: &Facts) -> Difference {
        Difference::between(self, other)
    }

    /// The text of a snapshot file: one heading per object, below it one line per fact, columns in their order.
    pub fn render(&self) -> String {
        let mut objects: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in &self.0 {
            objects.entry(&fact.object).or_default().push(fact);
        }
        let mut text = String::new();
        for (object, mut facts) in objects {
            if !text.is_empty() {
                text.push('\n');
            }
            // The object itself comes first, then its columns, then the rest.
            facts.sort_by_key(|fact| (fact.identity != object, fact.position.is_none(), fact.position));
            let _ = writeln!(text, "{object}");
            for fact in facts {
                let _ = writeln!(text, "  {}", fact.line());
            }
        }
        text
    }

    /// The names of the columns of each object that has any, in their order.
    fn columns(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut columns: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in self.0.iter().filter(|fact| fact.position.is_some()) {
            columns.entry(&fact.object).or_default().push(fact);
        }
        columns
            .into_iter()
            .map(|(object, mut facts)| {
                facts.sort_by_key(|fact| fact.position);
                (object, facts.into_iter().map(Fact::local_identity).collect())
            })
            .collect()
    }
}

impl Fact {
    /// The fact on one line, or on several if its definition has several; those after the first are indented.
    fn line(&self) -> String {
        let name = if self.identity == self.object {
            ""
        } else {
            self.local_identity()
        };
        let mut line = self.kind.clone();
        if !name.is_empty() {
            line.push(' ');
            line.push_str(name);
        }
        if !self.definition.is_empty() {
            line.push_str(if self.definition.starts_with('\n') {
                ":"
            } else {
                ": "
            });
            line.push_str(&self.definition.replace('\n', "\n      "));
        }
        line
    }
}

#[cfg(test)]
mod tests;
