//! A case for the analysis: SQL with lines that say in which circumstances it stands.
//!
//! `-- layout: sqlx`, `-- since: 14`, `-- phase: contract`, `-- transaction: off` and `-- directive: …` are about the drafts. `-- history`,
//! `-- draft` and `-- down` each start a part; the text before the first of them is a draft. Every `-- draft` is a file.

use migrate_core::diagnostic::{Diagnostic, Severity};
use migrate_core::model::{Layout, ServerVersion};
use migrate_core::rules::{Config, analyse};
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, MigrationSet, Version};

#[derive(Default)]
struct Draft {
    up: String,
    down: Option<String>,
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
            } else if trimmed == "-- strict" {
                config.strict = true;
            } else if let Some(value) = trimmed.strip_prefix("-- directive:") {
                header.push_str(&format!("-- migrate:{}\n", value.trim()));
            } else if trimmed == "-- history" {
                history.push(String::new());
                part = "history";
            } else if trimmed == "-- draft" {
                if !drafts.last().unwrap().up.trim().is_empty() {
                    drafts.push(Draft::default());
                }
                part = "draft";
            } else if trimmed == "-- down" {
                drafts.last_mut().unwrap().down = Some(String::new());
                part = "down";
            } else {
                let draft = drafts.last_mut().unwrap();
                let target = match part {
                    "history" => history.last_mut().unwrap(),
                    "down" => draft.down.as_mut().unwrap(),
                    _ => &mut draft.up,
                };
                target.push_str(line);
                target.push('\n');
            }
        }
        let mut texts = Vec::new();
        for draft in &drafts {
            let way_back = match &draft.down {
                Some(_) => "",
                None if phase == "migrate" => "-- migrate:verify zero\nSELECT 0;\n",
                None => "-- migrate:irreversible \"case\"\n",
            };
            let (before, after) = if phase == "migrate" {
                ("", way_back)
            } else {
                (way_back, "")
            };
            let change = if phase == "expand" {
                ""
            } else {
                "-- migrate:change case_change\n"
            };
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
            texts.push(text);
        }
        let about = About {
            dialect,
            history,
            since,
            layout,
        };
        Self::judge(about, config, texts)
    }

    /// The case with other drafts.
    #[allow(dead_code)]
    pub(crate) fn with(&self, drafts: Vec<String>) -> Self {
        let about = About {
            history: self.about.history.clone(),
            layout: Layout::Native,
            ..self.about
        };
        Self::judge(about, self.config.clone(), drafts)
    }

    fn judge(about: About, config: Config, drafts: Vec<String>) -> Self {
        let mut files = Vec::new();
        for (index, sql) in about.history.iter().enumerate() {
            let text = match about.layout {
                Layout::Native => format!("-- migrate:irreversible \"history\"\n-- migrate:up\n{sql}"),
                _ => sql.clone(),
            };
            files.push(file(format!("202001010000{index:02}_history.sql"), text));
        }
        for (index, text) in drafts.into_iter().enumerate() {
            files.push(file(format!("202101010000{index:02}_draft.sql"), text));
        }
        let mut options = Options::new(about.dialect);
        options.layout = about.layout;
        options.since = about.since;
        // The case judges the set itself.
        options.rules = None;
        options.baseline = about
            .history
            .len()
            .checked_sub(1)
            .map(|last| Version(20_200_101_000_000 + last as u64));
        let outcome = options.read(files);
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
