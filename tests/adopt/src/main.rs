//! Databases that other tools made, each with its own current release, are taken over and migrated further.

mod by_dbmate;
mod by_diesel;
mod by_refinery;
mod by_sea_orm;
mod by_sqlx;

use std::fs;
use std::path::Path;

use migrate_core::model::Database;
use migrate_core::source::Options;
use migrate_core::{Layout, Migrator, Pool, Set, Tool, Version};
use tempfile::TempDir;

/// What the files say: with the line ends of Windows, with white space at the end, and without a line end.
const TEXTS: [&str; 3] = [
    "-- The people.\r\nCREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50));\r\n",
    "ALTER TABLE users ADD COLUMN email VARCHAR(50);\n\n  \n",
    "CREATE TABLE posts (id INTEGER PRIMARY KEY);",
];

/// A folder of migrations that the other tool and ours both read.
struct Folder {
    folder: TempDir,
    layout: Layout,
    names: [&'static str; 3],
}

impl Folder {
    /// With the first two of three files.
    fn new(layout: Layout, names: [&'static str; 3]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let folder = Self {
            folder,
            layout,
            names,
        };
        folder.write(0, TEXTS[0]);
        folder.write(1, TEXTS[1]);
        folder
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, index: usize, text: &str) {
        let text = match self.layout {
            Layout::Native => {
                format!("-- migrate:irreversible \"as in the other tool\"\n-- migrate:up\n{text}")
            }
            Layout::Dbmate => format!("-- migrate:up\n{text}\n-- migrate:down\n"),
            _ => text.to_owned(),
        };
        let path = self.path().join(self.names[index]);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder");
        }
        fs::write(path, text).expect("a file");
    }

    fn migrator<D: Database>(&self, pool: impl Pool<D>) -> Migrator {
        let options = Options {
            layout: self.layout,
            rules: None,
            ..Options::new(D::DIALECT)
        };
        let set = options.read_folder(self.path());
        let set = set.unwrap_or_else(|faults| panic!("{faults}"));
        Migrator::new(pool, Set::typed(set).expect("the dialect fits"))
            .lock_wait(std::time::Duration::from_millis(300))
            .build()
    }

    /// What has to become of a database on which the tool applied the first two files.
    async fn check<D: Database>(&self, pool: impl Pool<D>, tool: Tool) {
        self.write(2, TEXTS[2]);
        let migrator = self.migrator(pool.clone());
        let versions: Vec<Version> = migrator.set().migrations.iter().map(|one| one.version).collect();
        let plan = migrator.adopt_plan(tool).await.expect("a plan");
        assert_eq!((plan.rows, plan.pending.len()), (2, 1), "{plan}");
        let report = migrator.adopt(tool).await.expect("adopted");
        assert_eq!(report.recorded, plan.record);
        let recorded: Vec<Version> = report.recorded.iter().map(|(version, _)| *version).collect();
        assert_eq!(recorded, versions[..2]);
        assert!(report.notes.is_empty(), "{report}");

        let report = migrator.run().await.expect("a run");
        let applied: Vec<Version> = report.applied.iter().map(|one| one.version).collect();
        assert_eq!(applied, versions[2..], "{report}");
        let report = migrator.adopt(tool).await.expect("adopted again");
        assert!(report.recorded.is_empty() && report.notes.is_empty(), "{report}");

        // A file that is not what was applied; where the tool keeps no checksum, nobody can know.
        self.write(0, &TEXTS[0].replace("50", "60"));
        let edited = self.migrator(pool).adopt_plan(tool).await;
        match tool {
            Tool::Sqlx | Tool::Refinery => {
                let error = edited.expect_err("an edited file");
                assert!(
                    error.is_digest_mismatch() && error.to_string().contains(self.names[0]),
                    "{error}"
                );
            }
            _ => assert_eq!(edited.expect("a plan").known, 2),
        }
    }
}
