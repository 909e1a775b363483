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
/// If the folder itself cannot be listed. A file that cannot be read is part of the result, and so is a folder below,
/// whose path ends with `/`.
pub fn files_in_folder(folder: &Path) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    let mut list = |folder: &Path| fs::read_dir(folder);
    walk(folder, "", 0, &mut list, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    list: &mut dyn FnMut(&Path) -> io::Result<fs::ReadDir>,
    files: &mut Vec<SourceFile>,
) -> io::Result<()> {
    for entry in list(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        // Follows links, as every other reader of the folder does.
        let is_folder = match fs::metadata(entry.path()) {
            Ok(metadata) => metadata.is_dir(),
            // A folder that may be listed and not entered tells no more than this of what is in it.
            Err(_) => entry.file_type().is_ok_and(|kind| kind.is_dir()),
        };
        if !is_folder {
            let content = fs::read(entry.path()).map_err(|error| error.to_string());
            files.push(SourceFile { path, content });
            continue;
        }
        let path = format!("{path}/");
        if depth < DEEPEST
            && let Err(error) = walk(&entry.path(), &path, depth + 1, list, files)
        {
            files.push(SourceFile {
                path,
                content: Err(error.to_string()),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who may read everything, as in a container, is refused no folder: the system is asked in place of it.
    #[test]
    fn a_folder_that_cannot_be_listed_is_part_of_the_result() {
        let root = std::env::temp_dir().join(format!("migrate-folder-{}", std::process::id()));
        fs::create_dir_all(root.join("2026/secret")).expect("folders");
        fs::write(root.join("2026/a.sql"), "SELECT 1;").expect("a file");
        let mut list = |folder: &Path| match folder.ends_with("secret") {
            true => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
            false => fs::read_dir(folder),
        };
        let mut files = Vec::new();
        let walked = walk(&root, "", 0, &mut list, &mut files);
        fs::remove_dir_all(&root).expect("nothing is left");
        walked.expect("the folder itself is read");
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let shown: Vec<(&str, bool)> = files
            .iter()
            .map(|file| (&*file.path, file.content.is_ok()))
            .collect();
        assert_eq!(shown, [("2026/a.sql", true), ("2026/secret/", false)]);
    }
}
