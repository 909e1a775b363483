//! The analysis takes any statements: a history and two drafts, which a NUL separates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migrate_core::model::Layout;
use migrate_core::rules::{Config, analyse};
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Version};

fuzz_target!(|data: &[u8]| {
    let [dialect, since, text @ ..] = data else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let dialects = [Dialect::Postgres, Dialect::Sqlite, Dialect::Mysql, Dialect::MariaDb];
    let mut options = Options::new(dialects[*dialect as usize % dialects.len()]);
    // Without a format of its own every text reaches the rules.
    options.layout = Layout::Sqlx;
    options.rules = None;
    options.baseline = Some(Version(1));
    options.since = format!("{}", since % 20).parse().ok();
    let file = |(index, text): (usize, &str)| SourceFile {
        path: format!("{}_x.sql", index + 1),
        content: Ok(text.as_bytes().to_vec()),
    };
    let set = options.read(text.splitn(3, '\0').enumerate().map(file).collect()).set;
    let config = Config {
        style: true,
        strict: *since >= 128,
        ..Config::default()
    };
    for diagnostic in analyse(&set, &config) {
        assert!(!diagnostic.to_string().is_empty());
    }
});
