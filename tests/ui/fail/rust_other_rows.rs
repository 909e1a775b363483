use migrate_core::backfill::Transform;

#[derive(migrate_macros::Backfill)]
#[backfill(table = "persons", key = "id")]
struct Nick {
    #[backfill(write)]
    nick: Option<String>,
}

impl Transform for Nick {
    type Error = String;

    async fn transform(&mut self) -> Result<(), String> {
        Ok(())
    }
}

#[derive(migrate_macros::Migrations)]
#[migrations(path = "rust_other_rows", dialect = "postgres", rust(nick_of = Nick))]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
