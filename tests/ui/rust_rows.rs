//! The row that the cases about Rust code share.

use migrate_core::backfill::Transform;

#[derive(migrate_macros::Backfill)]
#[backfill(table = "users", key = "id")]
pub struct Nick {
    id: i64,
    #[backfill(read)]
    name: Option<String>,
    #[backfill(write)]
    nick: Option<String>,
}

impl Transform for Nick {
    type Error = String;

    async fn transform(&mut self) -> Result<(), String> {
        self.nick = self.name.as_ref().map(|name| format!("{name} {}", self.id));
        Ok(())
    }
}
