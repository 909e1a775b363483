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

#[test]
fn every_code_is_shown_as_a_compile_error() {
    let shown: String = fs::read_dir(root().join("tests/ui/fail"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "stderr"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for code in codes::ALL {
        assert!(
            shown.contains(&format!("[{}]", code.name)),
            "no case in tests/ui/fail shows {}",
            code.name
        );
    }
}
