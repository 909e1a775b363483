//! House rules that are tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use migrate_core::diagnostic::codes;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the macros bring into the build of every user's crate, on the host and before anything else can start.
#[test]
fn macros_do_not_compile_drivers() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "-p",
            "migrate-macros",
            "-e",
            "normal",
            "--offline",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.starts_with("migrate-macros "), "{tree}");
    for package in tree.lines().filter_map(|line| line.split_whitespace().next()) {
        let driver = ["sqlx", "tokio", "rusqlite", "libsqlite3-sys", "aws-"];
        assert!(
            !driver.iter().any(|name| package.starts_with(name)),
            "{package} is among them:\n{tree}"
        );
    }
}

/// The texts of all files below a folder that end so.
fn texts(folder: &Path, ending: &str) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&texts(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    all
}

#[test]
fn every_code_has_a_case() {
    let shown = texts(&root().join("tests/ui/fail"), "stderr");
    // What `migrate squash` says is no fault of a set: its cases are those of the command line.
    let of_sets = codes::ALL.iter().filter(|code| **code != &codes::NOT_SQUASHABLE);
    for code in of_sets {
        let found = shown.contains(&format!("[{}]", code.name));
        assert!(found, "no case in tests/ui/fail shows {}", code.name);
    }
}

/// Whoever looks for what is brought about finds it, and a test does not go unnoticed.
#[test]
fn every_situation_has_its_test() {
    let listed = fs::read_to_string(root().join("tests/situations.txt")).unwrap();
    let folders = ["tests/drivers", "tests/crash", "migrate-core/tests"];
    let sources: String = folders
        .iter()
        .map(|folder| texts(&root().join(folder), "rs"))
        .collect();
    for line in listed
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (situation, names) = line.split_once(" | ").expect("a situation and its tests");
        assert!(!names.trim().is_empty(), "nothing brings about: {situation}");
        for path in names.split_whitespace() {
            let name = path.rsplit("::").next().unwrap();
            let is_there =
                sources.contains(&format!("fn {name}(")) || sources.contains(&format!("fn {name}<"));
            // Some are made by a macro of a list of names.
            let is_listed = sources.contains(&format!("    {name}: "));
            assert!(is_there || is_listed, "{situation}: there is no test `{name}`");
        }
    }
}
