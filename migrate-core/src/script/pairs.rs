//! The `key=value` pairs of a directive, and all that is wrong with them at once.

use super::arguments::{Argument, ArgumentFault};
use crate::diagnostic::nearest;

/// What is wrong with the pairs of one directive so far.
#[derive(Default)]
pub(super) struct Pairs {
    faults: Vec<ArgumentFault>,
}

impl Pairs {
    /// Pairs with known keys, each at most once. A misspelt key counts as the one that is meant, so that what is missing
    /// is not told of it as well.
    pub(super) fn of<const N: usize>(
        arguments: impl IntoIterator<Item = Argument>,
        keys: [&'static str; N],
    ) -> (Self, [Option<Argument>; N]) {
        let mut pairs = Self::default();
        let mut found = [const { None }; N];
        for argument in arguments {
            let mut fault = |message| pairs.faults.push(ArgumentFault::of(&argument, message));
            let Some(key) = argument.key.as_deref() else {
                fault(format!("expected `key=value`; the keys are {}", list(&keys)));
                continue;
            };
            let meant = match keys.contains(&key) {
                true => Some(key),
                false => {
                    let meant = nearest(key, keys);
                    fault(match meant {
                        Some(name) => format!("there is no argument `{key}`; did you mean `{name}`?"),
                        None => format!("there is no argument `{key}`; the arguments are {}", list(&keys)),
                    });
                    meant
                }
            };
            let Some(index) = keys.iter().position(|known| Some(*known) == meant) else {
                continue;
            };
            if found[index].is_some() {
                fault(format!("`{}` stands twice", keys[index]));
                continue;
            }
            found[index] = Some(Argument {
                key: Some(keys[index].to_owned()),
                ..argument
            });
        }
        (pairs, found)
    }

    /// The value, or `None` after its fault is kept.
    pub(super) fn take<T>(&mut self, parsed: Result<T, ArgumentFault>) -> Option<T> {
        parsed.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// What an argument says that may be left out.
    pub(super) fn given<T>(
        &mut self,
        argument: Option<&Argument>,
        parse: impl FnOnce(&Argument) -> Result<T, ArgumentFault>,
    ) -> Option<T> {
        argument.and_then(|argument| self.take(parse(argument)))
    }

    /// What an argument says that has to be there.
    pub(super) fn needed<T>(
        &mut self,
        argument: Option<&Argument>,
        missing: ArgumentFault,
        parse: impl FnOnce(&Argument) -> Result<T, ArgumentFault>,
    ) -> Option<T> {
        match argument {
            Some(argument) => self.take(parse(argument)),
            None => self.take(Err(missing)),
        }
    }

    /// The first thing that is wrong, where one is.
    pub(super) fn sound(self) -> Result<(), ArgumentFault> {
        self.faults.into_iter().next().map_or(Ok(()), Err)
    }

    /// The whole, or everything that is wrong with it, as it is read.
    pub(super) fn done<T>(mut self, whole: Option<T>) -> Result<T, Vec<ArgumentFault>> {
        self.faults.sort_by_key(|fault| fault.start);
        match whole {
            Some(whole) if self.faults.is_empty() => Ok(whole),
            _ => Err(self.faults),
        }
    }
}

fn list(names: &[&str]) -> String {
    let names = names.iter().map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(", ")
}
