//! The plan as a person reads it.

use core::fmt;

use super::{Finding, Plan, Step, WayBack};
use crate::model::TransactionMode;

/// The longest SQL that is shown in full, in lines.
const LINES: usize = 12;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = if self.fresh { ", fresh database" } else { "" };
        match self.steps.len() {
            0 => writeln!(f, "Plan for set `{}`{database}: nothing to apply", self.set)?,
            1 => writeln!(f, "Plan for set `{}`{database}: 1 migration to apply", self.set)?,
            count => writeln!(
                f,
                "Plan for set `{}`{database}: {count} migrations to apply",
                self.set
            )?,
        }
        if !self.taken_back.is_empty() {
            writeln!(f, "\ntaken back first, newest first:")?;
        }
        for taken in &self.taken_back {
            let edited = if taken.edited { ", edited" } else { "" };
            writeln!(f, "   {} {}{edited}", taken.version, taken.name)?;
        }
        for (index, step) in self.steps.iter().enumerate() {
            writeln!(
                f,
                "\n{}. {} {} [{}]",
                index + 1,
                step.version,
                step.name,
                step.phase
            )?;
            writeln!(f, "   {}", step.path)?;
            if !step.squashes.is_empty() {
                let count = step.squashes.len();
                writeln!(
                    f,
                    "   is recorded and does not run: the {count} migrations it stands for are applied"
                )?;
                continue;
            }
            if step.transaction == TransactionMode::PerStatement {
                writeln!(f, "   each statement commits by itself")?;
            }
            if step.done > 0 {
                writeln!(
                    f,
                    "   goes on behind statement {}, where it was interrupted",
                    step.done
                )?;
            }
            if let Some((code, table)) = &step.code {
                let batches = if step.moves_data { ", in batches" } else { "" };
                writeln!(
                    f,
                    "   the Rust code `{code}` moves the rows of `{table}`{batches}"
                )?;
            }
            for sql in &step.statements {
                write_sql(f, sql)?;
            }
        }
        for waiting in &self.waiting {
            writeln!(
                f,
                "\nwaits: {} {} [{}]{}",
                waiting.version,
                waiting.name,
                waiting.phase,
                Finding::lines(&waiting.gates, "   ")
            )?;
            if waiting.blocks_serving {
                writeln!(f, "   this build may not serve before it ran")?;
            }
        }
        for note in &self.notes {
            writeln!(f, "\nnote: {note}")?;
        }
        if self.steps.iter().any(|step| step.squashes.is_empty()) {
            write_rollback(self, f)?;
        }
        Ok(())
    }
}

fn write_sql(f: &mut fmt::Formatter<'_>, sql: &str) -> fmt::Result {
    let count = sql.lines().count();
    for (index, line) in sql.lines().take(LINES).enumerate() {
        let end = if index + 1 == count { ";" } else { "" };
        writeln!(f, "   | {line}{end}")?;
    }
    if count > LINES {
        writeln!(f, "   | … {} more lines", count - LINES)?;
    }
    Ok(())
}

fn write_rollback(plan: &Plan, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "\nRollback plan, last step first:")?;
    let running = plan.steps.iter().filter(|step| step.squashes.is_empty());
    for step in running.rev() {
        write!(f, "   {} {}: ", step.version, step.name)?;
        match &step.way_back {
            WayBack::Down {
                statements,
                data_loss,
                window,
            } => {
                let count = statements.len();
                let plural = if count == 1 { "" } else { "s" };
                write!(f, "down, {count} statement{plural}")?;
                if let Some(loss) = data_loss {
                    write!(f, "; loses {loss}")?;
                }
                match window {
                    Some(window) => writeln!(f, "; possible {window}")?,
                    None => writeln!(f)?,
                }
            }
            WayBack::Irreversible(reason) => writeln!(f, "irreversible: {reason}")?,
            WayBack::KeepData => writeln!(f, "nothing to do, the data stays")?,
            WayBack::Missing => writeln!(f, "no way back: its file has no down")?,
        }
    }
    match plan.point_of_no_return() {
        Some(Step { version, name, .. }) => writeln!(f, "Point of no return: {version} {name}"),
        None => writeln!(f, "Point of no return: none, every step can be taken back"),
    }
}
