//! What identifies an object of the schema.

use core::cmp::Ordering;
use core::fmt;

use crate::sql::{Name, quote};

/// The name spaces of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Tables, views, indexes and sequences.
    Relation,
    /// Enums, domains and other types.
    Type,
    /// Functions and procedures, all of one name together.
    Function,
    /// Schemas.
    Schema,
    /// Triggers, where their names are not their tables' alone.
    Trigger,
    /// Extensions.
    Extension,
    /// Events of MySQL and MariaDB.
    Event,
}

/// What identifies an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Its name space.
    pub class: Class,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
}

/// By their name spaces and names: most are in one schema, which would be compared for nothing.
impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_name = || self.name.cmp(&other.name);
        let by_schema = || self.schema.cmp(&other.schema);
        self.class
            .cmp(&other.class)
            .then_with(by_name)
            .then_with(by_schema)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Key {
    /// The key of those parts.
    pub fn new(class: Class, schema: &str, name: &str) -> Self {
        Self {
            class,
            schema: schema.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The name that stands for it wherever it is written.
    pub fn to_name(&self) -> Name {
        let schema = (self.schema != "public").then(|| self.schema.clone());
        Name {
            schema,
            ..Name::plain(&*self.name)
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema != "public" && !self.schema.is_empty() {
            write!(f, "{}.", quote(&self.schema))?;
        }
        f.write_str(&quote(&self.name))
    }
}
