//! A start with nothing to do needs no more than reading: a role with SELECT only, and a hot standby.

use migrate_core::{Migrator, Postgres, Sqlite};
use migrate_testkit::{PostgresDatabase, PostgresPair, SqliteDatabase};
use sqlx::{AssertSqlSafe, PgPool};

use crate::{run, set, starts_in_one_query};

#[test]
fn a_role_that_may_only_read_starts() {
    run(async {
        let db = PostgresDatabase::create().await.unwrap();
        Migrator::new(db.pool().clone(), set::<Postgres>(false))
            .build()
            .run()
            .await
            .unwrap();
        let role = format!("reader_{}", std::process::id());
        let grant = format!(
            "CREATE ROLE {role} LOGIN; GRANT SELECT ON _migrate_history, _migrate_sets TO {role}; \
             REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        );
        sqlx::raw_sql(AssertSqlSafe(grant))
            .execute(db.pool())
            .await
            .unwrap();
        let reader = PgPool::connect_with(db.options().username(&role)).await.unwrap();
        let report = Migrator::new(reader.clone(), set::<Postgres>(true))
            .build()
            .run()
            .await
            .unwrap();
        assert!(report.applied.is_empty());
        reader.close().await;
        let drop = format!("DROP OWNED BY {role}; DROP ROLE {role}");
        sqlx::raw_sql(AssertSqlSafe(drop))
            .execute(db.pool())
            .await
            .unwrap();
    });
}

#[test]
fn a_read_only_file_starts() {
    run(async {
        let db = SqliteDatabase::create().await.unwrap();
        Migrator::new(db.pool().clone(), set::<Sqlite>(false))
            .build()
            .run()
            .await
            .unwrap();
        let reader = sqlx::SqlitePool::connect_with(db.options().read_only(true))
            .await
            .unwrap();
        let report = Migrator::new(reader, set::<Sqlite>(true))
            .build()
            .run()
            .await
            .unwrap();
        assert!(report.applied.is_empty());
    });
}

#[test]
fn a_hot_standby_starts() {
    run(async {
        let pair = PostgresPair::create().await.unwrap();
        Migrator::new(pair.primary().clone(), set::<Postgres>(false))
            .build()
            .run()
            .await
            .unwrap();
        pair.catch_up().await.unwrap();
        starts_in_one_query(&pair.standby_options(), &set(true)).await;
        let migrator = Migrator::new(pair.standby().clone(), set::<Postgres>(true)).build();
        assert!(migrator.status().await.unwrap().may_serve);
    });
}
