//! Whole files are read: directives, sections and statements, in every layout.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migrate_core::Dialect;
use migrate_core::model::Layout;
use migrate_core::source::{Options, SourceFile};

const LAYOUTS: [Layout; 5] = [Layout::Native, Layout::Sqlx, Layout::Diesel, Layout::Refinery, Layout::Dbmate];

fuzz_target!(|data: &[u8]| {
    let [layout, dialect, text @ ..] = data else {
        return;
    };
    let layout = LAYOUTS[*layout as usize % LAYOUTS.len()];
    let dialects = [Dialect::Postgres, Dialect::Sqlite, Dialect::Mysql, Dialect::MariaDb];
    let path = match layout {
        Layout::Diesel => "2026-01-01-000000_x/up.sql",
        Layout::Refinery => "V1__x.sql",
        _ => "20260101000000_x.sql",
    };
    let mut options = Options::new(dialects[*dialect as usize % dialects.len()]);
    options.layout = layout;
    options.rules = None;
    let file = SourceFile {
        path: path.to_owned(),
        content: Ok(text.to_vec()),
    };
    let outcome = options.read(vec![file]);
    for diagnostic in &outcome.diagnostics {
        assert!(!diagnostic.to_string().is_empty());
    }
    for migration in outcome.set.migrations.iter() {
        let sections = [Some(&migration.up), migration.down.as_ref()];
        for section in sections.into_iter().flatten() {
            for (_, sql) in section.iter() {
                assert!(!sql.is_empty());
            }
        }
    }
});
