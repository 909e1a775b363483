//! The partitions of MySQL and MariaDB: which there are, and what the server refuses to do with them.

use super::super::{Fault, FaultKind, Key, Schema};
use super::missing_column;
use super::refused::refused;
use crate::diagnostic::nearest;
use crate::sql::{Part, Partitioning, Span, TableOption, Word};

impl Schema {
    /// Reports a column by which a new table is to be partitioned and which it has not.
    pub(super) fn expect_partition_columns(&self, key: &Key, span: Span, faults: &mut Vec<Fault>) {
        let table = self.certain_table(key).filter(|_| self.dialect.is_mysql_family());
        let Some((table, by)) = table.and_then(|table| Some((table, table.partitioned.as_ref()?))) else {
            return;
        };
        for column in by.iter().filter(|column| !column.is_empty()) {
            let text = column.clone();
            if missing_column(table, key, &Word { text, span }, faults) {
                return;
            }
        }
        let parts = table.parts.as_deref().unwrap_or_default();
        for (at, part) in parts.iter().enumerate() {
            if expect_next(key, &parts[..at], part, faults) {
                return;
            }
        }
    }

    /// Adds and removes partitions, and says why that cannot be.
    pub(super) fn change_partitions(
        &mut self,
        key: &Key,
        option: &TableOption,
        span: Span,
        faults: &mut Vec<Fault>,
    ) {
        let named = match option {
            TableOption::Partition(_) => true,
            TableOption::DropRows { of, .. } => !of.is_empty(),
            // The partitions are others then.
            TableOption::Copy(_) => return self.change_table_at(key, |table| table.parts = None),
            TableOption::PartitionBy(split) => {
                self.change_table_at(key, |table| {
                    table.partitioned = Some(split.by.clone());
                    table.partitioning = Some(split.how.clone());
                    table.parts.clone_from(&split.parts);
                });
                return self.expect_partition_columns(key, span, faults);
            }
            _ => false,
        };
        let Some(table) = self.certain_table(key).filter(|table| named && table.complete) else {
            return;
        };
        if table.partitioned.is_none() {
            faults.push(refused(span, format!("`{key}` is not partitioned")));
            return;
        }
        let by_values = |by: &Partitioning| matches!(&*by.method, "range" | "list");
        let counted = table.partitioning.as_ref().is_some_and(|by| !by_values(by));
        if counted && matches!(option, TableOption::DropRows { stay: false, .. }) {
            let message = format!(
                "`{key}` is partitioned by a hash, whose partitions cannot be dropped; COALESCE PARTITION makes them fewer"
            );
            faults.push(refused(span, message));
            return;
        }
        let Some(mut parts) = table.parts.clone() else {
            return;
        };
        match option {
            TableOption::Partition(added) => {
                for part in added {
                    if expect_next(key, &parts, part, faults) {
                        return;
                    }
                    parts.push(part.clone());
                }
            }
            TableOption::DropRows { of, stay } => {
                for name in of {
                    if parts.iter().all(|part| part.name.text != name.text) {
                        let names = parts.iter().map(|part| part.name.text.as_str());
                        faults.push(Fault {
                            kind: FaultKind::Missing,
                            span: name.span,
                            message: format!("the table `{key}` has no partition `{name}`"),
                            nearest: nearest(&name.text, names).map(str::to_owned),
                        });
                        return;
                    }
                }
                parts.retain(|part| *stay || !of.iter().any(|name| name.text == part.name.text));
                if parts.is_empty() {
                    faults.push(refused(span, format!("`{key}` would have no partition left")));
                    return;
                }
            }
            _ => {}
        }
        self.change_table_at(key, |table| table.parts = Some(parts));
    }
}

/// Reports a partition whose name is taken, or whose values are not behind those of the others. Whether it was reported.
fn expect_next(key: &Key, parts: &[Part], part: &Part, faults: &mut Vec<Fault>) -> bool {
    let fault = |kind: FaultKind, message: String| Fault {
        kind,
        span: part.name.span,
        message,
        nearest: None,
    };
    let name = &part.name;
    if parts.iter().any(|known| known.name.text == name.text) {
        let message = format!("the table `{key}` has a partition `{name}` already");
        faults.push(fault(FaultKind::Exists, message));
        return true;
    }
    let listed = |value: &&String| parts.iter().any(|known| known.values.contains(value));
    let own = |at: &usize| part.values[..*at].contains(&part.values[*at]);
    let twice = part
        .values
        .iter()
        .find(listed)
        .or_else(|| (1..part.values.len()).find(own).map(|at| &part.values[at]));
    if let Some(value) = twice {
        let message = format!("the value {value} is in two partitions of `{key}`");
        faults.push(fault(FaultKind::Refused, message));
        return true;
    }
    let (Some(last), Some(wanted)) = (
        parts.last().and_then(|last| last.less_than.as_deref()),
        part.less_than.as_deref(),
    ) else {
        return false;
    };
    let below = match (last.parse::<i128>(), wanted.parse::<i128>()) {
        _ if last == "maxvalue" => true,
        (Ok(last), Ok(wanted)) => wanted <= last,
        _ => match (date(last), date(wanted)) {
            (Some((of, last)), Some((function, wanted))) if of == function && last.len() == wanted.len() => {
                wanted <= last
            }
            _ => false,
        },
    };
    if below {
        let message = format!("the partition `{name}` holds no values behind those of the partitions before");
        faults.push(fault(FaultKind::Refused, message));
    }
    below
}

/// A date in quotes, whose text tells the order, and the function that it stands in.
fn date(text: &str) -> Option<(&str, &str)> {
    let (function, quoted) = text
        .split_once(' ')
        .filter(|_| !text.starts_with('\''))
        .unwrap_or(("", text));
    let inside = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b' ');
    let is_date = matches!(inside.len(), 10 | 19) && inside.bytes().all(plain);
    // A year has nothing of the day.
    let told = if function == "year" {
        inside.get(..4)
    } else {
        Some(inside)
    };
    told.filter(|_| is_date).map(|told| (function, told))
}
