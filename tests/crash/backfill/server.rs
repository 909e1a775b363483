//! A server of its own for one test, so that it can be killed without touching the one that all tests share.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::database::{Client, Kind, SOON, Scratch};

/// Starts the server, and ends it and its directory with the test, however that ended: then the pipe closes. A hang-up
/// comes where the test is killed while a worker is stopped.
const WATCH: &str = "trap : HUP INT TERM; stop=$1 dir=$2; shift 2; \"$@\" & server=$!; read -r word; \
                     kill -$stop $server; wait $server; [ \"$word\" = keep ] || rm -rf \"$dir\"";

pub(super) struct Server {
    kind: Kind,
    program: PathBuf,
    account: Option<(u32, u32)>,
    watch: Option<Child>,
    directory: tempfile::TempDir,
}

impl Server {
    /// A server of the programs that the shared one runs, if there are any on this machine.
    pub(super) async fn start(scratch: &Scratch) -> Option<Self> {
        let kind = scratch.kind();
        let variable = match kind {
            Kind::Postgres => "MIGRATE_TESTKIT_POSTGRES_URL",
            Kind::Mysql => "MIGRATE_TESTKIT_MYSQL_URL",
            _ => return None,
        };
        if std::env::var_os(variable).is_some_and(|url| !url.is_empty()) {
            return None;
        }
        let client = scratch.client(1).await;
        let programs = match kind {
            Kind::Postgres => "SELECT setting FROM pg_config WHERE name = 'BINDIR'",
            _ => "SELECT CAST(@@basedir AS char)",
        };
        let programs = client.texts(programs).await.remove(0);
        client.close().await;
        let (initialise, program) = match kind {
            Kind::Postgres => (
                Path::new(&programs).join("initdb"),
                Path::new(&programs).join("postgres"),
            ),
            _ => {
                let program = ["sbin/mariadbd", "bin/mariadbd", "libexec/mariadbd"]
                    .map(|name| Path::new(&programs).join(name));
                let program = program.into_iter().find(|program| program.exists())?;
                (Path::new(&programs).join("bin/mariadb-install-db"), program)
            }
        };
        if !initialise.exists() {
            return None;
        }
        let place = if Path::new("/dev/shm").is_dir() {
            "/dev/shm"
        } else {
            "/tmp"
        };
        let directory = tempfile::Builder::new()
            .prefix("kills")
            .tempdir_in(place)
            .unwrap();
        let account = account(kind);
        if let Some((user, group)) = account {
            chown(directory.path(), Some(user), Some(group)).unwrap();
        }
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o700)).unwrap();
        let mut server = Self {
            kind,
            program,
            account,
            watch: None,
            directory,
        };
        let data = server.directory.path().join("data");
        let mut command = server.command(&initialise);
        match kind {
            Kind::Postgres => command.args([
                "--no-sync",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
            ]),
            _ => command.args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--innodb-log-file-size=8M",
            ]),
        };
        match kind {
            Kind::Postgres => command.arg("-D").arg(&data),
            _ => command
                .arg(format!("--datadir={}", data.display()))
                .args(server.user()),
        };
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        server.run().await;
        Some(server)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/");
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }

    /// MariaDB refuses root unless told that it is meant.
    fn user(&self) -> Option<&'static str> {
        is_root().then_some("--user=root")
    }

    /// Starts it, and waits until it answers. What is committed is with the operating system then, so a killed server
    /// has it again.
    async fn run(&mut self) {
        let started = Instant::now();
        while started.elapsed() < SOON {
            self.end("keep");
            self.spawn();
            let since = Instant::now();
            while since.elapsed() < Duration::from_secs(5) {
                if let Ok(client) = Client::try_connect(self.kind, &self.url(self.admin()), 1).await {
                    client.close().await;
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        panic!("the server does not start");
    }

    fn spawn(&mut self) {
        let path = self.directory.path();
        let data = path.join("data");
        let mut command = self.command(Path::new("/bin/sh"));
        let stop = if self.kind == Kind::Postgres {
            "QUIT"
        } else {
            "KILL"
        };
        command
            .args(["-c", WATCH, "sh", stop])
            .arg(path)
            .arg(&self.program);
        match self.kind {
            Kind::Postgres => {
                command.arg("-D").arg(&data).arg("-k").arg(path);
                for setting in [
                    "listen_addresses=",
                    "fsync=off",
                    "shared_buffers=16MB",
                    "max_connections=100",
                    "dynamic_shared_memory_type=mmap",
                    "timezone=UTC",
                    "log_min_messages=panic",
                ] {
                    command.args(["-c", setting]);
                }
            }
            _ => {
                let flag = |name: &str, path: &Path| format!("--{name}={}", path.display());
                command
                    .arg("--no-defaults")
                    .arg(flag("datadir", &data))
                    .arg(flag("socket", &path.join("socket")))
                    .arg(flag("pid-file", &path.join("pid")))
                    .arg(flag("tmpdir", path))
                    .args(self.user())
                    .args([
                        "--skip-networking",
                        "--skip-log-bin",
                        "--default-time-zone=+00:00",
                    ])
                    .args(["--innodb-flush-log-at-trx-commit=2", "--innodb-log-file-size=8M"])
                    .args(["--innodb-buffer-pool-size=32M", "--character-set-server=utf8mb4"]);
            }
        }
        let spawned = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.watch = Some(spawned.unwrap());
    }

    /// The database that is always there.
    fn admin(&self) -> &'static str {
        if self.kind == Kind::Postgres {
            "postgres"
        } else {
            "mysql"
        }
    }

    fn url(&self, database: &str) -> String {
        let path = self.directory.path().display().to_string();
        match self.kind {
            Kind::Postgres => {
                let host = path.replace('/', "%2F");
                format!("postgres://postgres@localhost:5432/{database}?host={host}&sslmode=disable")
            }
            _ => format!("mysql://root@localhost/{database}?socket={path}/socket&ssl-mode=disabled"),
        }
    }

    /// The URL of a new database.
    pub(super) async fn create(&self, name: &str) -> String {
        let client = Client::connect(self.kind, &self.url(self.admin()), 1).await;
        client.execute(&format!("CREATE DATABASE {name}")).await;
        client.close().await;
        self.url(name)
    }

    pub(super) async fn drop_database(&self, name: &str) {
        let client = Client::connect(self.kind, &self.url(self.admin()), 1).await;
        let force = if self.kind == Kind::Postgres {
            " WITH (FORCE)"
        } else {
            ""
        };
        client.execute(&format!("DROP DATABASE {name}{force}")).await;
        client.close().await;
    }

    /// Kills every process of the server, and starts it again.
    pub(super) async fn kill(&mut self, down: Duration) {
        let file = match self.kind {
            Kind::Postgres => "data/postmaster.pid",
            _ => "pid",
        };
        let text = std::fs::read_to_string(self.directory.path().join(file)).unwrap();
        let server: u32 = text.lines().next().unwrap().trim().parse().unwrap();
        let children =
            std::fs::read_to_string(format!("/proc/{server}/task/{server}/children")).unwrap_or_default();
        let children = children.split_whitespace().map(|child| child.parse().unwrap());
        // The first one would start the others again.
        let all: Vec<String> = std::iter::once(server)
            .chain(children)
            .map(|process| process.to_string())
            .collect();
        let kill = format!("kill -KILL {} 2>/dev/null", all.join(" "));
        let _ = Command::new("/bin/sh").args(["-c", &kill]).status();
        tokio::time::sleep(down).await;
        self.run().await;
    }

    /// Ends it, and with any other word its directory.
    fn end(&mut self, word: &str) {
        if let Some(mut watch) = self.watch.take() {
            if let Some(mut pipe) = watch.stdin.take() {
                let _ = writeln!(pipe, "{word}");
            }
            let _ = watch.wait();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end("");
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// PostgreSQL refuses root.
fn account(kind: Kind) -> Option<(u32, u32)> {
    if kind != Kind::Postgres || !is_root() {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
    let of = |name: &str| {
        let line = accounts
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(|number| number.parse().ok());
        Some((numbers.next()??, numbers.next()??))
    };
    of("postgres").or_else(|| of("nobody"))
}
