//! The files that put a column into the place of another one: both are kept equal while both builds run, and the old one
//! goes when nobody uses it any more.

use super::rebuild::rebuild_from;
use super::{
    Attributes, Column, ConstraintModel, Context, Dialect, Finding, Generated, Key, Phase, Shape, TableModel,
};
use super::{not_null, quote};

/// A column and the one that takes its place.
pub(in super::super) struct Moved<'a> {
    pub(in super::super) table: &'a Key,
    pub(in super::super) model: Option<&'a TableModel>,
    /// The old column as the model calls it, and as it is written.
    pub(in super::super) old: (&'a str, String),
    /// The new one, the same way.
    pub(in super::super) new: (&'a str, String),
    /// The type of the new one as written, and its collation.
    pub(in super::super) ty: String,
    pub(in super::super) collation: Option<String>,
    /// The value of either from the other, where it is not copied.
    pub(in super::super) using: Option<(String, String)>,
}

/// Why the column cannot be a side of a sync or dropped, in words that follow its name; none where nothing is known.
pub(in super::super) fn held(
    cx: &Context<'_>,
    model: Option<&TableModel>,
    column: &str,
) -> Option<&'static str> {
    let model = model?;
    let of = |columns: &[String]| columns.iter().any(|name| name == column);
    let of_key = |one: &ConstraintModel| matches!(one, ConstraintModel::PrimaryKey(columns) if of(columns));
    if model.constraints.iter().any(|one| of_key(&one.kind)) {
        return Some("belongs to the primary key");
    }
    let known = model.column(column)?;
    if known
        .generated
        .as_ref()
        .is_some_and(|how| !matches!(how, Generated::Identity { .. }))
    {
        return Some("is computed");
    }
    let serial = known.ty.as_ref().is_some_and(|ty| ty.is_serial());
    if known.generated.is_some() || known.attributes.auto_increment || serial {
        return Some("is numbered by the server");
    }
    if known.attributes.on_update.is_some() {
        return Some("has ON UPDATE");
    }
    if known.attributes.srid.is_some() {
        return Some("has a system of coordinates of its own");
    }
    let unique = |index: &super::TableIndex| index.unique && of(&index.columns);
    if cx.dialect.is_mysql_family() && model.indexes.iter().any(unique) {
        return Some("has a unique index over it");
    }
    if cx.dialect == Dialect::Sqlite && model.without_rowid {
        return Some("is one of a table WITHOUT ROWID");
    }
    None
}

impl Moved<'_> {
    /// Tells the files. Whether there are any: a table that is not known whole cannot be rebuilt.
    pub(in super::super) fn tell(&self, cx: &Context<'_>, finding: &mut Finding) -> bool {
        let told = match cx.dialect {
            Dialect::Postgres => {
                self.of_postgres(cx, finding);
                true
            }
            Dialect::Sqlite => self.of_sqlite(cx, finding),
            Dialect::Mysql | Dialect::MariaDb => {
                self.of_mysql(cx.dialect, finding);
                true
            }
        };
        if !told {
            return false;
        }
        let (old, new) = (&self.old.1, &self.new.1);
        if self.known().is_none() {
            finding.advise(&format!(
                "what `{old}` is, no file says: where it is NOT NULL or has a default, file 1 takes that away first, and the contract gives it to `{new}`"
            ));
        } else if let Some(default) = self.default() {
            finding.advise(&format!(
                "a sync takes no default, so until the contract an INSERT that leaves `{old}` out gives NULL instead of {default}: where builds rely on it, let them give the value first"
            ));
        }
        let standing = self.standing();
        if !standing.is_empty() {
            finding.advise(&format!(
                "what stands on `{old}` ({}) has to be made for `{new}` too, in files before the last one",
                standing.join(", ")
            ));
        }
        true
    }

    fn known(&self) -> Option<&Column> {
        self.model?
            .column(self.old.0)
            .filter(|column| column.ty.is_some())
    }

    fn default(&self) -> Option<&str> {
        let default = self.known()?.default.as_ref()?;
        (default.shape != Shape::Null).then_some(&*default.text)
    }

    fn required(&self) -> bool {
        self.known().is_some() && self.model.is_some_and(|model| model.is_not_null(self.old.0))
    }

    /// The indexes and constraints over the old column.
    fn standing(&self) -> Vec<String> {
        let Some(model) = self.model else {
            return Vec::new();
        };
        let of = |columns: &[String]| columns.iter().any(|name| name == self.old.0);
        let indexes = model
            .indexes
            .iter()
            .filter(|index| !index.constraint && of(&index.columns));
        let mut found: Vec<String> = indexes.map(|index| format!("the index {}", index.name)).collect();
        for one in &model.constraints {
            let what = match &one.kind {
                ConstraintModel::Unique(columns) if of(columns) => "UNIQUE",
                ConstraintModel::ForeignKey(columns, ..) if of(columns) => "the foreign key",
                ConstraintModel::Check(check) if of(&check.columns) => "the CHECK",
                _ => continue,
            };
            found.push(match one.name.as_str() {
                "" => what.to_owned(),
                name => format!("{what} {name}"),
            });
        }
        found
    }

    fn sides(&self) -> String {
        format!("{}.{} <-> {}", self.table, self.old.1, self.new.1)
    }

    fn sync(&self) -> String {
        let using = match &self.using {
            Some((forward, backward)) => format!(" using ({forward}) <- using ({backward})"),
            None => String::new(),
        };
        format!("-- migrate:sync {}{using}", self.sides())
    }

    /// What the sync needs of an old column that takes no NULL is a finding by itself.
    fn allow(&self, finding: &mut Finding) {
        if self.required() {
            finding
                .says("-- migrate:allow drop-not-null \"the sync fills the side that a build leaves out\"");
        }
    }

    fn fill(&self, finding: &mut Finding) {
        let value = self.using.as_ref().map_or(&self.old.1, |(forward, _)| forward);
        finding.file(
            Phase::Migrate,
            format!("UPDATE {} SET {} = {value};", self.table, self.new.1),
        );
    }

    /// The contract that ends both, with what it does.
    fn end(&self, finding: &mut Finding, sql: String) {
        finding
            .file(Phase::Contract, sql)
            .says(format!("-- migrate:unsync {}", self.sides()))
            .irreversible(format!("the values of {} stand in {}", self.old.0, self.new.0));
    }

    fn of_postgres(&self, cx: &Context<'_>, finding: &mut Finding) {
        let (table, (_, old), (_, new)) = (self.table, &self.old, &self.new);
        let column = |change: String| format!("ALTER TABLE {table} ALTER COLUMN {old} {change};\n");
        let collation = self
            .collation
            .as_ref()
            .map_or_else(String::new, |name| format!(" COLLATE {}", quote(name)));
        let (mut up, mut down) = (String::new(), format!("ALTER TABLE {table} DROP COLUMN {new};\n"));
        if self.required() {
            up.push_str(&column("DROP NOT NULL".to_owned()));
            down.push_str(&column("SET NOT NULL".to_owned()));
        }
        if let Some(default) = self.default() {
            up.push_str(&column("DROP DEFAULT".to_owned()));
            down.push_str(&column(format!("SET DEFAULT {default}")));
        }
        up.push_str(&format!(
            "ALTER TABLE {table} ADD COLUMN {new} {}{collation};",
            self.ty
        ));
        finding
            .file(Phase::Expand, up)
            .says(self.sync())
            .down(down.trim_end());
        self.allow(finding);
        self.fill(finding);
        if let Some(default) = self.default() {
            // A value of the old type is one of the new type by a cast alone.
            let default = match &self.using {
                Some(_) => format!("({default})::{}", self.ty),
                None => default.to_owned(),
            };
            finding
                .file(
                    Phase::Contract,
                    format!("ALTER TABLE {table} ALTER COLUMN {new} SET DEFAULT {default};"),
                )
                .down(format!("ALTER TABLE {table} ALTER COLUMN {new} DROP DEFAULT;"));
        }
        if self.required() {
            not_null(cx, finding, table, self.new.0);
        }
        self.end(finding, format!("ALTER TABLE {table} DROP COLUMN {old};"));
    }

    fn of_mysql(&self, dialect: Dialect, finding: &mut Finding) {
        const ONLINE: &str = "ALGORITHM=INPLACE, LOCK=NONE";
        let (table, (_, old), (_, new)) = (self.table, &self.old, &self.new);
        let known = self.known();
        let invisible = known.is_some_and(|known| known.attributes.invisible);
        let kept =
            |known: Option<&Column>, collation: Option<&String>, required: bool, default: Option<&str>| {
                let mut text = String::new();
                if let Some(set) = known.and_then(|known| known.attributes.charset.as_ref()) {
                    text.push_str(&format!(" CHARACTER SET {set}"));
                }
                if let Some(collation) = collation {
                    text.push_str(&format!(" COLLATE {collation}"));
                }
                text.push_str(if required { " NOT NULL" } else { " NULL" });
                if let Some(default) = default {
                    text.push_str(&format!(" DEFAULT {default}"));
                }
                if invisible {
                    text.push_str(" INVISIBLE");
                }
                if let Some(comment) = known.and_then(|known| known.attributes.comment.as_ref()) {
                    text.push_str(&format!(
                        " COMMENT '{}'",
                        comment.replace('\\', "\\\\").replace('\'', "''")
                    ));
                }
                text
            };
        // Another type has a character set of its own.
        let same = self.using.is_none();
        let of_new = |required: bool, default: Option<&str>| {
            let known = known.filter(|_| same);
            format!(
                "{}{}",
                self.ty,
                kept(known, self.collation.as_ref(), required, default)
            )
        };
        let bound = self.required() || self.default().is_some();
        let (mut up, mut down) = (
            format!("ADD COLUMN {new} {}", of_new(false, None)),
            format!("DROP COLUMN {new}"),
        );
        let mut online = "ALGORITHM=INSTANT";
        let definition = |known: &Column, required: bool, default: Option<&str>| {
            let ty = known.ty.as_ref().map_or("", |ty| &ty.text);
            let kept = kept(Some(known), known.collation.as_ref(), required, default);
            format!("MODIFY {old} {ty}{kept}")
        };
        if let Some(known) = known.filter(|_| self.required()) {
            let free = definition(known, false, self.default());
            let before = definition(known, true, self.default());
            // MODIFY restates a default, so that it goes in a statement of its own.
            if self.default().is_some() {
                finding
                    .file(Phase::Expand, format!("ALTER TABLE {table} {free}, {ONLINE};"))
                    .down(format!("ALTER TABLE {table} {before}, {ONLINE};"));
                self.allow(finding);
            } else {
                up = format!("{free}, {up}");
                down.push_str(&format!(", {before}"));
                online = ONLINE;
            }
        }
        if let Some(default) = self.default() {
            // SET DEFAULT takes no constant of a long type (1101).
            let long = |known: &&Column| known.ty.as_ref().is_some_and(|ty| ty.is_long() || ty.is_shape());
            match known.filter(long).filter(|_| dialect == Dialect::Mysql) {
                Some(known) => {
                    up = format!("{}, {up}", definition(known, false, Some("NULL")));
                    down.push_str(&format!(", {}", definition(known, false, Some(default))));
                }
                None => {
                    up = format!("ALTER COLUMN {old} SET DEFAULT NULL, {up}");
                    down.push_str(&format!(", ALTER COLUMN {old} SET DEFAULT {default}"));
                }
            }
        }
        finding
            .file(Phase::Expand, format!("ALTER TABLE {table} {up}, {online};"))
            .says(self.sync())
            .down(format!("ALTER TABLE {table} {down}, {ONLINE};"));
        if self.default().is_none() {
            self.allow(finding);
        }
        self.fill(finding);
        let modify = match bound {
            true => format!(", MODIFY {new} {}", of_new(self.required(), self.default())),
            false => String::new(),
        };
        self.end(
            finding,
            format!("ALTER TABLE {table} DROP COLUMN {old}{modify}, {ONLINE};"),
        );
    }

    fn of_sqlite(&self, cx: &Context<'_>, finding: &mut Finding) -> bool {
        let (table, (old_name, old), (new_name, new)) = (self.table, &self.old, &self.new);
        let bound = self.required() || self.default().is_some();
        let over = |columns: &[String]| columns.iter().any(|name| name == old_name);
        let held = self.model.is_some_and(|model| {
            model.constraints.iter().any(|one| match &one.kind {
                ConstraintModel::Unique(columns) => over(columns),
                ConstraintModel::Check(check) => over(&check.columns),
                _ => false,
            })
        });
        let mut first = format!("ALTER TABLE {table} ADD COLUMN {new} {};", self.ty);
        let mut back = format!("ALTER TABLE {table} DROP COLUMN {new};");
        let mut dropped = String::new();
        let indexes = self.model.map(|model| &*model.indexes).unwrap_or_default();
        for index in indexes
            .iter()
            .filter(|index| !index.constraint && over(&index.columns))
        {
            dropped.push_str(&format!("DROP INDEX {};\n", quote(&index.name)));
        }
        let mut last = format!("{dropped}ALTER TABLE {table} DROP COLUMN {old};");
        if bound || held {
            let Some(before) = self.model.filter(|model| model.complete) else {
                return false;
            };
            let mut between = before.clone();
            let Some(at) = between.columns.iter().position(|column| column.name == *old_name) else {
                return false;
            };
            let mut fresh = between.columns[at].clone();
            let (not_null, says, default) = (fresh.not_null, fresh.says_not_null, fresh.default.take());
            free(&mut fresh);
            free(&mut between.columns[at]);
            fresh.name = (*new_name).to_owned();
            fresh.ty = fresh.ty.map(|ty| crate::sql::Type {
                text: self.ty.clone(),
                ..ty
            });
            fresh.attributes = Attributes::default();
            between.columns.push(fresh);
            let mut after = between.clone();
            after.columns.retain(|column| column.name != *old_name);
            after.indexes.retain(|index| !over(&index.columns));
            after.constraints.retain(|one| match &one.kind {
                ConstraintModel::Unique(columns) => !over(columns),
                ConstraintModel::Check(check) => !over(&check.columns),
                ConstraintModel::NotNull(name) => name != old_name,
                _ => true,
            });
            if let Some(column) = after.columns.last_mut() {
                (column.not_null, column.says_not_null, column.default) = (not_null, says, default);
            }
            let (Some(there), Some(home), Some(end)) = (
                rebuild_from(cx, table, before, &between),
                rebuild_from(cx, table, &between, before),
                rebuild_from(cx, table, &between, &after),
            ) else {
                return false;
            };
            if bound {
                (first, back) = (there, home);
            }
            last = end;
        }
        finding.file(Phase::Expand, first).says(self.sync()).down(back);
        self.allow(finding);
        self.fill(finding);
        self.end(finding, last);
        true
    }
}

/// Lets a column be left out.
fn free(column: &mut Column) {
    column.not_null = false;
    column.says_not_null = false;
    column.default = None;
}
