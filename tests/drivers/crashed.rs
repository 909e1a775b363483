//! PostgreSQL: what the catalog tells of an index whose build was begun by a process that died.

use migrate_testkit::PostgresDatabase;

use crate::applying::USERS;
use crate::kind::Kind;

/// An index whose build was begun by a process that died, in a catalog that changed otherwise meanwhile.
#[test]
fn an_index_that_was_never_built_is_built_after_a_crash() {
    crate::run(async {
        for (statement, there, built) in [
            (
                "CREATE INDEX CONCURRENTLY users_name ON users (name)",
                "",
                "(name)",
            ),
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name ON users (name)",
                "",
                "(name)",
            ),
            // It was built, and the process died before it could say so.
            (
                "CREATE INDEX CONCURRENTLY users_name ON users (name)",
                "CREATE INDEX users_name ON users (name)",
                "(name)",
            ),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_name ON ONLY public.users (name)",
                "CREATE INDEX users_name ON users (name)",
                "(name)",
            ),
            // IF NOT EXISTS asks for the name only, whatever has it.
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name ON users (name)",
                "CREATE TABLE other (id INTEGER); CREATE INDEX users_name ON other (id)",
                "(id)",
            ),
            (
                "CREATE INDEX CONCURRENTLY \"users name\" ON users USING btree (name)",
                "CREATE INDEX users_name ON users (id)",
                "(id)",
            ),
        ] {
            let db = <PostgresDatabase as Kind>::create().await;
            let text = format!("-- migrate:irreversible \"x\"\n-- migrate:up\n{statement};\n");
            let files = [USERS, ("20260102000000_index", &*text)];
            db.migrator(&files).run().await.expect("a start");
            db.execute("DROP INDEX IF EXISTS users_name, \"users name\"")
                .await;
            if !there.is_empty() {
                db.execute(there).await;
            }
            db.execute(
                "UPDATE _migrate_history SET state = 'applying', done = 0, catalog_digest = '1 x' \
                 WHERE version = 20260102000000",
            )
            .await;
            db.migrator(&files).run().await.expect("the rest of it");
            let named = if statement.contains('"') {
                "users name"
            } else {
                "users_name"
            };
            let count = format!("SELECT count(*)::text FROM pg_indexes WHERE indexname = '{named}'");
            assert_eq!(db.value(&count).await, "1", "{statement} / {there}");
            let definition = "SELECT indexdef FROM pg_indexes WHERE indexname = 'users_name'";
            if !statement.contains('"') || !there.is_empty() {
                let definition = db.value(definition).await;
                assert!(definition.ends_with(built), "{statement} / {there}: {definition}");
            }
        }
    });
}

/// The name is that of an index of another table: the server says so, as it would have without the crash.
#[test]
fn an_index_whose_name_is_taken_is_refused_after_a_crash() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let index = (
            "20260102000000_index",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n",
        );
        let build = db.migrator(&[USERS, index]);
        build.run().await.expect("a start");
        db.execute(
            "DROP INDEX users_name; CREATE TABLE other (id INTEGER); CREATE INDEX users_name ON other (id)",
        )
        .await;
        db.execute(
            "UPDATE _migrate_history SET state = 'applying', done = 0, catalog_digest = '1 x' \
             WHERE version = 20260102000000",
        )
        .await;
        let error = build.run().await.expect_err("the name is taken");
        assert!(
            error.is_statement() && error.to_string().contains("42P07"),
            "{error}"
        );
    });
}
