//! The table that is printed.

use std::process::Command;

use crate::samples::Samples;

/// One line: what was measured, the times of each tool, and the target.
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) ours: Samples,
    pub(crate) sqlx: Samples,
    pub(crate) refinery: Option<Samples>,
    /// The same without any tool: what the database and the way to it take.
    pub(crate) floor: Option<Samples>,
    /// The greatest ratio that is wanted.
    pub(crate) target: f64,
    /// Whether the target counts against the faster peer, or against sqlx.
    pub(crate) against_faster: bool,
}

impl Line {
    fn ratio(&self) -> f64 {
        let peers = self
            .refinery
            .iter()
            .filter(|_| self.against_faster)
            .chain([&self.sqlx]);
        let fastest = peers.map(Samples::median).min().unwrap_or_default();
        self.ours.median().as_secs_f64() / fastest.as_secs_f64()
    }
}

/// Prints the lines as a Markdown table, with the machine and the versions above.
pub(crate) fn print(lines: &[Line]) {
    println!("{}", machine());
    println!("{}\n", versions());
    println!("| | ours | sqlx | refinery | no tool | ratio | target | |");
    println!("|---|---|---|---|---|---|---|---|");
    for line in lines {
        let refinery = line.refinery.as_ref().map_or("–".to_owned(), Samples::to_string);
        let floor = line.floor.as_ref().map_or("–".to_owned(), Samples::to_string);
        let peer = if line.against_faster { "the faster" } else { "sqlx" };
        let ratio = line.ratio();
        let verdict = if ratio <= line.target { "reached" } else { "missed" };
        println!(
            "| {} | {} | {} | {refinery} | {floor} | **{}** | ≤ {} × {peer} | {verdict} |",
            line.what,
            line.ours,
            line.sqlx,
            shown(ratio),
            line.target
        );
    }
    println!(
        "\nMedians with quartiles, measured in turns. No tool: one query over a pool of sqlx that asks for nothing; \
         and the SQL of the migrations alone, in one transaction on SQLite, in one each on PostgreSQL."
    );
}

fn shown(ratio: f64) -> String {
    format!("{ratio:.*}", if ratio < 0.1 { 3 } else { 2 })
}

fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{} {}, {cores} × {model}, load {load} at the end.  ",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

fn versions() -> String {
    let lock = include_str!("../Cargo.lock");
    let of = |name: &str| {
        let package = format!("name = \"{name}\"\nversion = \"");
        let version = lock
            .split_once(&package)
            .and_then(|(_, rest)| rest.split_once('"'));
        format!("{name} {}", version.map_or("?", |(version, _)| version))
    };
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let rustc = rustc.unwrap_or_default();
    let rustc = rustc.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let names = ["migrate-core", "sqlx", "refinery", "tokio-postgres", "rusqlite"];
    let sqlite = rusqlite::version();
    format!("{}, SQLite {sqlite}, {rustc}.", names.map(of).join(", "))
}
