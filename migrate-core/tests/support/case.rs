//! A case for the analysis: SQL with lines that say in which circumstances it stands.
//!
//! `-- layout: sqlx`, `refinery` or `plain`, `-- runner: tool`, `-- since: 14`, `-- phase: contract`, `-- transaction: off` and `-- directive: …` are about the drafts. `-- history`,
//! `-- draft`, `-- down` and `-- verify: zero` each start a part; the text before the first of them is a draft. Every `-- draft` is a file; a migrate
//! file without `-- down` and `-- verify:` has a verify section that answers 0.
//!
//! Where files differ, each starts with `-- file: <phase> [<change>] [<version>] [released]` instead; a `-- directive:` in it is its own.

use migrate_core::diagnostic::{Diagnostic, ProposedFile, Severity};
use migrate_core::model::{Layout, ServerVersion};
use migrate_core::rules::{Config, analyse};
use migrate_core::source::{Options, Runner, SourceFile};
use migrate_core::{Dialect, MigrationSet, Version};

#[derive(Default)]
struct Draft {
    up: String,
    down: Option<String>,
    /// What is expected of its query, and the query.
    verify: Option<(String, String)>,
    /// What its own line says, where it has one.
    own: Option<Own>,
}

/// What one file says of itself.
struct Own {
    phase: String,
    change: Option<String>,
    version: Option<u64>,
    released: bool,
    header: String,
}

impl Own {
    fn read(text: &str) -> Self {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let phase = words.remove(0).to_owned();
        let released = words.last() == Some(&"released");
        words.truncate(words.len() - usize::from(released));
        let version = words.last().and_then(|word| word.parse().ok());
        words.truncate(words.len() - usize::from(version.is_some()));
        Self {
            phase,
            change: words.first().map(|change| (*change).to_owned()),
            version,
            released,
            header: String::new(),
        }
    }
}

pub(crate) struct Case {
    pub(crate) set: MigrationSet,
    pub(crate) config: Config,
    about: About,
    refused: Vec<Diagnostic>,
}

/// The circumstances of a case.
struct About {
    dialect: Dialect,
    history: Vec<String>,
    since: Option<ServerVersion>,
    layout: Layout,
}

impl Draft {
    /// Whether it has something: one whose data Rust code moves has no SQL.
    fn is_begun(&self) -> bool {
        let is_rust = |own: &Own| own.header.contains("migrate:rust");
        !self.up.trim().is_empty() || self.own.as_ref().is_some_and(is_rust)
    }
}

impl Case {
    pub(crate) fn read(text: &str, dialect: Dialect) -> Self {
        let (mut since, mut phase, mut header) = (None, "expand".to_owned(), String::new());
        let mut history: Vec<String> = Vec::new();
        let mut drafts = vec![Draft::default()];
        let mut part = "draft";
        let mut config = Config::default();
        let mut layout = Layout::Native;
        for line in text.lines() {
            let trimmed = line.trim();
            if let Some(value) = trimmed.strip_prefix("-- since:") {
                since = Some(value.trim().parse().unwrap());
            } else if let Some(value) = trimmed.strip_prefix("-- phase:") {
                phase = value.trim().to_owned();
            } else if trimmed == "-- transaction: off" {
                header.push_str("-- migrate:transaction off\n");
            } else if trimmed == "-- layout: sqlx" {
                layout = Layout::Sqlx;
            } else if trimmed == "-- layout: refinery" {
                layout = Layout::Refinery;
            } else if trimmed == "-- layout: plain" {
                layout = Layout::Plain;
                config.run_by_tool = true;
            } else if trimmed == "-- runner: tool" {
                config.run_by_tool = true;
            } else if trimmed == "-- strict" {
                config.strict = true;
            } else if let Some(value) = trimmed.strip_prefix("-- directive:") {
                let own = drafts.last_mut().and_then(|draft| draft.own.as_mut());
                let header = own.map_or(&mut header, |own| &mut own.header);
                header.push_str(&format!("-- migrate:{}\n", value.trim()));
            } else if let Some(value) = trimmed.strip_prefix("-- file:") {
                if drafts.last().unwrap().is_begun() {
                    drafts.push(Draft::default());
                }
                drafts.last_mut().unwrap().own = Some(Own::read(value));
                part = "draft";
            } else if let Some(value) = trimmed.strip_prefix("-- remind-after:") {
                config.remind_after = Some(Config::age(value.trim()).unwrap());
            } else if trimmed == "-- history" {
                history.push(String::new());
                part = "history";
            } else if trimmed == "-- draft" {
                if drafts.last().unwrap().is_begun() {
                    drafts.push(Draft::default());
                }
                part = "draft";
            } else if let Some(value) = trimmed.strip_prefix("-- verify:") {
                drafts.last_mut().unwrap().verify = Some((value.trim().to_owned(), String::new()));
                part = "verify";
            } else if trimmed == "-- down" {
                drafts.last_mut().unwrap().down = Some(String::new());
                part = "down";
            } else {
                let draft = drafts.last_mut().unwrap();
                let target = match part {
                    "history" => history.last_mut().unwrap(),
                    "down" => draft.down.as_mut().unwrap(),
                    "verify" => &mut draft.verify.as_mut().unwrap().1,
                    _ => &mut draft.up,
                };
                target.push_str(line);
                target.push('\n');
            }
        }
        let mut texts = Vec::new();
        let mut released = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            let mut version = numbered(index);
            let (mut phase, mut header) = (phase.as_str(), header.as_str());
            let mut change = (phase != "expand").then_some("case_change");
            if let Some(own) = &draft.own {
                (phase, header) = (own.phase.as_str(), own.header.as_str());
                change = own
                    .change
                    .as_deref()
                    .or_else(|| (phase != "expand").then_some("case_change"));
                version = own.version.map_or(version, Version);
                released.extend(own.released.then_some(version));
            }
            let verify = draft.verify.as_ref();
            let verify = verify.map(|(expected, query)| format!("-- migrate:verify {expected}\n{query}"));
            let way_back = match &draft.down {
                Some(_) => "",
                None if verify.is_some() => verify.as_deref().unwrap_or_default(),
                None if phase == "migrate" => "-- migrate:verify zero\nSELECT 0;\n",
                None if header.contains("irreversible") => "",
                None => "-- migrate:irreversible \"case\"\n",
            };
            let (before, after) = if phase == "migrate" {
                ("", way_back)
            } else {
                (way_back, "")
            };
            let change = change.map_or_else(String::new, |name| format!("-- migrate:change {name}\n"));
            let down = draft
                .down
                .as_ref()
                .map_or_else(String::new, |sql| format!("-- migrate:down\n{sql}"));
            let up = &draft.up;
            let text =
                format!("{change}-- migrate:phase {phase}\n{header}{before}-- migrate:up\n{up}{down}{after}");
            let text = match layout {
                Layout::Native => text,
                _ if header.contains("transaction off") => format!("-- no-transaction\n{up}"),
                _ => up.clone(),
            };
            texts.push((version, text));
        }
        let about = About {
            dialect,
            history,
            since,
            layout,
        };
        Self::judge(about, config, texts, &released)
    }

    /// The case with other drafts.
    #[allow(dead_code)]
    pub(crate) fn with(&self, drafts: Vec<String>) -> Self {
        let about = About {
            history: self.about.history.clone(),
            layout: Layout::Native,
            ..self.about
        };
        let drafts = drafts.into_iter().enumerate();
        let drafts = drafts.map(|(index, text)| (numbered(index), text)).collect();
        Self::judge(about, self.config.clone(), drafts, &[])
    }

    /// The case with the files that a finding proposes, read as they are printed; a placeholder is a literal that suits
    /// most types.
    #[allow(dead_code)]
    pub(crate) fn instead(&self, files: &[ProposedFile]) -> Self {
        let written = |file: &ProposedFile| {
            // Whoever pastes the files gives the reason that they ask for.
            let text = file.to_string().replace("key=…", "key=id");
            let asks = ["say what is lost", "say why there is no way back"];
            let text = asks.iter().fold(text, |text, ask| {
                text.replace(
                    &format!("{ask}, or write a down section instead of this line"),
                    "filled in",
                )
            });
            match file.sql.contains("ADD COLUMN") && file.sql.ends_with(" …;") {
                true => text.replace('…', "text"),
                false => text.replace('…', "'1'"),
            }
        };
        self.with(files.iter().map(written).collect())
    }

    fn judge(about: About, mut config: Config, drafts: Vec<(Version, String)>, released: &[Version]) -> Self {
        let mut files = Vec::new();
        for (index, sql) in about.history.iter().enumerate() {
            let text = match about.layout {
                Layout::Native => format!("-- migrate:irreversible \"history\"\n-- migrate:up\n{sql}"),
                _ => sql.clone(),
            };
            let version = format!("202001010000{index:02}");
            files.push(file(named(about.layout, &version, "history"), text));
        }
        for (version, text) in drafts {
            files.push(file(named(about.layout, &version.to_string(), "draft"), text));
        }
        let mut options = Options::new(about.dialect);
        options.layout = about.layout;
        if config.run_by_tool {
            options.runner = Runner::Tool;
        }
        options.since = about.since;
        // The case judges the set itself.
        options.rules = None;
        options.baseline = about.history.len().checked_sub(1).map(|last| match about.layout {
            // There the versions are the places in the order of the names.
            Layout::Plain => Version(last as u64 + 1),
            _ => Version(20_200_101_000_000 + last as u64),
        });
        config.baseline = options.baseline;
        let mut outcome = options.read(files);
        for migration in outcome.set.migrations.to_mut() {
            migration.released |= released.contains(&migration.version);
        }
        let mut refused = outcome.diagnostics;
        refused.retain(|diagnostic| about.layout == Layout::Native && diagnostic.severity == Severity::Error);
        Self {
            set: outcome.set,
            config,
            about,
            refused,
        }
    }

    /// What the reader refuses and what the analysis finds.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let found = analyse(&self.set, &self.config);
        self.refused.iter().cloned().chain(found).collect()
    }

    /// Those that are not of rules over a way back, for who runs what goes forwards.
    #[allow(dead_code)]
    pub(crate) fn forwards(&self) -> Vec<Diagnostic> {
        let back = |note: &String| note.starts_with("in `down`:");
        let mut found = self.diagnostics();
        found.retain(|diagnostic| !diagnostic.notes.iter().any(back));
        found
    }
}

/// What is wrong with files that a finding proposes, beside errors: a warning that they draw at once, a promise of the help
/// that they do not keep, or a way back that is missing though nothing is lost.
#[allow(dead_code)]
pub(crate) fn unfit(
    finding: &Diagnostic,
    told: &[Diagnostic],
    before: &[Diagnostic],
) -> impl Iterator<Item = String> {
    let mut faults = Vec::new();
    for name in [
        "rollback-loses-data",
        "drop-not-null",
        "sync-default",
        "sync-not-null",
    ] {
        let own = before.iter().any(|one| one.code.name == name);
        if let Some(drawn) = told.iter().find(|one| one.code.name == name && !own) {
            faults.push(format!("the files are warned about at once: {drawn}"));
        }
    }
    let text: Vec<String> = finding.replacement.iter().map(ToString::to_string).collect();
    let text = text.join("\n");
    // Files may be told with nothing more to say.
    let help = finding.help.as_deref().unwrap_or_default();
    let synced = text.contains("-- migrate:sync ");
    if help.contains("the sync") && !synced
        || help.contains("migrate:sync") && text.contains("DROP COLUMN") && !synced
    {
        faults.push(format!("the help speaks of a sync, and no file has one: {help}"));
    }
    if synced && !text.contains("-- migrate:unsync ") {
        faults.push("a sync begins and never ends".to_owned());
    }
    for file in finding
        .replacement
        .iter()
        .filter(|file| file.irreversible.as_deref().is_some_and(|why| why != "case"))
    {
        let sql = file.sql.to_uppercase();
        let loses = ["DROP ", "TRUNCATE", "ADD VALUE", "DELETE "]
            .iter()
            .any(|word| sql.contains(word));
        if !loses && !finding.code.name.starts_with("mysql-") {
            faults.push(format!("no way back, though nothing is lost: {}", file.sql));
        }
    }
    faults.into_iter()
}

/// The version of the draft with that index.
fn numbered(index: usize) -> Version {
    Version(20_210_101_000_000 + index as u64)
}

fn file(path: String, text: String) -> SourceFile {
    SourceFile {
        path,
        content: Ok(text.into_bytes()),
    }
}

/// The names of the findings, sorted, each once.
pub(crate) fn names(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    let mut names: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The file name of a version.
fn named(layout: Layout, version: &str, words: &str) -> String {
    match layout {
        Layout::Refinery => format!("V{version}__{words}.sql"),
        _ => format!("{version}_{words}.sql"),
    }
}
