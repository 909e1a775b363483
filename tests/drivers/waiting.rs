//! PostgreSQL: what blocks nobody while it waits for a lock waits long.

use std::time::Duration;

use migrate_core::Migrator;
use migrate_testkit::PostgresDatabase;

use crate::applying::USERS;
use crate::kind::{Kind, versions};

/// A clean-up waits as the build itself does.
#[test]
fn an_invalid_index_is_removed_behind_a_slow_transaction() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.expect("a start");
        db.execute("CREATE UNIQUE INDEX users_name ON users (name)").await;
        db.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_name'::regclass")
            .await;
        let index = (
            "20260102000000_index",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE UNIQUE INDEX CONCURRENTLY users_name ON users (name);\n",
        );
        let build = Migrator::new(Kind::pool(&db), db.set(&[USERS, index]))
            .lock_timeout(Duration::from_millis(100))
            .lock_retry(Duration::from_millis(300))
            .build();
        let held = db.hold("UPDATE users SET name = name").await;
        let running = tokio::spawn(async move { build.run().await });
        tokio::time::sleep(Duration::from_millis(2000)).await;
        assert!(!running.is_finished(), "{:?}", running.await);
        held.commit().await;
        let report = running.await.expect("no panic").expect("the index");
        assert_eq!(versions(&report), [20260102000000]);
    });
}

const ORDERS: (&str, &str) = (
    "20260101000000_orders",
    "-- migrate:up\nCREATE TABLE orders (id INTEGER, total INTEGER);\nCREATE TABLE other (id INTEGER);\n\
     INSERT INTO orders VALUES (1, 1);\n\
     ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;\n\
     -- migrate:down\nDROP TABLE orders;\nDROP TABLE other;\n",
);

#[test]
fn a_validation_waits_long_and_what_is_beside_it_does_not() {
    crate::run(async {
        for (header, statements, held, waits) in [
            (
                "",
                "ALTER TABLE orders VALIDATE CONSTRAINT positive;",
                "orders",
                true,
            ),
            (
                "-- migrate:transaction off\n",
                "ALTER TABLE ONLY public.orders VALIDATE CONSTRAINT positive;",
                "orders",
                true,
            ),
            (
                "",
                "ALTER TABLE orders VALIDATE CONSTRAINT positive;\nALTER TABLE orders ALTER COLUMN total SET NOT NULL;",
                "orders",
                true,
            ),
            (
                "",
                "ALTER TABLE orders VALIDATE CONSTRAINT positive;\nALTER TABLE other ADD COLUMN more TEXT;",
                "other",
                false,
            ),
            // Here everybody would wait behind what the file holds already.
            (
                "",
                "ALTER TABLE other ADD COLUMN more TEXT;\nALTER TABLE orders VALIDATE CONSTRAINT positive;",
                "orders",
                false,
            ),
            (
                "",
                "SET lock_timeout = '150ms';\nALTER TABLE orders VALIDATE CONSTRAINT positive;",
                "orders",
                false,
            ),
        ] {
            let db = <PostgresDatabase as Kind>::create().await;
            db.migrator(&[ORDERS]).run().await.expect("a start");
            let text = format!("{header}-- migrate:irreversible \"x\"\n-- migrate:up\n{statements}\n");
            let build = Migrator::new(
                Kind::pool(&db),
                db.set(&[ORDERS, ("20260102000000_validate", &*text)]),
            )
            .lock_timeout(Duration::from_millis(100))
            .lock_retry(Duration::from_millis(300))
            .build();
            let open = db
                .hold(&format!("LOCK TABLE {held} IN SHARE UPDATE EXCLUSIVE MODE"))
                .await;
            let running = tokio::spawn(async move { build.run().await });
            tokio::time::sleep(Duration::from_millis(2000)).await;
            assert_eq!(!running.is_finished(), waits, "{statements}");
            open.commit().await;
            let ran = running.await.expect("no panic");
            match waits {
                true => assert_eq!(versions(&ran.expect("the validation")), [20260102000000]),
                false => assert!(ran.expect_err("a lock").is_blocked(), "{statements}"),
            }
        }
    });
}
