//! A proxy on a Unix socket that counts what a client sends to a server.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;

/// How many messages of each kind were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) queries: u64,
    pub(crate) parses: u64,
    pub(crate) syncs: u64,
}

#[derive(Default)]
struct Counters {
    queries: AtomicU64,
    parses: AtomicU64,
    syncs: AtomicU64,
}

pub(crate) struct Proxy {
    counters: Arc<Counters>,
    folder: tempfile::TempDir,
}

impl Proxy {
    pub(crate) fn start(server: &PgConnectOptions) -> Self {
        let target = match server.get_socket() {
            Some(folder) => folder.join(format!(".s.PGSQL.{}", server.get_port())),
            None => panic!("the server of the testkit listens on a Unix socket"),
        };
        Self::between(".s.PGSQL.5432", target, forward)
    }

    /// Commands count as queries, pings do not.
    pub(crate) fn start_mysql(server: &MySqlConnectOptions) -> Self {
        let target = server
            .get_socket()
            .expect("the server of the testkit listens on a Unix socket");
        Self::between("mysql.sock", target.clone(), forward_mysql)
    }

    fn between(
        name: &str,
        target: PathBuf,
        forward: fn(UnixStream, UnixStream, &Counters) -> Option<()>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(name)).unwrap();
        let counters = Arc::new(Counters::default());
        let counted = Arc::clone(&counters);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = UnixStream::connect(&target).unwrap();
                let (mut from_server, mut to_client) =
                    (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || forward(client, server, &counted));
            }
        });
        Self { counters, folder }
    }

    pub(crate) fn options(&self, server: &PgConnectOptions) -> PgConnectOptions {
        server.clone().socket(self.folder.path()).port(5432)
    }

    pub(crate) fn mysql_options(&self, server: &MySqlConnectOptions) -> MySqlConnectOptions {
        server.clone().socket(self.folder.path().join("mysql.sock"))
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            queries: self.counters.queries.load(Ordering::SeqCst),
            parses: self.counters.parses.load(Ordering::SeqCst),
            syncs: self.counters.syncs.load(Ordering::SeqCst),
        }
    }

    /// Waits until nothing is sent any more.
    pub(crate) async fn settle(&self) {
        loop {
            let before = self.counts();
            tokio::time::sleep(Duration::from_millis(100)).await;
            if before == self.counts() {
                return;
            }
        }
    }
}

/// Forwards what the client sends, message by message: the first one has no kind, all others do.
fn forward(mut client: UnixStream, mut server: UnixStream, counters: &Counters) -> Option<()> {
    let mut started = false;
    loop {
        let mut kind = [0; 1];
        if started {
            client.read_exact(&mut kind).ok()?;
            server.write_all(&kind).ok()?;
        }
        let mut length = [0; 4];
        client.read_exact(&mut length).ok()?;
        let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
        client.read_exact(&mut body).ok()?;
        let counter = match kind[0] {
            b'Q' => Some(&counters.queries),
            b'P' => Some(&counters.parses),
            b'S' => Some(&counters.syncs),
            _ => None,
        };
        started = true;
        // Before the server can answer: whoever has the answer finds it counted.
        if let Some(counter) = counter {
            counter.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&length).ok()?;
        server.write_all(&body).ok()?;
    }
}

/// As [`forward`]. Each packet has a length and a number; one that begins a command has the number 0.
fn forward_mysql(mut client: UnixStream, mut server: UnixStream, counters: &Counters) -> Option<()> {
    const QUIT: u8 = 1;
    const PREPARE: u8 = 0x16;
    const PING: u8 = 0x0e;
    loop {
        let mut head = [0; 4];
        client.read_exact(&mut head).ok()?;
        let length = u32::from_le_bytes([head[0], head[1], head[2], 0]);
        let mut body = vec![0; length as usize];
        client.read_exact(&mut body).ok()?;
        let counter = match (head[3], body.first().copied()) {
            (0, Some(QUIT | PING)) => None,
            (0, Some(PREPARE)) => Some(&counters.parses),
            (0, _) => Some(&counters.queries),
            _ => None,
        };
        if let Some(counter) = counter {
            counter.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&head).ok()?;
        server.write_all(&body).ok()?;
    }
}
