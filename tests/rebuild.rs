//! What cargo compiles again when migration files change: a small crate, built by the cargo that runs this test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use migrate_core::Dialect;
use migrate_core::source::Options;
use migrate_core::source::lockfile::{FILE_NAME, Lockfile};

/// A crate that embeds `migrations`. Removed when it goes out of scope.
struct Embedding {
    folder: tempfile::TempDir,
    target: PathBuf,
}

impl Embedding {
    fn new(name: &str, build_script: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir().unwrap();
        // Compared with what cargo says, which follows links.
        let at = &folder.path().canonicalize().unwrap();
        fs::create_dir_all(at.join("src")).unwrap();
        fs::create_dir_all(at.join("migrations")).unwrap();
        let path = |package: &str| format!("{{ path = {:?} }}", root.join(package));
        let manifest = format!(
            "[package]\nname = {name:?}\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\nmigrate-core = {core}\nmigrate-macros = {macros}\n\
             [build-dependencies]\nmigrate-core = {core}\n",
            core = path("migrate-core"),
            macros = path("migrate-macros"),
        );
        fs::write(at.join("Cargo.toml"), manifest).unwrap();
        // The same versions as in the workspace: nothing has to be looked up.
        fs::copy(root.join("Cargo.lock"), at.join("Cargo.lock")).unwrap();
        fs::write(at.join("build.rs"), build_script).unwrap();
        let source = "#[derive(migrate_macros::Migrations)]\n#[migrations(dialect = \"sqlite\")]\npub struct Schema;\n";
        fs::write(at.join("src/lib.rs"), source).unwrap();
        // In the target folder of this workspace, so that dependencies are compiled once for all runs.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rebuild");
        let crate_ = Self { folder, target };
        crate_.write("20260101120000_users.sql", "users");
        crate_
    }

    fn migrations(&self) -> PathBuf {
        self.folder.path().join("migrations")
    }

    fn write(&self, name: &str, table: &str) {
        let text =
            format!("-- migrate:up\nCREATE TABLE {table} (id);\n-- migrate:down\nDROP TABLE {table};\n");
        fs::write(self.migrations().join(name), text).unwrap();
        // cargo compares times; some file systems count them coarsely.
        std::thread::sleep(std::time::Duration::from_millis(20));
    }

    /// Whether the crate was compiled, or what the compiler said.
    fn check(&self) -> Result<bool, String> {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--message-format", "json"])
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let library = self
            .folder
            .path()
            .join("src/lib.rs")
            .to_string_lossy()
            .into_owned();
        let artifact = said
            .lines()
            .find(|line| line.contains("\"compiler-artifact\"") && line.contains(&library));
        let compiled = artifact.is_some_and(|line| line.contains("\"fresh\":false"));
        if output.status.success() {
            Ok(compiled)
        } else {
            Err(said)
        }
    }
}

#[test]
fn a_changed_folder_compiles_the_crate_again() {
    let embedding = Embedding::new(
        "embedding-with-build-script",
        "fn main() { migrate_core::build::watch(\"migrations\") }",
    );
    let mut seen = vec![("at first", embedding.check())];
    seen.push(("nothing changed", embedding.check()));
    embedding.write("20260101120000_users.sql", "people");
    seen.push(("edited", embedding.check()));
    embedding.write("20260102120000_posts.sql", "posts");
    seen.push(("added", embedding.check()));
    seen.push(("nothing changed again", embedding.check()));
    fs::create_dir(embedding.migrations().join("2027")).unwrap();
    embedding.write("2027/20270101120000_tags.sql", "tags");
    seen.push(("added in a new folder", embedding.check()));
    fs::remove_file(embedding.migrations().join("20260102120000_posts.sql")).unwrap();
    seen.push(("removed", embedding.check()));
    seen.push(("nothing changed at last", embedding.check()));
    let expected: Vec<_> = seen
        .iter()
        .map(|(when, _)| (*when, Ok::<_, String>(!when.starts_with("nothing"))))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn edits_are_seen_without_a_build_script_and_released_files_are_held() {
    let embedding = Embedding::new(
        "embedding-without-build-script",
        "fn main() { println!(\"cargo:rerun-if-changed=build.rs\") }",
    );
    assert_eq!(embedding.check(), Ok(true));
    assert_eq!(embedding.check(), Ok(false));
    embedding.write("20260101120000_users.sql", "people");
    assert_eq!(embedding.check(), Ok(true));

    let migrations = embedding.migrations();
    let set = Options::new(Dialect::Sqlite).read_folder(&migrations).unwrap();
    let lock = Lockfile::default()
        .release(set.migrations.iter(), &migrations.to_string_lossy())
        .render();
    fs::write(migrations.join(FILE_NAME), lock).unwrap();
    // The file is new, so without the build script it takes a compilation for another reason.
    let source = embedding.folder.path().join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text + "\n").unwrap();
    assert_eq!(embedding.check(), Ok(true));
    assert_eq!(embedding.check(), Ok(false));

    embedding.write("20260101120000_users.sql", "persons");
    let said = embedding.check().unwrap_err();
    assert!(said.contains("[released-file-edited]"), "{said}");
    embedding.write("20260101120000_users.sql", "people");
    assert_eq!(embedding.check(), Ok(true));
}
