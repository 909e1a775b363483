//! The types of values, as far as the model tells them, and what the server refuses to compute with them.

use super::super::{Class, Fault, Key, Schema};
use super::kinds::{BOOLEAN, Kind, TEXT, is_assignable, is_castable, is_comparable};
use super::refused::refused;
use crate::sql::{Name, Source, Span, Term, Value};

/// A function of the server: its name, how few and how many values it takes, what its first one is, what it returns.
struct Call(&'static str, usize, usize, Takes, Gives);

#[derive(Clone, Copy)]
enum Takes {
    Anything,
    Text,
    Number,
    /// Numbers and intervals.
    Sum,
    /// What has an order, which truth values and JSON have not for these.
    Ordered,
}

#[derive(Clone, Copy)]
enum Gives {
    Of(&'static str),
    /// What its first value is.
    Same,
    Unknown,
}

use Gives::{Of, Same, Unknown};
use Takes::{Anything, Number, Ordered, Sum, Text};

/// Functions of PostgreSQL, sorted.
const CALLS: &[Call] = &[
    Call("abs", 1, 1, Number, Same),
    Call("age", 1, 2, Anything, Of("interval")),
    Call("array_length", 2, 2, Anything, Of("integer")),
    Call("array_to_string", 2, 3, Anything, Of("text")),
    Call("ascii", 1, 1, Text, Of("integer")),
    Call("avg", 1, 1, Sum, Unknown),
    Call("btrim", 1, 2, Text, Of("text")),
    Call("cardinality", 1, 1, Anything, Of("integer")),
    Call("ceil", 1, 1, Number, Same),
    Call("ceiling", 1, 1, Number, Same),
    Call("char_length", 1, 1, Text, Of("integer")),
    Call("clock_timestamp", 0, 0, Anything, Of("timestamptz")),
    Call("concat", 1, 99, Anything, Of("text")),
    Call("concat_ws", 2, 99, Anything, Of("text")),
    Call("current_setting", 1, 2, Text, Of("text")),
    Call("date_part", 2, 2, Text, Of("double precision")),
    Call("encode", 2, 2, Anything, Of("text")),
    Call("floor", 1, 1, Number, Same),
    Call("format", 1, 99, Text, Of("text")),
    Call("gen_random_uuid", 0, 0, Anything, Of("uuid")),
    Call("initcap", 1, 1, Text, Of("text")),
    Call("json_build_array", 0, 99, Anything, Of("json")),
    Call("json_build_object", 0, 99, Anything, Of("json")),
    Call("jsonb_build_array", 0, 99, Anything, Of("jsonb")),
    Call("jsonb_build_object", 0, 99, Anything, Of("jsonb")),
    Call("left", 2, 2, Text, Of("text")),
    Call("length", 1, 2, Anything, Of("integer")),
    Call("localtimestamp", 0, 1, Anything, Of("timestamp")),
    Call("lower", 1, 1, Anything, Unknown),
    Call("lpad", 2, 3, Text, Of("text")),
    Call("ltrim", 1, 2, Text, Of("text")),
    Call("max", 1, 1, Ordered, Same),
    Call("md5", 1, 1, Anything, Of("text")),
    Call("min", 1, 1, Ordered, Same),
    Call("nextval", 1, 1, Anything, Of("bigint")),
    Call("now", 0, 0, Anything, Of("timestamptz")),
    Call("nullif", 2, 2, Anything, Same),
    Call("random", 0, 2, Anything, Unknown),
    Call("regexp_replace", 3, 6, Text, Of("text")),
    Call("repeat", 2, 2, Text, Of("text")),
    Call("replace", 3, 3, Text, Of("text")),
    Call("reverse", 1, 1, Text, Of("text")),
    Call("right", 2, 2, Text, Of("text")),
    Call("round", 1, 2, Number, Unknown),
    Call("row_to_json", 1, 2, Anything, Of("json")),
    Call("rpad", 2, 3, Text, Of("text")),
    Call("rtrim", 1, 2, Text, Of("text")),
    Call("split_part", 3, 3, Text, Of("text")),
    Call("sqrt", 1, 1, Number, Unknown),
    Call("starts_with", 2, 2, Text, Of("boolean")),
    Call("statement_timestamp", 0, 0, Anything, Of("timestamptz")),
    Call("string_agg", 2, 2, Text, Of("text")),
    Call("strpos", 2, 2, Text, Of("integer")),
    Call("substr", 2, 3, Text, Of("text")),
    Call("sum", 1, 1, Sum, Unknown),
    Call("to_date", 2, 2, Text, Of("date")),
    Call("to_json", 1, 1, Anything, Of("json")),
    Call("to_jsonb", 1, 1, Anything, Of("jsonb")),
    Call("to_number", 2, 2, Text, Of("numeric")),
    Call("to_timestamp", 1, 2, Anything, Of("timestamptz")),
    Call("transaction_timestamp", 0, 0, Anything, Of("timestamptz")),
    Call("translate", 3, 3, Text, Of("text")),
    Call("upper", 1, 1, Anything, Unknown),
    Call("version", 0, 0, Anything, Of("text")),
];

/// What one value is computed from.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) schema: &'a Schema,
    pub(super) scope: &'a [Source],
    /// Whether columns can be of nothing else.
    pub(super) closed: bool,
    /// What VALUE is.
    pub(super) domain: Option<&'a Kind>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(schema: &'a Schema, scope: &'a [Source]) -> Self {
        Self {
            schema,
            scope,
            closed: false,
            domain: None,
        }
    }

    /// Reports a column that no table in the scope has, or two have.
    fn expect_column(&self, name: &str, span: Span, faults: &mut Vec<Fault>) {
        let left_out = name.contains('…');
        if !self.closed
            || left_out
            || self.scope.is_empty()
            || self.scope.iter().any(|source| source.called == name)
        {
            return;
        }
        let mut having = 0;
        for source in self.scope {
            let Some(of) = &source.table else { return };
            let key = self.schema.resolve(Class::Relation, of);
            let Some(table) = self.schema.certain_table(&key).filter(|table| table.complete) else {
                return;
            };
            having += usize::from(table.column(name).is_some());
        }
        let system = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"].contains(&name);
        let call = self.schema.resolve(Class::Function, &Name::plain(name));
        if system || self.schema.get(&call).is_some() {
            return;
        }
        let message = match having {
            0 => format!("nothing in FROM has a column `{name}`"),
            1 => return,
            _ => format!("`{name}` may be a column of several tables"),
        };
        faults.push(refused(span, message));
    }
    /// The kind of a value, where it is sure. What the server refuses on the way is reported.
    pub(super) fn kind(&self, value: &Value, faults: &mut Vec<Fault>) -> Option<Kind> {
        Some(match &value.term {
            Term::Null => Kind::Null,
            Term::Text(text) => Kind::Text(text.clone()),
            Term::Number(text) => number(text),
            Term::Truth(parts) => {
                parts.iter().for_each(|part| _ = self.kind(part, faults));
                BOOLEAN
            }
            Term::Logic(parts) => {
                for part in parts {
                    self.expect_truth(part, "AND, OR and NOT", faults);
                }
                BOOLEAN
            }
            Term::Column(of, name) => {
                if of.is_none() {
                    self.expect_column(name, value.span, faults);
                }
                self.column(of.as_deref(), name)?
            }
            Term::Domain => self.domain?.clone(),
            Term::Cast(inner, ty) => {
                let from = self.kind(inner, faults);
                let to = self.schema.kind_of(ty)?;
                if let Some(from) = from {
                    self.expect_cast(&from, &to, inner.span, faults);
                }
                to
            }
            Term::Call(name, arguments) => self.call(name, arguments, value.span, faults)?,
            Term::Operation(left, operator, right) => {
                self.operation(left, operator, right, value.span, faults)?
            }
            Term::Array(items) => {
                let mut kinds = items
                    .iter()
                    .map(|item| self.kind(item, faults))
                    .collect::<Vec<_>>();
                match kinds.pop()?? {
                    Kind::Text(_) => Kind::Array(Box::new(TEXT)),
                    of => Kind::Array(Box::new(of)),
                }
            }
            Term::Either(values) => {
                let kinds: Vec<_> = values.iter().map(|value| self.kind(value, faults)).collect();
                let mut known = kinds.iter().flatten().filter(|kind| !kind.is_open());
                let first = known.next()?;
                let apart = |kind: &Kind| kind != first && !is_comparable(kind, first);
                if let Some(other) = known
                    .clone()
                    .find(|kind| apart(kind))
                    .filter(|_| !self.schema.widened)
                {
                    let message = format!("one value is {} and another {}", first.word(), other.word());
                    faults.push(refused(value.span, message));
                    return None;
                }
                let texts = kinds.iter().flatten().find(|kind| match kind {
                    Kind::Text(text) => !self.schema.may_be(text, first),
                    _ => false,
                });
                if let Some(Kind::Text(text)) = texts {
                    faults.push(refused(value.span, format!("'{text}' is no {}", first.word())));
                    return None;
                }
                // Numbers of two types are the greater one.
                let same = kinds.iter().all(Option::is_some) && known.all(|kind| kind == first);
                same.then(|| first.clone())?
            }
            Term::Of(name) => Kind::of_name(name)?,
            Term::Default | Term::Other => return None,
        })
    }

    fn column(&self, of: Option<&str>, name: &str) -> Option<Kind> {
        let mut found = self
            .scope
            .iter()
            .filter(|source| of.is_none_or(|of| source.called == of))
            .filter_map(|source| {
                let key = self.schema.resolve(Class::Relation, source.table.as_ref()?);
                let table = self
                    .schema
                    .table_at(&key)
                    .filter(|_| !self.schema.doubted.contains(&key))?;
                Some(table.column(name)?.ty.clone())
            });
        let first = found.next()??;
        // The old and the new row have the same columns.
        found.all(|other| other.as_ref() == Some(&first)).then_some(())?;
        self.schema.kind_of(&first)
    }

    /// Reports a condition that is neither true nor false.
    pub(super) fn expect_truth(&self, value: &Value, what: &str, faults: &mut Vec<Fault>) {
        let told = faults.len();
        let Some(kind) = self.kind(value, faults).filter(|_| faults.len() == told) else {
            return;
        };
        let wrong = match &kind {
            Kind::Text(text) => !self.schema.may_be(text, &BOOLEAN),
            kind => *kind != BOOLEAN && kind.is_plain(),
        };
        if wrong && !self.schema.widened {
            let message = format!("{what} asks for true or false, and this is {}", kind.word());
            faults.push(refused(value.span, message));
        }
    }

    fn expect_cast(&self, from: &Kind, to: &Kind, span: Span, faults: &mut Vec<Fault>) {
        match from {
            Kind::Text(text) if !self.schema.may_be(text, to) => {
                faults.push(refused(span, format!("'{text}' is no {}", to.word())));
            }
            _ if !is_castable(from, to) && !self.schema.widened => {
                faults.push(refused(
                    span,
                    format!("no {} can be cast to {}", from.word(), to.word()),
                ));
            }
            _ => {}
        }
    }

    /// Reports a value that a column of that kind does not take.
    pub(super) fn expect_fit(&self, value: &Value, to: &Kind, what: &str, faults: &mut Vec<Fault>) {
        let told = faults.len();
        let Some(from) = self.kind(value, faults).filter(|_| faults.len() == told) else {
            return;
        };
        let message = match &from {
            Kind::Text(text) if !self.schema.may_be(text, to) => format!("'{text}' is no {}", to.word()),
            Kind::Text(_) => return,
            _ if !is_assignable(&from, to) && !self.schema.widened => {
                format!("{what} is {}, and this is {}", to.word(), from.word())
            }
            _ => return,
        };
        faults.push(refused(value.span, message));
    }

    fn call(&self, name: &Name, arguments: &[Value], span: Span, faults: &mut Vec<Fault>) -> Option<Kind> {
        let kinds: Vec<Option<Kind>> = arguments.iter().map(|value| self.kind(value, faults)).collect();
        if name
            .schema
            .as_deref()
            .is_some_and(|schema| schema != "pg_catalog")
        {
            return None;
        }
        let own = Key::new(Class::Function, "public", &name.name);
        let made = self
            .schema
            .get(&self.schema.resolve(Class::Function, &Name::plain(&*name.name)))
            .is_some()
            || self.schema.get(&own).is_some();
        let at = CALLS.binary_search_by(|call| call.0.cmp(&name.name)).ok();
        let Call(_, least, most, takes, gives) = CALLS.get(at.filter(|_| !made)?)?;
        if !(*least..=*most).contains(&arguments.len()) {
            let message = format!("`{}` does not take {} values", name.name, arguments.len());
            faults.push(refused(span, message));
            return None;
        }
        let first = kinds.first().cloned().flatten();
        let fraction = |kind: &Kind| kind.is("real") || kind.is("double precision");
        let takes = match &*name.name {
            // Ranges, and texts of other forms, have these too.
            "lower" | "upper" | "length" => Text,
            _ => *takes,
        };
        if let Some(first) = first
            .as_ref()
            .filter(|first| !first.is_open() && first.is_plain())
        {
            let fine = match takes {
                Anything => true,
                Text => first.is_text(),
                Number => first.is_number(),
                Sum => first.is_number() || first.is("interval") || first.is("time"),
                Ordered => *first != BOOLEAN && !first.is("json") && !first.is("jsonb"),
            };
            if !fine && !self.schema.widened {
                let message = format!("`{}` does not take {}", name.name, first.word());
                faults.push(refused(span, message));
                return None;
            }
        }
        if name.name == "round" && arguments.len() == 2 && first.as_ref().is_some_and(fraction) {
            let message = "`round` to some digits takes a numeric, no double precision".to_owned();
            faults.push(refused(span, message));
            return None;
        }
        if name.name == "lower" || name.name == "upper" {
            return first
                .filter(|first| first.is_text() || first.is_open())
                .map(|_| TEXT);
        }
        match gives {
            Of(name) => Kind::of_name(name),
            Same => first.filter(|first| !first.is_open()),
            Unknown => None,
        }
    }

    fn operation(
        &self,
        left: &Value,
        operator: &str,
        right: &Value,
        span: Span,
        faults: &mut Vec<Fault>,
    ) -> Option<Kind> {
        let told = faults.len();
        let (one, other) = (self.kind(left, faults), self.kind(right, faults));
        let compares = matches!(operator, "=" | "<>" | "!=" | "<" | "<=" | ">" | ">=");
        let matches = matches!(
            operator,
            "like"
                | "not like"
                | "ilike"
                | "not ilike"
                | "~"
                | "~*"
                | "!~"
                | "!~*"
                | "similar to"
                | "not similar to"
        );
        let asks = compares || matches || matches!(operator, "@>" | "<@" | "&&" | "?" | "?|" | "?&" | "@@");
        let result = || asks.then_some(BOOLEAN);
        let (Some(one), Some(other)) = (&one, &other) else {
            return result();
        };
        if faults.len() > told || self.schema.widened {
            return result();
        }
        let mut refuse = || {
            let message = format!(
                "there is no {} {} {}",
                one.word(),
                operator.to_uppercase(),
                other.word()
            );
            faults.push(refused(span, message));
        };
        if compares {
            match (one, other) {
                (Kind::Text(_), Kind::Text(_)) => {}
                (Kind::Text(text), kind) | (kind, Kind::Text(text)) if !kind.is_open() => {
                    if kind.is("json") {
                        refuse();
                    } else if !self.schema.may_be(text, kind) {
                        faults.push(refused(span, format!("'{text}' is no {}", kind.word())));
                    }
                }
                _ if !is_comparable(one, other) => refuse(),
                _ => {}
            }
            return Some(BOOLEAN);
        }
        if matches {
            if one.is_plain() && !one.is_text() || other.is_plain() && !other.is_text() {
                refuse();
            }
            return Some(BOOLEAN);
        }
        match operator {
            "->>" | "->" | "#>>" | "#>" => {
                if one.is_plain() && !one.is("json") && !one.is("jsonb") {
                    refuse();
                    return None;
                }
                let json = one.is("json") || one.is("jsonb");
                match operator.ends_with(">>") {
                    true => json.then_some(TEXT),
                    false => json.then(|| one.clone()),
                }
            }
            "||" => match (one, other) {
                (Kind::Array(_), _) | (_, Kind::Array(_)) => None,
                _ if one.is("jsonb") && (other.is("jsonb") || other.is_open()) => Some(one.clone()),
                _ if one.is_text() || other.is_text() => Some(TEXT),
                _ if one.is_plain() && other.is_plain() && !one.is("jsonb") => {
                    refuse();
                    None
                }
                _ => None,
            },
            "+" | "-" | "*" | "/" | "%" => {
                if let (Some(low), Some(high)) = (one.rank(), other.rank()) {
                    // A small integer and a fraction of single precision make one of double precision.
                    let greater = if low > high { one } else { other };
                    return (greater.rank() != Some(4)).then(|| greater.clone());
                }
                // Of JSON keys are taken away.
                if one.is("jsonb") {
                    return None;
                }
                let words = |kind: &Kind| kind.is_text() || *kind == BOOLEAN || kind.is("uuid");
                if words(one) && (other.is_plain() || other.is_open())
                    || words(other) && (one.is_plain() || one.is_open())
                {
                    refuse();
                }
                match (one, operator, other) {
                    (Kind::Base("date"), "+" | "-", number) if number.is_integer() => Some(one.clone()),
                    (Kind::Base("date"), "-", Kind::Base("date")) => Kind::of_name("integer"),
                    (Kind::Base("date"), "+" | "-", Kind::Base("interval")) => Kind::of_name("timestamp"),
                    (Kind::Base("timestamp" | "timestamptz"), "+" | "-", Kind::Base("interval")) => {
                        Some(one.clone())
                    }
                    (Kind::Base("timestamp" | "timestamptz"), "-", other) if other.is_moment() => {
                        Kind::of_name("interval")
                    }
                    _ => None,
                }
            }
            _ => result(),
        }
    }
}

fn number(text: &str) -> Kind {
    let digits = text.trim_start_matches('-').replace('_', "");
    let whole = digits.chars().all(|digit| digit.is_ascii_digit());
    Kind::Base(match digits.parse::<i64>() {
        Ok(small) if whole && i32::try_from(small).is_ok() => "integer",
        Ok(_) if whole => "bigint",
        _ => "numeric",
    })
}
