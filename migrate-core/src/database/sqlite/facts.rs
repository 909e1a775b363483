//! Facts from SQLite: what the pragmas say, and from the stored text only what they leave out.

mod text;

use std::collections::BTreeMap;

use sqlx::{Executor as _, Row as _};

use crate::facts::{Fact, Facts, Scope};
use text::{IndexText, TableText, name as quoted};

/// Everything that is read, as rows of one shape. `place` orders the rows of one thing; what `a` to `e` are depends on
/// the part.
const QUERY: &str = "
    with relation as (
        select s.name, l.type, l.wr, l.strict
        from main.sqlite_schema s
        join pragma_table_list l on l.schema = 'main' and l.name = s.name
        where s.type = 'table' and l.type in ('table', 'virtual') and s.name not like 'sqlite\\_%' escape '\\'
            and (?1 is null or s.name in (select value from json_each(?1)))
    )
    select s.type as part, s.tbl_name as relation, s.name as name, 0 as place,
        s.sql as a, r.type as b, r.wr as c, r.strict as d, null as e
    from main.sqlite_schema s
    left join relation r on r.name = s.name and s.type = 'table'
    where r.name is not null or s.type in ('view', 'trigger')
        or s.type = 'index' and s.sql is not null and s.tbl_name in (select name from relation)
    union all
    select 'column', r.name, c.name, c.cid, c.type, c.\"notnull\", c.dflt_value, c.pk, c.hidden
    from relation r, pragma_table_xinfo(r.name, 'main') c
    where r.type = 'table'
    union all
    select 'index column', r.name, i.name, c.seqno, c.name, c.desc, c.coll, i.\"unique\", i.origin
    from relation r, pragma_index_list(r.name, 'main') i, pragma_index_xinfo(i.name, 'main') c
    where r.type = 'table' and c.key
    union all
    select 'foreign key', r.name, k.id, k.seq, k.\"from\", k.\"to\", k.\"table\", k.on_update, k.on_delete
    from relation r, pragma_foreign_key_list(r.name, 'main') k
    where r.type = 'table'
    order by 2, 1, 3, 4";

/// The facts of the main database, in one statement and so in one snapshot.
///
/// SQLite's own tables and indexes, the shadow tables of virtual tables and attached databases are not among them.
pub async fn facts(connection: &mut sqlx::SqliteConnection, scope: &Scope<'_>) -> Result<Facts, sqlx::Error> {
    let mut facts = Vec::new();
    for (name, table) in tables(connection, None, scope, &mut facts).await? {
        table.facts(&name, scope, &mut facts);
    }
    Ok(Facts::new(facts))
}

/// What [`facts_again`] found last, by table: the texts that the schema has of it, and its facts.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct FactsMemory(BTreeMap<String, (Vec<[String; 3]>, Vec<Fact>)>);

/// [`facts`] of a database that is looked at again and again while nobody else changes it, always with the same scope: only
/// tables with another text are read anew. What the pragmas say of a table follows from its own texts, unless a module
/// has a say.
#[doc(hidden)]
pub async fn facts_again(
    connection: &mut sqlx::SqliteConnection,
    scope: &Scope<'_>,
    memory: &mut FactsMemory,
) -> Result<Facts, sqlx::Error> {
    let mut texts: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
    let sql = "select tbl_name, type, name, coalesce(sql, '') from main.sqlite_schema order by 1, 2, 3";
    for row in connection.fetch_all(sql).await? {
        let text = [row.try_get(1)?, row.try_get(2)?, row.try_get(3)?];
        texts.entry(row.try_get(0)?).or_default().push(text);
    }
    let is_virtual = |text: &[String; 3]| text[2].to_lowercase().starts_with("create virtual");
    if texts.values().flatten().any(is_virtual) {
        memory.0.clear();
        return facts(connection, scope).await;
    }
    memory
        .0
        .retain(|name, (old, _)| texts.get(name).is_some_and(|new| new == old));
    let changed: Vec<String> = texts
        .keys()
        .filter(|name| !memory.0.contains_key(*name))
        .map(|name| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")))
        .collect();
    if !changed.is_empty() {
        let mut others = Vec::new();
        let changed = format!("[{}]", changed.join(","));
        for (name, table) in tables(connection, Some(changed), scope, &mut others).await? {
            let mut facts = Vec::new();
            table.facts(&name, scope, &mut facts);
            if let Some(texts) = texts.get(&name) {
                memory.0.insert(name, (texts.clone(), facts));
            }
        }
    }
    let mut all: Vec<Fact> = memory.0.values().flat_map(|(_, facts)| facts).cloned().collect();
    for (relation, texts) in &texts {
        let others = texts
            .iter()
            .filter(|[kind, ..]| kind == "view" || kind == "trigger");
        for [kind, name, sql] in others {
            if scope.contains(name, Some(relation)) {
                all.push(of_text(kind, name, relation, sql));
            }
        }
    }
    Ok(Facts::new(all))
}

/// Reads the tables that are named by a list in JSON, or all; what is no table goes to `facts` at once.
async fn tables(
    connection: &mut sqlx::SqliteConnection,
    named: Option<String>,
    scope: &Scope<'_>,
    facts: &mut Vec<Fact>,
) -> Result<BTreeMap<String, Table>, sqlx::Error> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in connection.fetch_all(sqlx::query(QUERY).bind(named)).await? {
        let row = Row::read(&row)?;
        match row.part.as_str() {
            "table" | "index" | "column" | "index column" | "foreign key" => {
                tables.entry(row.relation.clone()).or_default().add(row);
            }
            kind if scope.contains(&row.name, Some(&row.relation)) => {
                facts.push(of_text(kind, &row.name, &row.relation, row.a()));
            }
            _ => {}
        }
    }
    Ok(tables)
}

/// The fact of a view or a trigger.
fn of_text(kind: &str, name: &str, relation: &str, sql: &str) -> Fact {
    Fact::new(kind, quoted(name), format!("\n{}", text::normalised(sql))).of(quoted(relation))
}

/// One row of [`QUERY`].
struct Row {
    part: String,
    relation: String,
    name: String,
    place: i64,
    values: [Option<String>; 5],
}

impl Row {
    fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
        // The columns hold numbers in some parts and texts in others.
        let value = |column: &str| row.try_get_unchecked::<Option<String>, _>(column);
        Ok(Row {
            part: row.try_get_unchecked("part")?,
            relation: row.try_get_unchecked("relation")?,
            name: row.try_get_unchecked("name")?,
            place: row.try_get_unchecked("place")?,
            values: [value("a")?, value("b")?, value("c")?, value("d")?, value("e")?],
        })
    }

    fn value(&self, index: usize) -> &str {
        self.values
            .get(index)
            .and_then(Option::as_deref)
            .unwrap_or_default()
    }

    fn a(&self) -> &str {
        self.value(0)
    }
}

/// The rows of one table.
#[derive(Default)]
struct Table {
    table: Option<Row>,
    indexes: Vec<Row>,
    columns: Vec<Row>,
    index_columns: Vec<Row>,
    foreign_keys: Vec<Row>,
}

impl Table {
    fn add(&mut self, row: Row) {
        match row.part.as_str() {
            "table" => self.table = Some(row),
            "index" => self.indexes.push(row),
            "column" => self.columns.push(row),
            "index column" => self.index_columns.push(row),
            _ => self.foreign_keys.push(row),
        }
    }

    fn facts(&self, name: &str, scope: &Scope<'_>, facts: &mut Vec<Fact>) {
        let Some(table) = &self.table else { return };
        let object = quoted(name);
        if scope.contains(name, Some(name)) {
            if table.value(1) == "virtual" {
                facts.push(Fact::new(
                    "virtual table",
                    &object,
                    format!("\n{}", text::normalised(table.a())),
                ));
                return;
            }
            let text = TableText::parse(table.a());
            let options = [
                (table.value(2) == "1", "without rowid"),
                (table.value(3) == "1", "strict"),
            ];
            facts.push(Fact::new("table", &object, flags(&options)));
            self.columns(&object, &text, facts);
            self.keys(&object, &text, facts);
            self.foreign_keys(&object, &text, facts);
            for (check, expression) in &text.checks {
                let identity = format!("{object}.{}", check.as_deref().unwrap_or(expression));
                facts.push(Fact::new("check", identity, expression).of(&object));
            }
            for (clause, action) in &text.conflicts {
                facts.push(Fact::new("on conflict", format!("{object}.{clause}"), action).of(&object));
            }
        }
        for index in self
            .indexes
            .iter()
            .filter(|index| scope.contains(&index.name, Some(name)))
        {
            facts.push(self.index(index).of(&object));
        }
    }

    fn columns(&self, object: &str, text: &TableText, facts: &mut Vec<Fact>) {
        for column in &self.columns {
            let mut words = vec![column.a().to_owned()];
            words.extend((column.value(1) == "1").then(|| "not null".to_owned()));
            if let Some(default) = &column.values[2] {
                words.push(format!("default {}", text::normalised(default)));
            }
            if let Some(column_text) = text.columns.get(&column.name.to_lowercase()) {
                words.extend(
                    column_text
                        .collation
                        .as_ref()
                        .map(|collation| format!("collate {collation}")),
                );
                words.extend(
                    column_text
                        .generated
                        .as_ref()
                        .map(|expression| format!("as {expression}")),
                );
            }
            words.extend(match column.value(4) {
                "2" => Some("virtual".to_owned()),
                "3" => Some("stored".to_owned()),
                _ => None,
            });
            words.retain(|word| !word.is_empty());
            let identity = format!("{object}.{}", quoted(&column.name));
            let position = u32::try_from(column.place).unwrap_or(u32::MAX);
            facts.push(
                Fact::new("column", identity, words.join(" "))
                    .of(object)
                    .at(position),
            );
        }
    }

    /// The primary key and the unique constraints, by what they cover: the indexes behind them are only numbered.
    fn keys(&self, object: &str, text: &TableText, facts: &mut Vec<Fact>) {
        let mut primary = None;
        for index in self.index_columns.chunk_by(|a, b| a.name == b.name) {
            match index[0].value(4) {
                "pk" => primary = Some(columns_of(index, &[])),
                "u" => {
                    let identity = format!("{object}.{}", columns_of(index, &[]));
                    facts.push(Fact::new("unique", identity, "").of(object));
                }
                _ => {}
            }
        }
        // An INTEGER PRIMARY KEY is the row id and has no index.
        let row_id = self.columns.iter().find(|column| column.value(3) != "0");
        if let Some(key) =
            primary.or_else(|| row_id.map(|column| format!("rowid ({})", quoted(&column.name))))
        {
            let definition = if text.autoincrement {
                format!("{key} autoincrement")
            } else {
                key
            };
            facts.push(Fact::new("primary key", format!("{object}.primary key"), definition).of(object));
        }
    }

    /// The pragma lists the keys backwards, the text says which are deferred.
    fn foreign_keys(&self, object: &str, text: &TableText, facts: &mut Vec<Fact>) {
        let keys: Vec<&[Row]> = self.foreign_keys.chunk_by(|a, b| a.name == b.name).collect();
        for key in &keys {
            let list = |values: Vec<&Option<String>>| {
                let names: Vec<String> = values.into_iter().flatten().map(|name| quoted(name)).collect();
                if names.is_empty() {
                    String::new()
                } else {
                    format!("({})", names.join(", "))
                }
            };
            let id = key[0].name.parse::<usize>().unwrap_or_default();
            let deferred = text
                .deferred
                .len()
                .checked_sub(id + 1)
                .and_then(|index| text.deferred.get(index));
            let mut definition = format!(
                "references {} {}",
                quoted(key[0].value(2)),
                list(key.iter().map(|row| &row.values[1]).collect())
            );
            for (event, action) in [("update", key[0].value(3)), ("delete", key[0].value(4))] {
                if action != "NO ACTION" {
                    definition += &format!(" on {event} {}", action.to_lowercase());
                }
            }
            if deferred == Some(&true) {
                definition += " deferrable initially deferred";
            }
            let identity = format!(
                "{object}.{}",
                list(key.iter().map(|row| &row.values[0]).collect())
            );
            facts.push(Fact::new("foreign key", identity, definition).of(object));
        }
    }

    fn index(&self, index: &Row) -> Fact {
        let text = IndexText::parse(index.a());
        let columns: Vec<&Row> = self
            .index_columns
            .iter()
            .filter(|column| column.name == index.name)
            .collect();
        let unique = columns.first().is_some_and(|column| column.value(3) == "1");
        let mut definition = if unique {
            "unique ".to_owned()
        } else {
            String::new()
        };
        definition += &columns_of(columns, &text.items);
        if let Some(condition) = &text.condition {
            definition += &format!(" where {condition}");
        }
        Fact::new("index", quoted(&index.name), definition)
    }
}

/// What an index covers, each column with its collation and direction where they are not the usual ones.
fn columns_of<'a>(columns: impl IntoIterator<Item = &'a Row>, expressions: &[String]) -> String {
    let columns = columns.into_iter().enumerate().map(|(index, column)| {
        let Some(name) = &column.values[0] else {
            // The text of an expression has its own COLLATE and DESC.
            return expressions.get(index).cloned().unwrap_or_default();
        };
        let mut text = quoted(name);
        let collation = column.value(2).to_uppercase();
        if !matches!(collation.as_str(), "BINARY" | "") {
            text += &format!(" collate {collation}");
        }
        if column.value(1) == "1" {
            text += " desc";
        }
        text
    });
    format!("({})", columns.collect::<Vec<_>>().join(", "))
}

fn flags(flags: &[(bool, &str)]) -> String {
    let set: Vec<&str> = flags
        .iter()
        .filter(|(set, _)| *set)
        .map(|(_, name)| *name)
        .collect();
    set.join(" ")
}
