//! The splitter takes any text, and its statements lie in it one behind the other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migrate_core::Dialect;
use migrate_core::script::split;

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Postgres, Dialect::Sqlite, Dialect::Mysql, Dialect::MariaDb] {
        let Ok(statements) = split::split(text, dialect) else {
            continue;
        };
        let mut end = 0;
        for statement in &statements {
            let (start, stop) = (statement.start as usize, statement.end as usize);
            assert!(end <= start && start <= stop, "{dialect}: {statements:?}");
            assert!(text.get(start..stop).is_some_and(|sql| !sql.trim_ascii().is_empty()), "{dialect}: {statements:?}");
            end = stop;
        }
    }
});
