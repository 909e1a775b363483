//! Test processes: this test program started again with a role, in a directory of its own, so that what
//! is killed here is no other test's server.

use std::any::Any;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use migrate_testkit::{Error, MysqlDatabase, PostgresDatabase, PostgresPair, SqliteDatabase};
use tempfile::TempDir;

pub(crate) const KINDS: [&str; 3] = ["postgres", "mysql", "sqlite"];
pub(crate) const SERVERS: [&str; 2] = ["postgres", "mysql"];

/// With these, this program is a test process.
const ARGUMENTS: [&str; 4] = ["--exact", "common::child", "--ignored", "--nocapture"];

/// How many tests the role `runner` starts.
pub(crate) const OF_A_RUNNER: usize = 3;

pub(crate) struct Run {
    directory: TempDir,
    program: PathBuf,
    wrapper: Vec<String>,
    variables: Vec<(&'static str, String)>,
    /// Whether the servers live where the testkit itself puts them.
    own_place: bool,
}

impl Run {
    pub(crate) fn new() -> Self {
        let base = if Path::new("/dev/shm").is_dir() {
            "/dev/shm"
        } else {
            "/tmp"
        };
        let directory = tempfile::Builder::new().prefix("mtt-").tempdir_in(base).unwrap();
        // The server's account must pass through.
        open_to_all(directory.path());
        Self {
            directory,
            program: std::env::current_exe().unwrap(),
            wrapper: Vec::new(),
            variables: Vec::new(),
            own_place: false,
        }
    }

    /// Runs the program behind a mount that only it sees, with servers where the testkit itself puts them.
    pub(crate) fn behind(mut self, mount: &str) -> Self {
        self.wrapper = ["unshare", "--mount", "sh", "-c"].map(String::from).to_vec();
        self.wrapper.push(format!("{mount} && exec \"$0\" \"$@\""));
        self.own_place = true;
        self
    }

    pub(crate) fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }

    /// Runs a copy of the program as another user.
    pub(crate) fn for_user(mut self, uid: u32) -> Self {
        let program = self.directory.path().join("program");
        fs::copy(&self.program, &program).unwrap();
        open_to_all(&program);
        let servers = self.directory.path().join("servers");
        fs::create_dir(&servers).unwrap();
        std::os::unix::fs::chown(&servers, Some(uid), Some(uid)).unwrap();
        self.program = program;
        self.wrapper = ["setpriv", "--clear-groups"].map(String::from).to_vec();
        self.wrapper
            .extend([format!("--reuid={uid}"), format!("--regid={uid}")]);
        self.with("MIGRATE_TESTKIT_DIR", servers.to_str().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn start(&self, role: &str, kind: &str) -> Process {
        let mut words = self
            .wrapper
            .iter()
            .map(String::as_str)
            .chain([self.program.to_str().unwrap()]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(ARGUMENTS);
        if self.own_place {
            command
                .env_remove("MIGRATE_TESTKIT_DIR")
                .env_remove("XDG_RUNTIME_DIR");
        } else {
            command.env("MIGRATE_TESTKIT_DIR", self.path());
        }
        command.env("TEST_ROLE", role).env("TEST_KIND", kind);
        command.envs(self.variables.iter().map(|(variable, value)| (variable, value)));
        command
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        Process {
            child,
            input,
            output: output.unwrap(),
        }
    }

    /// A reaper of `directory` whose supervisor is this test: it ends with the reaper's standard input.
    pub(crate) fn start_reaper(&self, directory: &Path) -> Child {
        Command::new(&self.program)
            .env(
                "MIGRATE_TESTKIT_INTERNAL_ROLE",
                format!("reap:{}", directory.display()),
            )
            .current_dir("/")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The processes that belong to this run's servers: supervisors, reapers, servers with their backends.
    pub(crate) fn helpers(&self) -> Vec<u32> {
        let directory = self.path().to_str().unwrap();
        let is_helper = |pid: &u32| {
            let proc = PathBuf::from(format!("/proc/{pid}"));
            let role = environment(*pid).into_iter().any(|variable| {
                variable.starts_with("MIGRATE_TESTKIT_INTERNAL_ROLE=") && variable.contains(directory)
            });
            let command = fs::read_to_string(proc.join("cmdline")).unwrap_or_default();
            let serves = command.contains(&format!("{directory}/")) && !command.contains("--nocapture");
            let inside = fs::read_link(proc.join("cwd")).is_ok_and(|cwd| cwd.starts_with(self.path()));
            is_running(*pid) && (role || serves || inside)
        };
        pids().into_iter().filter(is_helper).collect()
    }

    pub(crate) fn supervisors(&self) -> Vec<u32> {
        let role = format!(
            "MIGRATE_TESTKIT_INTERNAL_ROLE=supervise:{}",
            self.path().display()
        );
        let mut found = self.helpers();
        found.retain(|pid| {
            environment(*pid)
                .iter()
                .any(|variable| variable.starts_with(&role))
        });
        found
    }

    /// The process of the server itself.
    pub(crate) fn servers(&self) -> Vec<u32> {
        let mut found = self.helpers();
        found.retain(|pid| {
            let command = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            command.contains("postgres\0-D\0")
                || command.contains("mariadbd\0")
                || command.contains("mysqld\0")
        });
        found
    }

    /// The servers' directories.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path())
            .unwrap()
            .flatten()
            .map(|entry| entry.path());
        entries
            .filter(|path| path.to_str().unwrap().contains("migrate-testkit-"))
            .collect()
    }

    pub(crate) fn log(&self) -> String {
        let logs = self
            .leftovers()
            .into_iter()
            .map(|directory| fs::read_to_string(directory.join("log")));
        logs.flatten().collect()
    }

    pub(crate) fn wait_until_clean(&self) {
        eventually("nothing is left behind", || {
            self.leftovers().is_empty() && self.helpers().is_empty()
        });
    }
}

/// One test process.
pub(crate) struct Process {
    pub(crate) child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// The URL of the database that the process has opened.
    pub(crate) fn url(&mut self) -> String {
        self.line("url ").unwrap_or_else(|| {
            let mut errors = String::new();
            let _ = self.child.stderr.take().unwrap().read_to_string(&mut errors);
            panic!("the process opened no database: {errors}")
        })
    }

    /// The rest of the first line that contains `prefix`; the harness prints text of its own before it.
    pub(crate) fn line(&mut self, prefix: &str) -> Option<String> {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some((_, rest)) = line.trim_end().split_once(prefix) {
                return Some(rest.to_owned());
            }
            line.clear();
        }
        None
    }

    /// Lets the process go on, and waits for its end; returns what it wrote to standard error.
    pub(crate) fn finish(mut self) -> (bool, String) {
        drop(self.input.take());
        // The rest of its output must be read, lest it wait for a reader.
        let _ = std::io::copy(&mut self.output, &mut std::io::sink());
        let mut errors = String::new();
        let _ = self.child.stderr.take().unwrap().read_to_string(&mut errors);
        (self.child.wait().unwrap().success(), errors)
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Not a test: what this program does when a test starts it again.
#[tokio::test]
#[ignore = "started by the other tests"]
async fn child() {
    if let (Ok(role), Ok(kind)) = (std::env::var("TEST_ROLE"), std::env::var("TEST_KIND")) {
        play(&role, &kind).await.unwrap();
    }
}

/// What a test process does.
async fn play(role: &str, kind: &str) -> Result<(), Error> {
    if role == "runner" {
        run_tests();
        return Ok(());
    }
    let (url, database) = match open(kind, role == "template").await {
        Err(error) if error.is_skipped() => {
            println!("skipped");
            return Ok(());
        }
        opened => opened?,
    };
    if role == "stay" {
        println!("stays {}", std::process::id());
        // Nobody is left to end it if what ends it is at fault.
        thread::sleep(Duration::from_secs(300));
    }
    println!("url {url}");
    let mut word = String::new();
    std::io::stdin().read_to_string(&mut word).unwrap();
    assert_ne!(role, "panic", "as the test wants it");
    drop(database);
    Ok(())
}

/// Like `cargo nextest`: starts processes for tests, and waits for them.
fn run_tests() {
    let start = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(ARGUMENTS)
            .env("TEST_ROLE", "stay")
            .stdin(Stdio::null());
        command.spawn().unwrap()
    };
    let tests: Vec<Child> = (0..OF_A_RUNNER).map(|_| start()).collect();
    for mut test in tests {
        test.wait().unwrap();
    }
}

async fn open(kind: &str, template: bool) -> Result<(String, Box<dyn Any>), Error> {
    const TABLE: &str = "CREATE TABLE content (id int)";
    Ok(match (kind, template) {
        ("postgres", false) => PostgresDatabase::create()
            .await
            .map(|d| (d.url().to_owned(), Box::new(d) as _))?,
        ("mysql", false) => MysqlDatabase::create()
            .await
            .map(|d| (d.url().to_owned(), Box::new(d) as _))?,
        ("sqlite", false) => SqliteDatabase::create()
            .await
            .map(|d| (d.url().to_owned(), Box::new(d) as _))?,
        ("pair", false) => PostgresPair::create()
            .await
            .map(|pair| (String::from("of a pair"), Box::new(pair) as _))?,
        ("postgres", true) => {
            let build = async |pool| Ok(sqlx::query(TABLE).execute(&pool).await.map(drop)?);
            let database = PostgresDatabase::from_template("child", build).await?;
            (database.url().to_owned(), Box::new(database) as _)
        }
        other => panic!("no role for {other:?}"),
    })
}

/// Waits, with a limit so generous that only a fault reaches it.
pub(crate) fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(90);
    while !condition() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

pub(crate) fn kill(pid: u32) {
    assert!(
        Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// A zombie counts as gone: nobody may be there to reap it.
pub(crate) fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

pub(crate) fn environment(pid: u32) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    String::from_utf8_lossy(&bytes)
        .split('\0')
        .map(String::from)
        .collect()
}

fn pids() -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
