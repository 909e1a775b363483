//! Files that came into the folder behind the build.

use std::sync::{Arc, Mutex};

use migrate_core::migrator::Event;
use migrate_core::{Dialect, Migrator, Set, Sqlite};
use migrate_testkit::SqliteDatabase;

use crate::applying::{EMAIL, USERS};
use crate::kind::{Kind, read};

#[test]
fn files_that_are_not_embedded_are_told() {
    crate::run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(path, USERS.1).expect("a file");
        };
        write(&format!("{}.sql", USERS.0));
        let told = async || {
            let db = <SqliteDatabase as Kind>::create().await;
            let mut set = read(Dialect::Sqlite, &[USERS]);
            let path = folder.path().to_str().expect("a plain path").to_owned();
            set.folder = Some(Box::leak(path.into_boxed_str()));
            let events = Arc::new(Mutex::new(Vec::new()));
            let kept = Arc::clone(&events);
            let migrator = Migrator::new(Kind::pool(&db), Set::<Sqlite>::typed(set).expect("its dialect"))
                .observer(move |event: &Event| kept.lock().expect("a list").push(event.clone()))
                .build();
            migrator.run().await.expect("a start");
            let events = events.lock().expect("a list");
            events.iter().find_map(|event| match event {
                Event::StaleEmbedding { files } => Some((files.clone(), event.to_string())),
                _ => None,
            })
        };
        assert_eq!(told().await, None);
        // What is no migration is none that is missing.
        write("notes.txt");
        assert_eq!(told().await, None);
        let later = format!("{}.sql", EMAIL.0);
        write(&later);
        let (files, text) = told().await.expect("a file is new");
        assert_eq!(files, [&*later]);
        assert!(text.contains(&later), "{text}");
    });
}
