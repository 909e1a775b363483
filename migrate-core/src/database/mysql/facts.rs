//! Facts from MySQL and MariaDB: what SHOW CREATE says, taken apart so that a difference can be read.

mod text;

use std::fmt::Write as _;

use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use super::skipped::Looks;
use crate::facts::{Fact, Facts, PRIVILEGES, Scope};
use text::backticks;

/// What there is in the current database: kind, name, table, and what of it no SHOW CREATE says.
const OBJECTS: &str = "
    select 'database' as kind, 'database' as name, null as relation,
        concat('default character set ', default_character_set_name, ' collate ', default_collation_name) as detail
    from information_schema.schemata where schema_name = database()
    union all
    select case table_type when 'VIEW' then 'view' when 'SEQUENCE' then 'sequence' else 'table' end,
        table_name, table_name, null
    from information_schema.tables
    where table_schema = database() and table_type not in ('TEMPORARY', 'TEMPORARY SEQUENCE')
    union all
    select 'trigger', trigger_name, event_object_table, concat('order ', action_order)
    from information_schema.triggers where trigger_schema = database()
    union all
    select lower(routine_type), routine_name, null, null
    from information_schema.routines where routine_schema = database()
    union all
    select 'event', event_name, null, null from information_schema.events where event_schema = database()
    union all
    select 'privileges', table_name, table_name, concat(grantee, '\\n', privilege_type, if(is_grantable = 'YES', '*', ''))
    from information_schema.table_privileges where table_schema = database()
    union all
    select 'privileges', concat(table_name, '.', column_name), table_name,
        concat(grantee, '\\n', privilege_type, if(is_grantable = 'YES', '*', ''))
    from information_schema.column_privileges where table_schema = database()
    union all
    select 'privileges', 'database', null, concat(grantee, '\\n', privilege_type, if(is_grantable = 'YES', '*', ''))
    from information_schema.schema_privileges where table_schema = database()";

/// SHOW CREATE prints by these settings, so they are changed for as long as it takes.
const SET_UP: &str = "set @migrate_sql_mode = @@sql_mode, @migrate_quote = @@sql_quote_show_create, \
    @migrate_time_zone = @@time_zone, sql_mode = '', sql_quote_show_create = 1, time_zone = '+00:00'";
/// Puts them back.
const RESTORE: &str = "set sql_mode = @migrate_sql_mode, sql_quote_show_create = @migrate_quote, \
    time_zone = @migrate_time_zone";

/// The facts of the current database, in three round trips.
///
/// Every object is read as it is at that moment: these databases have no snapshot of their catalogs. A table that somebody else
/// replaces by a copy (`ALGORITHM=COPY`) has no name in between. Grants are those
/// that the current account may see. Definers, values of AUTO_INCREMENT and the database's name are not among the
/// facts. Dropping the future half-way can leave `sql_mode` and `time_zone` changed: drop the connection, too.
pub async fn facts(connection: &mut sqlx::MySqlConnection, scope: &Scope<'_>) -> Result<Facts, sqlx::Error> {
    let mut looks = Looks::new();
    let rows = loop {
        let rows = connection.fetch_all(sqlx::raw_sql(OBJECTS)).await?;
        if !looks.again(connection).await? {
            break rows;
        }
    };
    let mut objects = rows.iter().map(Object::read).collect::<Result<Vec<_>, _>>()?;
    objects.retain(|object| scope.contains(&object.name, object.relation.as_deref()));

    let mut script = format!("{SET_UP};\n");
    let shown: Vec<&Object> = objects.iter().filter(|object| object.is_shown()).collect();
    for object in &shown {
        let _ = writeln!(script, "show create {} {};", object.kind, backticks(&object.name));
    }
    let read = connection
        .fetch_all(sqlx::raw_sql(AssertSqlSafe(
            script + "select database();\n" + RESTORE,
        )))
        .await;
    let rows = match read {
        Ok(rows) => rows,
        Err(error) => {
            // The statements after the one that failed did not run.
            connection.execute(sqlx::raw_sql(RESTORE)).await?;
            return Err(error);
        }
    };
    let (database, rows) = match rows.split_last() {
        Some((last, rows)) if rows.len() == shown.len() => (text_at(last, 0)?.unwrap_or_default(), rows),
        _ => {
            return Err(sqlx::Error::Protocol(
                "SHOW CREATE did not answer with one row for each object".to_owned(),
            ));
        }
    };

    let mut facts = privileges(&objects);
    for (object, row) in shown.into_iter().zip(rows) {
        object.facts(row, &database, &mut facts)?;
    }
    facts.extend(
        objects
            .iter()
            .filter(|object| object.kind == "database")
            .map(|object| {
                Fact::new(
                    "database",
                    "database",
                    object.detail.as_deref().unwrap_or_default(),
                )
            }),
    );
    Ok(Facts::new(facts))
}

/// One row of [`OBJECTS`].
struct Object {
    kind: String,
    name: String,
    relation: Option<String>,
    detail: Option<String>,
}

impl Object {
    fn read(row: &MySqlRow) -> Result<Self, sqlx::Error> {
        Ok(Object {
            kind: text_at(row, 0)?.unwrap_or_default(),
            name: text_at(row, 1)?.unwrap_or_default(),
            relation: text_at(row, 2)?,
            detail: text_at(row, 3)?,
        })
    }

    fn is_shown(&self) -> bool {
        self.kind != "database" && self.kind != PRIVILEGES
    }

    /// Adds what SHOW CREATE answered about this object.
    fn facts(&self, row: &MySqlRow, database: &str, facts: &mut Vec<Fact>) -> Result<(), sqlx::Error> {
        // Triggers and routines have their sql_mode between the name and the text.
        let text = match self.kind.as_str() {
            "table" | "view" | "sequence" => text_at(row, 1)?,
            "event" => text_at(row, 3)?,
            _ => text_at(row, 2)?,
        };
        // A routine's text is NULL for those who may not see it.
        let text = text.unwrap_or_else(|| "(hidden)".to_owned());
        if self.kind == "table" {
            table(&self.name, &text, facts);
            return Ok(());
        }
        let mut definition = text::without_definer(&text);
        if self.kind == "view" {
            definition = text::without_database(&definition, database);
        }
        if self.is_program() {
            let mode = text_at(row, 1)?.unwrap_or_default();
            let _ = write!(definition, "\nsql_mode {mode}");
            // The character set of the session that created it decides what its literals mean.
            let first = if self.kind == "event" { 4 } else { 3 };
            for index in first..first + 3 {
                let _ = write!(definition, " {}", text_at(row, index)?.unwrap_or_default());
            }
        }
        if self.kind == "event" {
            let _ = write!(definition, "\ntime_zone {}", text_at(row, 2)?.unwrap_or_default());
        }
        if let Some(detail) = &self.detail {
            let _ = write!(definition, "\n{detail}");
        }
        let object = self.relation.as_ref().unwrap_or(&self.name);
        facts.push(Fact::new(&self.kind, &self.name, format!("\n{definition}")).of(object));
        Ok(())
    }

    fn is_program(&self) -> bool {
        !matches!(self.kind.as_str(), "table" | "view" | "sequence")
    }
}

/// One fact for each line of a CREATE TABLE, one for its options and one for its partitions.
fn table(name: &str, create: &str, facts: &mut Vec<Fact>) {
    let create = text::CreateTable::parse(create);
    facts.push(Fact::new("table", name, create.options));
    if let Some(partitions) = create.partitions {
        facts.push(Fact::new("partitions", format!("{name}.partitions"), partitions).of(name));
    }
    for (item, position) in create.items.iter().zip(1..) {
        let (kind, item_name, definition) = text::item(item);
        let fact = Fact::new(kind, format!("{name}.{item_name}"), definition).of(name);
        facts.push(if kind == "column" { fact.at(position) } else { fact });
    }
}

/// One fact for each object that somebody was granted something on.
fn privileges(objects: &[Object]) -> Vec<Fact> {
    let mut granted: Vec<(&str, &str, &str, &str)> = objects
        .iter()
        .filter(|object| object.kind == PRIVILEGES)
        .filter_map(|object| {
            let (grantee, privilege) = object.detail.as_deref()?.split_once('\n')?;
            Some((
                object.relation.as_deref().unwrap_or("database"),
                object.name.as_str(),
                grantee,
                privilege,
            ))
        })
        .collect();
    granted.sort_unstable();
    granted
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .map(|grants| {
            let grantees: Vec<String> = grants
                .chunk_by(|a, b| a.2 == b.2)
                .map(|grants| {
                    let privileges: Vec<&str> = grants.iter().map(|grant| grant.3).collect();
                    format!("{}: {}", grants[0].2, privileges.join(", "))
                })
                .collect();
            Fact::new(PRIVILEGES, grants[0].1, grantees.join("; ")).of(grants[0].0)
        })
        .collect()
}

/// A column as text. Some of these columns come as binary strings.
fn text_at(row: &MySqlRow, index: usize) -> Result<Option<String>, sqlx::Error> {
    let bytes = row.try_get_unchecked::<Option<Vec<u8>>, _>(index)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}
