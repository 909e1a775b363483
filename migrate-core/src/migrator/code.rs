//! The Rust code of backfills: whether what the files name is there, and is for their tables.

use super::Migrator;
use crate::backfill::Code;
use crate::error::{Error, Kind};
use crate::model::Migration;

impl Migrator {
    /// Every name of a file has its code, and every code its file. The derive checks this as it embeds them.
    pub(super) fn check_code(&self) -> Result<(), Error> {
        let named: Vec<&str> = self
            .set
            .migrations
            .iter()
            .filter_map(|one| one.rust.as_deref())
            .collect();
        if let Some(name) = self.code.keys().find(|name| !named.contains(&name.as_str())) {
            let hint = crate::diagnostic::nearest(name, named.iter().copied());
            let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
            let message = format!("Rust code is bound to `{name}`, which no file names{hint}");
            return Err(
                Error::new(Kind::Configuration, message).help("a file names it by `-- migrate:rust <name>`")
            );
        }
        for migration in self.set.migrations.iter() {
            self.code_of(migration)?;
        }
        Ok(())
    }

    /// The code that moves the data of a migration, where that is written in Rust.
    pub(super) fn code_of(&self, migration: &Migration) -> Result<Option<Code>, Error> {
        let Some(name) = migration.rust.as_deref() else {
            return Ok(None);
        };
        let fault = |message: String| Error::new(Kind::Configuration, message).migration(migration);
        let Some(code) = self.code.get(name) else {
            let hint = crate::diagnostic::nearest(name, self.code.keys().map(String::as_str));
            let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
            let message =
                format!("migration {migration} names the Rust code `{name}`, which is not bound{hint}");
            return Err(
                fault(message).help("bind it by `MigratorBuilder::rust`, or in the derive by `rust(…)`")
            );
        };
        let (table, key) = migration
            .backfill
            .as_ref()
            .map_or(("", String::new()), |backfill| {
                (&*backfill.table, backfill.key.join(","))
            });
        if (table, &*key) != (code.table, code.key) {
            return Err(fault(format!(
                "migration {migration} gives rows of table={table} key={key} to `{name}`, which is for table={} key={}",
                code.table, code.key
            )));
        }
        Ok(Some(*code))
    }
}
