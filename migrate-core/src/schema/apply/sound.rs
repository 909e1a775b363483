//! What MySQL and MariaDB refuse of a table as a whole, whatever rows there are. Only what is sure counts.

use super::super::{Column, ConstraintModel, Fault, FaultKind, Key, Origin, Schema, TableIndex, TableModel};
use super::defaults::refused_default;
use super::drop::has_word;
use super::keys::{bytes_of_character, refused_key, refused_names};
use super::missing_column;
use crate::model::Dialect;
use crate::sql::{Action, ColumnDef, Expr, Generated, Span, Word};

/// The longest row and the longest varchar, in bytes.
const LONGEST: u64 = 65_535;

/// Functions that are not the same each time.
const DIFFERS: &[&str] = &[
    "now",
    "sysdate",
    "curdate",
    "curtime",
    "localtime",
    "localtimestamp",
    "rand",
    "uuid",
    "uuid_short",
    "connection_id",
    "user",
    "session_user",
    "system_user",
    "database",
    "schema",
    "last_insert_id",
    "row_count",
    "found_rows",
    "sleep",
];

impl Schema {
    /// Reports what the server does not take of a table as a statement left it, and took of it before.
    pub(super) fn expect_sound(
        &self,
        key: &Key,
        before: Option<&TableModel>,
        span: Span,
        faults: &mut Vec<Fault>,
    ) {
        let Some(table) = self.table_at(key).filter(|table| {
            self.dialect.is_mysql_family()
                && table.complete
                && table.origin != Origin::Unknown
                && !self.doubted.contains(key)
        }) else {
            return;
        };
        let old = before.map(|before| self.unsound(key, before)).unwrap_or_default();
        for (kind, message) in self.unsound(key, table) {
            if !old.iter().any(|(_, known)| *known == message) {
                faults.push(Fault {
                    kind,
                    span,
                    message,
                    nearest: None,
                });
                return;
            }
        }
    }

    fn unsound(&self, key: &Key, table: &TableModel) -> Vec<(FaultKind, String)> {
        let mut found = Vec::new();
        let mut refuse = |message: String| found.push((FaultKind::Refused, message));
        if table.columns.is_empty() {
            refuse(format!("`{key}` has no column left"));
        }
        let of_innodb = table.engine.as_deref().is_none_or(|engine| engine == "innodb");
        if of_innodb {
            counters(key, table, &mut refuse);
            self.partitions(key, table, &mut refuse);
        }
        let mut row = 0;
        for column in &table.columns {
            row += width(table, column);
            if let Some(why) = refused_default(column, self.dialect) {
                refuse(why);
            }
            if let Some(Generated::Stored(value) | Generated::Virtual(value)) = &column.generated {
                let what = format!("`{}` is computed", column.name);
                self.same_each_time(value, &what, &mut refuse);
            }
            if width(table, column) > LONGEST {
                refuse(format!("`{}` may be longer than {LONGEST} bytes", column.name));
            }
        }
        if row > LONGEST {
            refuse(format!("a row of `{key}` may be longer than {LONGEST} bytes"));
        }
        for one in &table.constraints {
            if let ConstraintModel::Check(check) = &one.kind {
                self.same_each_time(check, &format!("the CHECK `{}` is", one.name), &mut refuse);
            }
        }
        refused_names(table, &key.name, &mut refuse);
        if of_innodb {
            for index in &table.indexes {
                refused_key(table, index, self.dialect, &mut refuse);
            }
            self.references(key, table, &mut found);
        }
        found
    }

    /// Each partition keeps its own keys, and foreign keys know no partitions.
    fn partitions(&self, key: &Key, table: &TableModel, refuse: &mut impl FnMut(String)) {
        let Some(by) = &table.partitioned else { return };
        for column in by.iter().filter(|column| table.column(column).is_some()) {
            let lacks = |index: &&TableIndex| {
                index.unique && !index.columns.iter().any(String::is_empty) && !index.columns.contains(column)
            };
            if let Some(index) = table.indexes.iter().find(lacks) {
                refuse(format!(
                    "`{key}` is partitioned by `{column}`, which its key `{}` does not name",
                    index.name
                ));
            }
        }
        let foreign = table
            .constraints
            .iter()
            .find(|one| matches!(one.kind, ConstraintModel::ForeignKey(..)) && self.is_enforced(one));
        if let Some(foreign) = foreign {
            refuse(format!(
                "`{key}` is partitioned and has the foreign key `{}`, which do not go together",
                foreign.name
            ));
        }
    }

    /// MySQL takes nothing there that another moment or another session gives another value.
    fn same_each_time(&self, value: &Expr, what: &str, refuse: &mut impl FnMut(String)) {
        let call = value
            .calls
            .iter()
            .map(|call| &*call.name)
            .find(|name| DIFFERS.contains(name));
        let moments = ["current_timestamp", "current_date", "current_time"];
        let moment = moments.into_iter().find(|name| has_word(&value.text, name));
        if let Some(differs) = call.or(moment).filter(|_| self.dialect == Dialect::Mysql) {
            refuse(format!("{what} with {differs}, which is not the same each time"));
        }
    }

    fn references(&self, key: &Key, table: &TableModel, found: &mut Vec<(FaultKind, String)>) {
        for one in table.constraints.iter().filter(|one| self.is_enforced(one)) {
            let ConstraintModel::ForeignKey(columns, parent_key, named) = &one.kind else {
                continue;
            };
            let emptied = columns.iter().find(|column| table.is_not_null(column));
            if let Some(column) = emptied.filter(|_| one.behaviour.contains("set null")) {
                let message = format!(
                    "the foreign key `{}` sets `{column}` to NULL, which is NOT NULL",
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            let twin = self.tables().find(|(other, model)| {
                *other != key
                    && other.schema == key.schema
                    && !self.doubted.contains(*other)
                    && model.constraints.iter().any(|known| {
                        matches!(known.kind, ConstraintModel::ForeignKey(..)) && known.name == one.name
                    })
            });
            if let Some((other, _)) = twin.filter(|_| !one.generated_name) {
                let message = format!("the table `{other}` has a foreign key `{}` already", one.name);
                found.push((FaultKind::Exists, message));
            }
            let parent = match parent_key == key {
                true => Some(table),
                false => self.table_at(parent_key).map(|parent| &**parent),
            };
            let Some(parent) = parent.filter(|parent| {
                (self.foreign_key_checks || self.dialect == Dialect::MariaDb)
                    && parent.complete
                    && parent.origin != Origin::Unknown
                    && !self.doubted.contains(parent_key)
                    && named.iter().all(|column| parent.column(column).is_some())
            }) else {
                continue;
            };
            if parent.partitioned.is_some() {
                let message = format!(
                    "`{parent_key}` is partitioned, so the foreign key `{}` cannot refer to it",
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            let serves = |index: &TableIndex| index.columns.starts_with(named);
            if !named.is_empty() && !parent.indexes.iter().any(serves) {
                let message = format!(
                    "no index of `{parent_key}` begins with `{}`, which the foreign key `{}` refers to",
                    named.join(", "),
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
        }
    }

    /// Reports a column behind which another is put and which the table has not.
    pub(super) fn expect_places(&self, key: &Key, actions: &[Action], faults: &mut Vec<Fault>) {
        let Some(table) = self.table_at(key) else { return };
        let mut names: Vec<&str> = Vec::new();
        for action in actions {
            let definition: &ColumnDef = match action {
                Action::AddColumn { column, .. } => column,
                Action::Redefine { definition, .. } => definition,
                Action::RenameColumn(_, to) => {
                    names.push(&to.text);
                    continue;
                }
                _ => continue,
            };
            if let Some(after) = definition
                .after
                .as_ref()
                .filter(|after| !names.contains(&&*after.text))
            {
                let word = Word {
                    text: after.text.clone(),
                    span: after.span,
                };
                missing_column(table, key, &word, faults);
            }
            names.push(&definition.name.text);
        }
    }
}

/// A table counts in one column, which leads a key.
fn counters(key: &Key, table: &TableModel, refuse: &mut impl FnMut(String)) {
    let mut counting = table
        .columns
        .iter()
        .filter(|column| column.attributes.auto_increment);
    let Some(first) = counting.next() else { return };
    if let Some(second) = counting.next() {
        refuse(format!(
            "`{key}` counts in `{}` and in `{}`; one column can be AUTO_INCREMENT",
            first.name, second.name
        ));
    }
    let leads = |index: &TableIndex| index.columns.first() == Some(&first.name);
    if !table.indexes.iter().any(leads) {
        refuse(format!(
            "no key of `{key}` begins with its AUTO_INCREMENT column `{}`",
            first.name
        ));
    }
}

/// The bytes of a column that count against the longest row, at least.
fn width(table: &TableModel, column: &Column) -> u64 {
    let Some(ty) = &column.ty else { return 0 };
    let characters = match &*ty.name {
        "varchar" | "char" => bytes_of_character(table, column),
        "varbinary" | "binary" => 1,
        _ => return 0,
    };
    ty.number(0).map_or(0, u64::from) * characters
}
