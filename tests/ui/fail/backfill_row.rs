use migrate_macros::Backfill;

#[derive(Backfill)]
struct NoTable {
    #[backfill(write)]
    nick: Option<String>,
}

#[derive(Backfill)]
#[backfill(table = "users", keys = "id")]
struct BadOption {
    #[backfill(write)]
    nick: Option<String>,
}

#[derive(Backfill)]
#[backfill(table = "users", key = "id")]
struct Marks {
    #[backfill(key)]
    uid: i64,
    #[backfill(write)]
    id: i64,
    name: String,
    #[backfill(read, write)]
    nick: Option<String>,
    #[backfill(written)]
    other: Option<String>,
}

#[derive(Backfill)]
#[backfill(table = "users", key = "id")]
struct NothingWritten {
    #[backfill(read)]
    name: String,
}

#[derive(Backfill)]
#[backfill(table = "users", key = "id")]
struct Generic<T> {
    #[backfill(write)]
    nick: T,
}

#[derive(Backfill)]
#[backfill(table = "users", key = "id")]
struct Tuple(String);

#[derive(Backfill)]
#[backfill(table = "users", key = "id")]
enum Choice {
    One,
}

fn main() {}
