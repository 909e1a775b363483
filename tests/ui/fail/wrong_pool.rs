use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "wrong_pool", dialect = "postgres")]
struct Schema;

async fn start(pool: sqlx::SqlitePool) {
    let _ = Schema::run(&pool).await;
}

fn main() {
    let _ = start;
}
