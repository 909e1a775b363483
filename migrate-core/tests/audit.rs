//! The program `migrate`, run as users run it.
//!
//! A case in `tests/audit` is one file: its first line are the arguments of a command, `-- file: <name>` starts a file of
//! the folder `db` that the command is run beside, and `-- status: <number>` what comes out. `MIGRATE_UPDATE=1` writes
//! that anew. In files `\\xff` stands for that byte, `\\r` at the end of a line for a carriage return.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// A folder that is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("migrate-audit-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("db")).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &[u8]) {
        let path = self.0.join("db").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn migrate(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_migrate"));
        program.args(arguments).current_dir(&self.0).output().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The bytes of a file as the case has it.
fn bytes(text: &str) -> Vec<u8> {
    let text = text.replace("\\r\n", "\r\n");
    let mut bytes = Vec::new();
    for (index, part) in text.split("\\xff").enumerate() {
        if index > 0 {
            bytes.push(0xff);
        }
        bytes.extend(part.as_bytes());
    }
    bytes
}

fn shown(output: &Output) -> String {
    let out = String::from_utf8(output.stdout.clone()).unwrap();
    let err = String::from_utf8(output.stderr.clone()).unwrap();
    format!("-- status: {}\n{out}{err}", output.status.code().unwrap())
}

fn check(path: &Path, wrong: &mut Vec<String>) {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(path).unwrap();
    let (given, expected) = match text.find("-- status:") {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let scratch = Scratch::new(name);
    let mut parts = given.split("-- file: ");
    let arguments: Vec<&str> = parts.next().unwrap().split_whitespace().collect();
    for part in parts {
        let (file, content) = part.split_once('\n').unwrap();
        scratch.write(file, &bytes(content));
    }
    let found = shown(&scratch.migrate(&arguments));
    if env::var_os("MIGRATE_UPDATE").is_some() {
        fs::write(path, format!("{given}{found}")).unwrap();
    } else if found != expected {
        wrong.push(format!("== {name}\n{expected}-- but it is\n{found}"));
    }
}

#[test]
fn every_case_comes_out_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut wrong = Vec::new();
    paths.iter().for_each(|path| check(path, &mut wrong));
    assert!(
        wrong.is_empty(),
        "{}\nMIGRATE_UPDATE=1 accepts this",
        wrong.join("\n")
    );
    assert!(paths.len() > 25, "only {} cases", paths.len());
}

#[test]
fn new_files_are_never_written_over_and_lock_releases_them() {
    let scratch = Scratch::new("new");
    let new = ["new", "Create", "the users", "--dir", "db"];
    let run = |arguments: &[&str]| {
        let output = scratch.migrate(arguments);
        let out = String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), out)
    };
    let (status, first) = run(&new);
    let (_, second) = run(&new);
    assert_eq!(status, 0);
    assert_ne!(first, second, "two files in one second have two versions");
    let path = scratch.0.join(first.trim());
    assert!(first.trim().ends_with("_create_the_users.sql"), "{first}");

    fs::write(
        &path,
        "-- migrate:up\nCREATE TABLE users (id bigint);\n-- migrate:down\nDROP TABLE users;\n",
    )
    .unwrap();
    fs::remove_file(scratch.0.join(second.trim())).unwrap();
    let lock = ["lock", "db", "--dialect", "postgres"];
    let check = ["lock", "db", "--dialect", "postgres", "--check"];
    assert_eq!(run(&check).0, 1, "it is a draft");
    let (status, out) = run(&lock);
    assert_eq!(status, 0, "{out}");
    assert!(out.ends_with("1 released, 1 of them new\n"), "{out}");
    assert_eq!(run(&check), (0, String::new()));
    let (status, out) = run(&lock);
    assert!(
        status == 0 && out.ends_with("1 released, 0 of them new\n"),
        "{out}"
    );

    fs::write(
        &path,
        "-- migrate:up\nCREATE TABLE users (id int);\n-- migrate:down\nDROP TABLE users;\n",
    )
    .unwrap();
    let (status, out) = run(&lock);
    assert!(
        status == 1 && out.contains("error[released-file-edited]"),
        "{out}"
    );
    let (status, out) = run(&["audit", "db", "--dialect", "postgres"]);
    assert!(
        status == 1 && out.contains("error[released-file-edited]"),
        "{out}"
    );
}
