//! The kinds of values of PostgreSQL: which become which, and which can be compared.

use super::super::{Class, Key, Object, Schema};
use crate::sql::{Name, Type};

/// The kind of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A type that the server brings, by the name that its spellings share.
    Base(&'static str),
    /// An enum.
    Enum(Key),
    /// An array.
    Array(Box<Kind>),
    /// A text in quotes, which becomes whatever is wanted.
    Text(String),
    /// NULL.
    Null,
}

/// The types of the server that are told apart.
const BASE: &[&str] = &[
    "bigint",
    "bit",
    "boolean",
    "bpchar",
    "bytea",
    "char",
    "cidr",
    "date",
    "daterange",
    "double precision",
    "inet",
    "int4range",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "macaddr",
    "money",
    "name",
    "numeric",
    "numrange",
    "oid",
    "real",
    "regclass",
    "smallint",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsquery",
    "tsrange",
    "tstzrange",
    "tsvector",
    "uuid",
    "varbit",
    "varchar",
    "xml",
];

pub(super) const BOOLEAN: Kind = Kind::Base("boolean");
pub(super) const TEXT: Kind = Kind::Base("text");

impl Kind {
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let name = match name {
            "serial" => "integer",
            "bigserial" => "bigint",
            "smallserial" => "smallint",
            other => other,
        };
        let at = BASE.binary_search(&name).ok()?;
        Some(Kind::Base(BASE[at]))
    }

    pub(super) fn is(&self, name: &str) -> bool {
        matches!(self, Kind::Base(own) if *own == name)
    }

    pub(super) fn is_number(&self) -> bool {
        self.rank().is_some()
    }

    /// How far a number is from a small integer: the type of a sum is the one of the greater rank.
    pub(super) fn rank(&self) -> Option<u8> {
        let Kind::Base(name) = self else { return None };
        Some(match *name {
            "smallint" => 0,
            "integer" => 1,
            "bigint" => 2,
            "numeric" => 3,
            "real" => 4,
            "double precision" => 5,
            _ => return None,
        })
    }

    pub(super) fn is_integer(&self) -> bool {
        self.rank().is_some_and(|rank| rank < 3)
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Kind::Base("text" | "varchar" | "char" | "bpchar" | "name"))
    }

    pub(super) fn is_moment(&self) -> bool {
        matches!(self, Kind::Base("date" | "timestamp" | "timestamptz"))
    }

    /// Whether it is one whose casts and operators are all known.
    pub(super) fn is_plain(&self) -> bool {
        let named = matches!(
            self,
            Kind::Base("boolean" | "uuid" | "time" | "interval" | "json" | "jsonb") | Kind::Enum(_)
        );
        named || self.is_number() || self.is_text() || self.is_moment()
    }

    /// Whether nothing is known of it until it meets another value.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Kind::Text(_) | Kind::Null)
    }

    /// What a person calls it.
    pub(super) fn word(&self) -> String {
        match self {
            Kind::Base(name) => (*name).to_owned(),
            Kind::Enum(key) => key.name.clone(),
            Kind::Array(of) => format!("{}[]", of.word()),
            Kind::Text(_) => "text".to_owned(),
            Kind::Null => "NULL".to_owned(),
        }
    }
}

/// Whether a value is taken for a column of another type without being asked; true where that is not sure.
pub(super) fn is_assignable(from: &Kind, to: &Kind) -> bool {
    let clock = |kind: &Kind| matches!(kind, Kind::Base("time"));
    match (from, to) {
        _ if from == to || from.is_open() => true,
        (Kind::Array(one), Kind::Array(other)) => is_assignable(one, other),
        (Kind::Array(_), other) => !other.is_plain() || other.is_text(),
        (one, Kind::Array(_)) => {
            !one.is_plain() || one.is_text() && !matches!(one, Kind::Base("text" | "varchar"))
        }
        _ if to.is_text() => true,
        _ if from.is_number() && to.is_number() => true,
        _ if from.is_moment() && to.is_moment() => true,
        (Kind::Base("timestamp" | "timestamptz"), other) if clock(other) => true,
        (Kind::Base("interval"), other) if clock(other) => true,
        (one, Kind::Base("interval")) if clock(one) => true,
        (Kind::Base("json" | "jsonb"), Kind::Base("json" | "jsonb")) => true,
        _ => !(from.is_plain() && to.is_plain()),
    }
}

/// Whether a value can be cast; true where that is not sure.
pub(super) fn is_castable(from: &Kind, to: &Kind) -> bool {
    match (from, to) {
        (Kind::Array(one), Kind::Array(other)) => is_castable(one, other),
        (Kind::Array(_), _) | (_, Kind::Array(_)) => is_assignable(from, to) || from.is_text(),
        _ if from.is_text() => true,
        (Kind::Base("integer"), Kind::Base("boolean")) | (Kind::Base("boolean"), Kind::Base("integer")) => {
            true
        }
        (Kind::Base("jsonb"), other) if other.is_number() || *other == BOOLEAN => true,
        _ => is_assignable(from, to),
    }
}

/// Whether two values can be compared; true where that is not sure.
pub(super) fn is_comparable(one: &Kind, other: &Kind) -> bool {
    let json = |kind: &Kind| kind.is("json");
    match (one, other) {
        _ if json(one) || json(other) => false,
        _ if one == other || one.is_open() || other.is_open() => true,
        (Kind::Array(one), Kind::Array(other)) => is_comparable(one, other),
        (Kind::Array(_), other) | (other, Kind::Array(_)) => !other.is_plain(),
        _ if one.is_number() && other.is_number() => true,
        _ if one.is_text() && other.is_text() => true,
        _ if one.is_moment() && other.is_moment() => true,
        (Kind::Base("time" | "interval"), Kind::Base("time" | "interval")) => true,
        _ => !(one.is_plain() && other.is_plain()),
    }
}

/// Whether no one column holds values of both, whatever the server would make of them by itself.
pub(super) fn is_apart(one: &Kind, other: &Kind) -> bool {
    let sort = |kind: &Kind| match kind {
        _ if kind.is_open() => None,
        Kind::Enum(_) => Some(0),
        _ if kind.is_number() => Some(1),
        _ if kind.is_text() => Some(2),
        _ if kind.is_moment() => Some(3),
        Kind::Base("boolean") => Some(4),
        Kind::Base("uuid") => Some(5),
        _ => None,
    };
    matches!((sort(one), sort(other)), (Some(one), Some(other)) if one != other)
}

impl Schema {
    /// The kind that a type is, a domain being what is under it; none where nobody knows.
    pub(super) fn kind_of(&self, ty: &Type) -> Option<Kind> {
        let mut ty = ty.clone();
        for _ in 0..8 {
            if ty.array {
                ty.array = false;
                return Some(Kind::Array(Box::new(self.kind_of(&ty)?)));
            }
            if ty.schema.is_none()
                && let Some(kind) = Kind::of_name(&ty.name)
            {
                return Some(kind);
            }
            let name = Name {
                schema: ty.schema.clone(),
                ..Name::plain(&*ty.name)
            };
            let key = self.resolve(Class::Type, &name);
            match self.get(&key).filter(|_| !self.doubted.contains(&key))? {
                Object::Enum { .. } => return Some(Kind::Enum(key)),
                Object::Domain { base, .. } => ty = base.clone(),
                _ => return None,
            }
        }
        None
    }
}
