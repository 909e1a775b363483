//! A folder of SQL files without any convention but the order of their names.

use super::foreign::Unit;
use crate::model::{TransactionMode, Version};
use crate::source::SourceFile;
use crate::source::file_name::FileName;

/// Every `*.sql`, in the order of the paths. The versions are the places in that order, from 1.
pub(super) fn units(files: &[SourceFile]) -> Vec<Unit<'_>> {
    files
        .iter()
        .filter(|file| file.path.to_ascii_lowercase().ends_with(".sql"))
        .zip(1..)
        .map(|(file, place)| {
            let base = file.path.rsplit('/').next().unwrap_or_default();
            Unit {
                file_name: FileName {
                    version: Version(place),
                    name: base[..base.len() - ".sql".len()].to_owned(),
                },
                up: file,
                down: None,
                transaction: TransactionMode::One,
            }
        })
        .collect()
}
