//! Names of types that are only nearly those of the server.

use super::super::{Class, Fault, FaultKind, Key, Schema};
use crate::model::Dialect;
use crate::sql::{ColumnDef, Type};

/// The types of PostgreSQL that columns, parameters and results may have, in every spelling that is one word.
const TYPES: &[&str] = &[
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bigint",
    "bigserial",
    "bit",
    "bool",
    "boolean",
    "box",
    "bpchar",
    "bytea",
    "char",
    "character",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "dec",
    "decimal",
    "event_trigger",
    "fdw_handler",
    "float",
    "float4",
    "float8",
    "gtsvector",
    "index_am_handler",
    "inet",
    "int",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "integer",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "point",
    "polygon",
    "real",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "serial",
    "serial2",
    "serial4",
    "serial8",
    "smallint",
    "smallserial",
    "table_am_handler",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xid",
    "xid8",
    "xml",
];

/// Types near to one of the server's that less known extensions bring.
const OF_OTHERS: &[&str] = &["seg", "ulid", "uri"];

impl Schema {
    /// Reports a type that nothing makes and whose name a slip of the pen makes of one of the server's, where nothing
    /// says that the database had objects before the files began.
    pub(super) fn expect_no_slip(&self, ty: &Type, faults: &mut Vec<Fault>) {
        if self.dialect != Dialect::Postgres || ty.schema.is_some() || ty.text.contains('%') {
            return;
        }
        let Some(near) = slipped(&ty.name) else {
            return;
        };
        if self.obscured || self.has_made_type(&ty.name) || !self.starts_empty() {
            return;
        }
        faults.push(Fault {
            kind: FaultKind::Missing,
            span: ty.span,
            message: format!("PostgreSQL has no type `{}`, and no file makes one", ty.name),
            nearest: Some(near.to_owned()),
        });
    }

    /// Reports `ADD INDEX i (c)`, which PostgreSQL reads as a column called `index` of a type called `i`.
    pub(super) fn expect_no_foreign_index(&self, column: &ColumnDef, faults: &mut Vec<Fault>) {
        let (name, ty) = (&column.name, &column.ty);
        let habit = matches!(&*name.text, "index" | "key" | "fulltext" | "spatial");
        let length = |argument: &String| argument.parse::<u32>().is_ok();
        if self.dialect != Dialect::Postgres
            || !habit
            || ty.schema.is_some()
            || ty.arguments.is_empty()
            || ty.arguments.iter().any(length)
            || TYPES.contains(&&*ty.name)
            || self.has_made_type(&ty.name)
        {
            return;
        }
        faults.push(Fault {
            kind: FaultKind::Missing,
            span: ty.span,
            message: format!(
                "PostgreSQL reads this as a column `{}` of a type `{}`, which it has not: an index is made by CREATE INDEX",
                name.text, ty.name
            ),
            nearest: None,
        });
    }

    /// Whether all that is known comes from files.
    fn starts_empty(&self) -> bool {
        let elsewhere =
            |schema: &String| schema != "public" && self.get(&Key::new(Class::Schema, "", schema)).is_none();
        self.knows_extensions() && !self.search_path.iter().any(elsewhere) && (self.strict || !self.strange)
    }

    /// Whether a file made a type or a table of that name, wherever.
    fn has_made_type(&self, name: &str) -> bool {
        [Class::Type, Class::Relation].into_iter().any(|class| {
            let first = Key::new(class, "", name);
            let known = self.objects.range(&first..).map(|(key, _)| key).next();
            let gone = self.dropped.range(&first..).map(|(key, _)| key).next();
            let is_one = |key: &Key| key.class == class && key.name == name;
            known.is_some_and(is_one) || gone.is_some_and(is_one)
        })
    }
}

/// The type that was meant by a name that differs from it by a slip or two, and not in a digit only.
fn slipped(name: &str) -> Option<&'static str> {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if !plain || TYPES.contains(&name) || OF_OTHERS.contains(&name) || Schema::is_brought(name) {
        return None;
    }
    let distance = |known: &str| strsim::damerau_levenshtein(name, known);
    let near = TYPES
        .iter()
        .filter(|known| known.len().abs_diff(name.len()) <= 2)
        .map(|known| (distance(known), *known));
    let near = near.filter(|(distance, known)| *distance <= 2 && *distance * 3 <= known.len());
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}
