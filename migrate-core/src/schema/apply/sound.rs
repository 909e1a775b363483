//! What MySQL and MariaDB refuse of a table as a whole, whatever rows there are. Only what is sure counts.

use super::super::constraint::charset_of;
use super::super::{
    Column, ConstraintModel, Fault, FaultKind, Key, Origin, Schema, TableConstraint, TableIndex, TableModel,
};
use super::defaults::refused_default;
use super::drop::has_word;
use super::keys::{bytes_of_character, refused_key, refused_names};
use super::missing_column;
use super::typed::{refused_column, refused_indexes};
use crate::model::{Dialect, ServerVersion};
use crate::sql::{Action, ColumnDef, Expr, Generated, IndexKind, Span, Type, Word};

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
        } else if table.columns.iter().all(|column| column.attributes.invisible) {
            refuse(format!("`{key}` has no column that is visible"));
        }
        let of_innodb = table.engine.as_deref().is_none_or(|engine| engine == "innodb");
        if of_innodb {
            counters(key, table, &mut refuse);
            self.partitions(key, table, &mut refuse);
        }
        let mut row = 0;
        for column in &table.columns {
            row += width(table, column);
            if let Some(why) = refused_default(column, self.dialect).filter(|_| !self.own_mode) {
                refuse(why);
            }
            refused_column(table, column, self.dialect, self.own_mode, &mut refuse);
            if let Some(Generated::Stored(value) | Generated::Virtual(value)) = &column.generated {
                let stored = matches!(column.generated, Some(Generated::Stored(_)));
                let indexed = table
                    .indexes
                    .iter()
                    .any(|index| index.columns.contains(&column.name));
                let what = format!("`{}` is computed", column.name);
                if stored || indexed || self.dialect == Dialect::Mysql {
                    self.same_each_time(value, &what, &mut refuse);
                }
                if value.query {
                    refuse(format!("{what} by a query"));
                }
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
                let what = format!("the CHECK `{}` is", one.name);
                match self.dialect {
                    Dialect::Mysql => self.same_each_time(check, &what, &mut refuse),
                    // It takes the present moment there.
                    _ => {
                        let call = check.calls.iter().map(|call| &*call.name);
                        if let Some(call) = call.into_iter().find(|name| matches!(*name, "rand" | "uuid")) {
                            refuse(format!("{what} with {call}, which is not the same each time"));
                        }
                    }
                }
                self.check_over(table, one, check, &mut refuse);
            }
        }
        self.order_of_columns(table, &mut refuse);
        if let (Some(set), Some(collation)) = (table.charset.as_deref(), table.collation.as_deref())
            && charset_of(collation).is_some_and(|of| of != set)
        {
            refuse(format!(
                "`{key}` is written in {set}, which has no collation {collation}"
            ));
        }
        refused_indexes(table, &mut refuse);
        refused_names(table, &key.name, &mut refuse);
        if of_innodb {
            for index in &table.indexes {
                refused_key(table, index, self.dialect, &mut refuse);
            }
            self.references(key, table, &mut found);
        }
        if self.dialect == Dialect::Mysql {
            let counts = |column: &&Column| {
                let float = |ty: &Type| matches!(ty.name.trim_end_matches(" unsigned"), "float" | "double");
                column.attributes.auto_increment && column.ty.as_ref().is_some_and(float)
            };
            let counting = table
                .columns
                .iter()
                .find(counts)
                .filter(|_| self.is_at_least(8, 4));
            if let Some(column) = counting {
                let message = format!(
                    "`{}` is AUTO_INCREMENT, which MySQL 8.4 takes for integers only",
                    column.name
                );
                found.push((FaultKind::Refused, message));
            }
            let engine = table
                .engine
                .as_deref()
                .filter(|engine| matches!(*engine, "myisam" | "memory" | "csv" | "archive" | "merge"));
            if let Some(engine) = engine.filter(|_| table.partitioned.is_some()) {
                let message = format!("`{key}` is kept by {engine}, which MySQL 8 does not partition");
                found.push((FaultKind::Refused, message));
            }
            for index in table
                .indexes
                .iter()
                .filter(|index| index.columns.iter().any(String::is_empty))
            {
                if let Some(why) = super::over_values::refused_value(&index.definition, DIFFERS) {
                    found.push((
                        FaultKind::Refused,
                        format!("the index `{}` is over {why}", index.name),
                    ));
                }
            }
            self.checks_of_others(key, table, &mut found);
        }
        found
    }

    /// Each partition keeps its own keys, and foreign keys know no partitions.
    fn partitions(&self, key: &Key, table: &TableModel, refuse: &mut impl FnMut(String)) {
        let Some(by) = &table.partitioned else { return };
        let numbered = table
            .partitioning
            .as_ref()
            .is_some_and(|by| by.plain && !by.columns && by.method != "key");
        for column in by
            .iter()
            .filter_map(|name| table.column(name))
            .filter(|_| numbered)
        {
            let of = |ty: &Type| {
                matches!(
                    &*ty.name,
                    "char"
                        | "varchar"
                        | "binary"
                        | "varbinary"
                        | "date"
                        | "datetime"
                        | "timestamp"
                        | "enum"
                        | "set"
                ) || ty.is_long()
            };
            if let Some(ty) = column.ty.as_ref().filter(|ty| of(ty)) {
                refuse(format!(
                    "`{}` is {ty}, and `{key}` is partitioned by a number; RANGE COLUMNS and LIST COLUMNS take it",
                    column.name
                ));
            }
        }
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
        let unparted = table.indexes.iter().find(|index| match index.kind {
            IndexKind::FullText => self.dialect == Dialect::Mysql,
            IndexKind::Spatial => true,
            _ => false,
        });
        if let Some(index) = unparted {
            refuse(format!(
                "`{key}` is partitioned and has the index `{}`, which do not go together",
                index.name
            ));
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

    /// What a CHECK asks that it cannot, and the columns that it cannot be over.
    fn check_over(
        &self,
        table: &TableModel,
        one: &TableConstraint,
        check: &Expr,
        refuse: &mut impl FnMut(String),
    ) {
        let name = &one.name;
        if check.query {
            return refuse(format!("the CHECK `{name}` asks a query"));
        }
        for column in &check.columns {
            let counts = table
                .column(column)
                .is_some_and(|column| column.attributes.auto_increment);
            if counts {
                return refuse(format!(
                    "the CHECK `{name}` is over `{column}`, which is AUTO_INCREMENT"
                ));
            }
            let changes = table.constraints.iter().find(|foreign| {
                let acts = ["set null", "set default", "on update cascade"];
                matches!(&foreign.kind, ConstraintModel::ForeignKey(columns, ..) if columns.contains(column))
                    && acts.iter().any(|act| foreign.behaviour.contains(act))
                    && self.is_enforced(foreign)
                    && (self.dialect == Dialect::Mysql || foreign.behaviour.contains("set null"))
            });
            if let Some(foreign) = changes {
                return refuse(format!(
                    "the CHECK `{name}` is over `{column}`, which the foreign key `{}` changes by itself",
                    foreign.name
                ));
            }
        }
        if let Some(own) = one.written_at.as_ref().filter(|_| self.dialect == Dialect::Mysql)
            && let Some(other) = check
                .columns
                .iter()
                .find(|column| *column != own && table.column(column).is_some())
        {
            refuse(format!(
                "the CHECK `{name}` is written at `{own}` and is over `{other}`; it belongs behind the columns"
            ));
        }
    }

    /// What MySQL does not take of columns that others are computed from or start as.
    fn order_of_columns(&self, table: &TableModel, refuse: &mut impl FnMut(String)) {
        let computed = |column: &Column| {
            matches!(
                column.generated,
                Some(Generated::Stored(_) | Generated::Virtual(_))
            )
        };
        let expression = |column: &Column| {
            column
                .default
                .as_ref()
                .is_some_and(|value| value.text.starts_with('('))
        };
        let columns: Vec<&Column> = table.columns.iter().collect();
        let with_values = columns
            .iter()
            .any(|column| computed(column) || expression(column));
        if !with_values || columns.len() > 500 {
            return;
        }
        for (at, column) in columns.iter().enumerate() {
            let (named, is_computed) = match (&column.generated, &column.default) {
                (Some(Generated::Stored(value) | Generated::Virtual(value)), _) => (&value.columns, true),
                (_, Some(value)) if expression(column) => (&value.columns, false),
                _ => continue,
            };
            for name in named {
                let Some(place) = columns.iter().position(|other| other.name == *name) else {
                    if !is_computed {
                        refuse(format!(
                            "the default of `{}` names `{name}`, which is no column",
                            column.name
                        ));
                    }
                    continue;
                };
                let other = columns[place];
                let mysql = self.dialect == Dialect::Mysql;
                if is_computed && mysql && other.attributes.auto_increment {
                    refuse(format!(
                        "`{}` is computed from `{name}`, which is AUTO_INCREMENT",
                        column.name
                    ));
                } else if is_computed && place >= at && computed(other) {
                    refuse(format!(
                        "`{}` is computed from `{name}`, which is computed later",
                        column.name
                    ));
                } else if !is_computed && mysql && place >= at && (computed(other) || expression(other)) {
                    refuse(format!(
                        "the default of `{}` is made from `{name}`, which has its own later",
                        column.name
                    ));
                }
            }
        }
    }

    /// Another moment or another session gives it another value moment or another session gives another value.
    fn same_each_time(&self, value: &Expr, what: &str, refuse: &mut impl FnMut(String)) {
        let call = value
            .calls
            .iter()
            .map(|call| &*call.name)
            .find(|name| DIFFERS.contains(name));
        let moments = ["current_timestamp", "current_date", "current_time"];
        let moment = moments.into_iter().find(|name| has_word(&value.text, name));
        if let Some(differs) = call.or(moment) {
            refuse(format!("{what} with {differs}, which is not the same each time"));
        }
    }

    /// Whether the files are meant for servers of that version and newer ones only.
    pub(super) fn is_at_least(&self, major: u32, minor: u32) -> bool {
        let version = ServerVersion::new(major, minor, 0);
        self.server.is_some_and(|server| server >= version)
    }

    /// Reports a column behind which another is put and which the table has not.
    pub(super) fn expect_places(&self, key: &Key, actions: &[Action], faults: &mut Vec<Fault>) {
        let Some(table) = self.table_at(key) else { return };
        let mut names: Vec<&str> = Vec::new();
        // What goes or gets another name is no place any more.
        let left = |name: &str| {
            actions.iter().any(|action| match action {
                Action::DropColumn { column, .. } => column.text == name,
                Action::RenameColumn(from, to, _) => from.text == name && to.text != name,
                Action::Redefine {
                    column, definition, ..
                } => column.text == name && definition.name.text != name,
                _ => false,
            })
        };
        for action in actions {
            let definition: &ColumnDef = match action {
                Action::AddColumn { column, .. } => column,
                Action::Redefine { definition, .. } => definition,
                Action::RenameColumn(_, to, _) => {
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
                if !missing_column(table, key, &word, faults) && table.complete && left(&word.text) {
                    faults.push(Fault {
                        kind: FaultKind::Missing,
                        span: word.span,
                        message: format!("the column `{word}` of `{key}` goes in this ALTER TABLE"),
                        nearest: None,
                    });
                }
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
