//! The layout that a folder may be of, where its files are not of the native one.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::Layout;
use crate::source::{Options, Runner, SourceFile};

/// The files that are not native.
#[derive(Default)]
pub(super) struct Foreign {
    /// What each seems to be of.
    layouts: Vec<Option<Layout>>,
    /// The finding that has the hint: the first one, because it is what to do about all.
    first: Option<usize>,
}

impl Foreign {
    /// Notes a file by its findings, which will stand at `from` among all.
    pub(super) fn note(&mut self, file: &SourceFile, faults: &[Diagnostic], from: usize) {
        let unnamed = |fault: &Diagnostic| [&codes::BAD_FILE_NAME, &codes::MISSING_UP].contains(&fault.code);
        let Some(at) = faults.iter().position(unnamed) else {
            return;
        };
        let layout = looks_like(file);
        if layout.is_some() || is_plain(file) {
            self.layouts.push(layout);
            self.first.get_or_insert(from + at);
        }
    }

    /// Adds the hint to the first of them.
    pub(super) fn hint(self, options: &Options, files: usize, diagnostics: &mut [Diagnostic]) {
        let Some(diagnostic) = self.first.and_then(|at| diagnostics.get_mut(at)) else {
            return;
        };
        let audited = options.runner != Runner::Library;
        let named = self.layouts.iter().flatten().next();
        let same = self.layouts.iter().all(|layout| layout.as_ref() == named);
        let (them, are) = match self.layouts.len() {
            1 => ("it", "is a file"),
            _ => ("these", "are files"),
        };
        if let Some(layout) = named.filter(|_| same || !audited) {
            diagnostic.notes.push(format!(
                "if {them} {are} of {layout}, have the folder read as such: `layout = \"{layout}\"`, or `--layout {layout}` \
                 on the command line"
            ));
        } else if audited && self.layouts.len() * 2 > files {
            diagnostic.notes.push(
                "if another tool runs these files, each as it is, have the folder read as such: `--layout plain` takes every \
                 *.sql in the order of the names; `--layout` knows sqlx, diesel, refinery and dbmate too"
                    .to_owned(),
            );
        }
    }
}

/// The layout of another tool that a file seems to be of: by its name, or because it has no directive of ours.
fn looks_like(file: &SourceFile) -> Option<Layout> {
    let base = file.path.rsplit('/').next().unwrap_or_default();
    let digits = base.bytes().take_while(u8::is_ascii_digit).count();
    let versioned = base.strip_prefix(['V', 'U']).is_some_and(|rest| {
        rest.split_once("__")
            .is_some_and(|(number, _)| number.parse::<u64>().is_ok())
    });
    match base {
        "up.sql" | "down.sql" => Some(Layout::Diesel),
        _ if versioned => Some(Layout::Refinery),
        _ if base.ends_with(".up.sql") || base.ends_with(".down.sql") => Some(Layout::Sqlx),
        _ if is_plain(file) && digits > 0 && base[digits..].starts_with('_') => Some(Layout::Sqlx),
        _ => None,
    }
}

/// Whether it is SQL without a directive of ours.
fn is_plain(file: &SourceFile) -> bool {
    file.content.as_ref().is_ok_and(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        let is_sql = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with("--");
        !text.contains("migrate:") && text.lines().any(is_sql)
    })
}
