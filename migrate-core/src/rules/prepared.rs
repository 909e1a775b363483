//! PREPARE and EXECUTE of PostgreSQL: what is prepared does nothing until it is executed, which the same file may do.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Dialect, Section};
use crate::script::words::Words;

/// The statements that execute what the section has prepared, by where they start, each as what it executes.
pub(super) fn executed(section: &Section, dialect: Dialect) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    if dialect != Dialect::Postgres {
        return found;
    }
    let mut prepared: HashMap<String, &str> = HashMap::new();
    for (statement, sql) in section.iter() {
        let mut words = Words::new(sql, dialect);
        if words.eat("prepare") {
            let named = words.qualified_name();
            if let (Some([name]), true) = (named.as_deref(), words.skip_past(&["as"])) {
                prepared.insert(name.clone(), words.rest());
            }
        } else if !prepared.is_empty() && words.eat("execute") {
            let named = words.qualified_name();
            let text = named.as_deref().and_then(|parts| match parts {
                [name] => prepared.get(name),
                _ => None,
            });
            found.extend(text.map(|text| (statement.start, (*text).to_owned())));
        } else if !prepared.is_empty() && words.eat("deallocate") {
            words.eat("prepare");
            match words.peek().is_some_and(|word| word.is("all")) {
                true => prepared.clear(),
                false => {
                    let named = words.qualified_name().unwrap_or_default();
                    named.iter().for_each(|name| _ = prepared.remove(name));
                }
            }
        }
    }
    found
}
