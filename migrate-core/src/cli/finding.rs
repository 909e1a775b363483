//! A finding with the statement it is about.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::model::{MigrationSet, Section};

/// A finding, and the statement it is about where it is about one.
pub(super) struct Finding<'a> {
    pub(super) diagnostic: &'a Diagnostic,
    pub(super) statement: Option<&'a str>,
    /// The first line of the statement.
    pub(super) statement_line: Option<u32>,
}

/// The findings with their statements.
pub(super) fn with_statements<'a>(set: &'a MigrationSet, diagnostics: &'a [Diagnostic]) -> Vec<Finding<'a>> {
    let mut sections: HashMap<&str, Vec<Numbered<'a>>> = HashMap::new();
    for migration in set.migrations.iter() {
        let verify = migration.verify.iter().map(|verify| &verify.query);
        let all = std::iter::once(&migration.up)
            .chain(&migration.down)
            .chain(verify);
        for section in all {
            sections
                .entry(&*section.path)
                .or_default()
                .push(Numbered::new(section));
        }
    }
    diagnostics
        .iter()
        .map(|diagnostic| {
            let found = diagnostic.position.as_ref().and_then(|position| {
                let sections = sections.get(diagnostic.path.as_str())?;
                let (line, column) = (position.line, position.column);
                sections
                    .iter()
                    .find_map(|section| section.statement(line, column))
            });
            Finding {
                diagnostic,
                statement: found.map(|(_, sql)| sql),
                statement_line: found.map(|(line, _)| line),
            }
        })
        .collect()
}

/// A section whose lines can be found without reading it again for each finding.
struct Numbered<'a> {
    section: &'a Section,
    /// Where each line starts.
    lines: Vec<usize>,
}

impl<'a> Numbered<'a> {
    fn new(section: &'a Section) -> Self {
        let ends = section.text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            section,
            lines: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The statement at a place of the file, and its first line.
    fn statement(&self, line: u32, column: u32) -> Option<(u32, &'a str)> {
        let start = *self.lines.get(line.checked_sub(self.section.line)? as usize)?;
        let rest = self.section.text.get(start..)?;
        let within = rest.char_indices().nth(column as usize - 1);
        let offset = start + within.map_or(rest.len(), |(at, _)| at);
        let statements = &self.section.statements;
        let index = statements.partition_point(|statement| statement.start as usize <= offset);
        let statement = statements.get(index.checked_sub(1)?)?;
        // A fault may stand right behind what is missing something.
        (offset <= statement.end as usize).then(|| (statement.line, self.section.sql(statement)))
    }
}
