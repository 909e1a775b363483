//! Reading a folder of the file system.

use std::fs;
use std::io;
use std::path::Path;

use super::SourceFile;

/// How deep folders may be nested: enough for any layout, and an end for links that go in circles.
const DEEPEST: usize = 16;

/// All files below a folder, sorted by path. Hidden files and folders are passed over.
///
/// # Errors
///
/// If the folder itself cannot be listed. A file that cannot be read is part of the result.
pub fn files_in_folder(folder: &Path) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    walk(folder, "", 0, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<SourceFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        // Follows links, as every other reader of the folder does.
        let is_folder = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
        if !is_folder {
            let content = fs::read(entry.path()).map_err(|error| error.to_string());
            files.push(SourceFile { path, content });
        } else if depth < DEEPEST
            && let Err(error) = walk(&entry.path(), &format!("{path}/"), depth + 1, files)
        {
            files.push(SourceFile {
                path,
                content: Err(error.to_string()),
            });
        }
    }
    Ok(())
}
