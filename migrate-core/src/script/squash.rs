//! `-- migrate:squash`: a migration that the file stands for.

use super::arguments::{Argument, ArgumentFault};
use super::pairs::Pairs;
use super::values::{Arguments, suggestion};
use crate::model::directives::{Squashed, Text};
use crate::model::{Digest, Phase, Version, calendar_fault};

impl Arguments<'_> {
    /// What the file stands for, with the place of its version.
    pub(crate) fn squash(&self) -> Result<(Squashed, usize, usize), ArgumentFault> {
        let mut all = self.all()?.into_iter();
        let file = all.next().ok_or_else(|| self.missing("the migration"))?;
        if file.key.is_some() {
            return Err(ArgumentFault::of(&file, "the migration comes first"));
        }
        let (version, name) = version_and_name(&file)?;
        let keys = ["change", "phase", "requires", "digest"];
        let (pairs, [change, phase, requires, digest]) = Pairs::of(all, keys);
        pairs.sound()?;
        let digest = digest.ok_or_else(|| self.missing("`digest=`"))?;
        let semantic = Digest::from_hex(&digest.value)
            .ok_or_else(|| ArgumentFault::of(&digest, "a digest is 64 hexadecimal digits"))?;
        let phase = match &phase {
            None => Phase::Expand,
            Some(phase) => Phase::from_name(&phase.value).ok_or_else(|| {
                let hint = suggestion(&phase.value, Phase::ALL.map(Phase::name));
                ArgumentFault::of(phase, format!("there is no phase `{}`{hint}", phase.value))
            })?,
        };
        let requires = match (&requires, phase) {
            (Some(requires), Phase::Contract) => versions(requires)?,
            (Some(requires), _) => {
                return Err(ArgumentFault::of(requires, "only a contract requires versions"));
            }
            (None, Phase::Contract) => vec![version],
            (None, _) => Vec::new(),
        };
        if change.is_none() && phase != Phase::Expand {
            return Err(self.missing("`change=`"));
        }
        let squashed = Squashed {
            version,
            name: Text::Owned(name),
            change: change.as_ref().map(change_name).transpose()?,
            phase,
            requires: requires.into(),
            semantic,
        };
        Ok((squashed, file.start, file.end))
    }
}

/// The name of a file without its ending.
fn version_and_name(file: &Argument) -> Result<(Version, String), ArgumentFault> {
    let fault = || {
        let message = format!(
            "`{}` is not the name of a file without `.sql`, such as `20260101120000_create_users`",
            file.value
        );
        ArgumentFault::of(file, message)
    };
    let (digits, name) = file.value.split_once('_').ok_or_else(fault)?;
    let is_time = digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_time || name.is_empty() || calendar_fault(digits).is_some() {
        return Err(fault());
    }
    let version = digits.parse().map_err(|_| fault())?;
    Ok((version, name.to_owned()))
}

fn versions(argument: &Argument) -> Result<Vec<Version>, ArgumentFault> {
    let mut versions = Vec::new();
    for part in argument.value.split(',') {
        let version = part.parse();
        versions
            .push(version.map_err(|_| ArgumentFault::of(argument, format!("`{part}` is not a version")))?);
    }
    versions.sort();
    versions.dedup();
    Ok(versions)
}

fn change_name(argument: &Argument) -> Result<Text, ArgumentFault> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if argument.value.is_empty() || !argument.value.bytes().all(fits) {
        let message = "the change is made of `a-z`, `0-9` and `_`";
        return Err(ArgumentFault::of(argument, message));
    }
    Ok(argument.value.clone().into())
}
