//! The options of ALTER TABLE, and its ALGORITHM and LOCK.

use super::column::{Read, Refusal, character_set, charset, known};
use super::partition::{named_parts, rest};
use super::table::split;
use super::tokens::Cursor;
use crate::sql::{Action, Algorithm, Online, TableLock, TableOption};

/// Options that change what is written down about the table and no row.
const LIGHT: &[&str] = &[
    "comment",
    "auto_increment",
    "stats_persistent",
    "stats_auto_recalc",
    "stats_sample_pages",
    "checksum",
    "avg_row_length",
    "max_rows",
    "min_rows",
    "password",
    "delay_key_write",
    "insert_method",
    "pack_keys",
    "page_checksum",
    "table_checksum",
    "transactional",
    "secondary_engine",
    "autoextend_size",
    "engine_attribute",
    "secondary_engine_attribute",
    "compression",
    "connection",
    "sequence",
];

pub(super) fn table_option(c: &mut Cursor<'_, '_>, out: &mut Vec<Action>) -> Read<()> {
    let start = c.start();
    c.eat("default");
    let option = if c.eat_any(LIGHT) {
        c.setting();
        TableOption::Noted
    } else if character_set(c) {
        let set = known(c.setting())?;
        if c.eat("collate") {
            c.setting();
        }
        TableOption::Charset(charset(&set))
    } else if c.eat("collate") {
        let collation = known(c.setting())?;
        if character_set(c) {
            c.setting();
        }
        TableOption::Charset(match collation.eq_ignore_ascii_case("default") {
            true => "default".to_owned(),
            false => super::column::of_collation(&collation),
        })
    } else if c.eat_any(&["engine", "type"]) {
        TableOption::Engine(known(c.setting())?.to_lowercase())
    } else if c.eat("force") {
        TableOption::Rebuild
    } else if c.eat_any(&[
        "row_format",
        "key_block_size",
        "encrypted",
        "encryption_key_id",
        "page_compressed",
        "page_compression_level",
    ]) {
        known(c.setting())?;
        TableOption::Rebuild
    } else if c.eat("encryption") {
        known(c.setting())?;
        TableOption::Copy("ENCRYPTION")
    } else if c.eat_all(&["disable", "keys"])
        || c.eat_all(&["enable", "keys"])
        || c.eat_all(&["with", "validation"])
        || c.eat_all(&["without", "validation"])
        || c.eat_all(&["import", "tablespace"])
    {
        out.push(Action::Harmless);
        return Ok(());
    } else if c.eat_all(&["discard", "tablespace"]) {
        TableOption::DropRows {
            of: Vec::new(),
            stay: true,
        }
    } else if c.eat("tablespace") {
        c.setting();
        TableOption::Rebuild
    } else if c.eat_all(&["partition", "by"]) {
        let split = split(c);
        rest(c);
        TableOption::PartitionBy(Box::new(split))
    } else if c.eat_all(&["remove", "partitioning"]) {
        TableOption::Copy("REMOVE PARTITIONING")
    } else if c.eat_all(&["reorganize", "partition"]) || c.eat_all(&["coalesce", "partition"]) {
        rest(c);
        TableOption::Copy("reorganizing partitions")
    } else if c.eat_all(&["rebuild", "partition"]) || c.eat_all(&["optimize", "partition"]) {
        rest(c);
        TableOption::Copy("rebuilding partitions")
    } else if c.eat_all(&["truncate", "partition"]) || c.eat_all(&["exchange", "partition"]) {
        TableOption::DropRows {
            of: named_parts(c),
            stay: true,
        }
    } else if c.eat_all(&["analyze", "partition"]) || c.eat_all(&["check", "partition"]) {
        rest(c);
        out.push(Action::Harmless);
        return Ok(());
    } else {
        return Err(Refusal::Unknown);
    };
    out.push(Action::Option(option, c.since(start)));
    Ok(())
}

/// `ALGORITHM = …` and `LOCK = …`. Whether one of them stood here.
pub(super) fn online(c: &mut Cursor<'_, '_>, options: &mut Online) -> bool {
    let start = c.start();
    let assigned = |c: &Cursor<'_, '_>| c.rest.len() > 1;
    let value = |c: &mut Cursor<'_, '_>| {
        c.next();
        c.eat_punct("=");
        c.next()
            .map(|token| token.text.to_uppercase())
            .unwrap_or_default()
    };
    if c.at("algorithm") && assigned(c) {
        options.algorithm = match value(c).as_str() {
            "INSTANT" => Some(Algorithm::Instant),
            "NOCOPY" => Some(Algorithm::Nocopy),
            "INPLACE" => Some(Algorithm::Inplace),
            "COPY" => Some(Algorithm::Copy),
            _ => None,
        };
    } else if c.at("lock") && assigned(c) {
        options.lock = match value(c).as_str() {
            "NONE" => Some(TableLock::None),
            "SHARED" => Some(TableLock::Shared),
            "EXCLUSIVE" => Some(TableLock::Exclusive),
            _ => None,
        };
    } else {
        return false;
    }
    if options.span.end == 0 {
        options.span = c.since(start);
    }
    true
}
