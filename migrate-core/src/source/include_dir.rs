//! Reading a folder that `include_dir!` embedded.

use include_dir::Dir;

use super::{Faults, Options, SourceFile};
use crate::model::MigrationSet;

impl Options {
    /// Reads a folder embedded by the `include_dir!` macro, with the checks of the derive.
    ///
    /// # Errors
    ///
    /// All faults of all files, as one [`Faults`].
    pub fn read_dir(&self, dir: &Dir<'_>) -> Result<MigrationSet, Faults> {
        let root = dir.path().to_path_buf();
        let mut files = Vec::new();
        let mut folders = vec![dir.clone()];
        while let Some(folder) = folders.pop() {
            for file in folder.files() {
                let path = file.path().strip_prefix(&root).unwrap_or(file.path());
                let path = path.to_string_lossy().replace('\\', "/");
                if !path.split('/').any(|part| part.starts_with('.')) {
                    files.push(SourceFile {
                        path,
                        content: Ok(file.contents().to_vec()),
                    });
                }
            }
            folders.extend(folder.dirs().cloned());
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        self.read(files).into_result()
    }
}
