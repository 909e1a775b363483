//! What the arguments of each directive mean.

use std::time::Duration;

use super::arguments::{self, Argument, ArgumentFault, DURATION_FORM};
use crate::diagnostic::nearest;
use crate::model::directives::{Backfill, Cutover, Expectation, Grace, RollbackNote, Text, Window};
use crate::model::{Phase, Version};

/// The arguments of one directive: split, and with the place to blame when one is missing.
pub(crate) struct Arguments<'a> {
    pub(crate) text: &'a str,
    /// Where `text` stands in the file.
    pub(crate) start: usize,
    /// The whole directive, for faults that have no place of their own.
    pub(crate) whole: (usize, usize),
}

type Parsed<T> = Result<T, ArgumentFault>;

impl Arguments<'_> {
    pub(super) fn all(&self) -> Parsed<Vec<Argument>> {
        arguments::split(self.text, self.start)
    }

    pub(crate) fn missing(&self, what: &str) -> ArgumentFault {
        ArgumentFault::new(format!("{what} is missing"), self.whole.0, self.whole.1)
    }

    /// Exactly one argument without a key.
    fn one(&self, what: &str) -> Parsed<Argument> {
        let mut all = self.all()?.into_iter();
        let first = all.next().ok_or_else(|| self.missing(what))?;
        match all.next() {
            Some(extra) => Err(ArgumentFault::of(&extra, "nothing may follow here")),
            None if first.key.is_some() => {
                Err(ArgumentFault::of(&first, format!("expected {what} without `=`")))
            }
            None => Ok(first),
        }
    }

    pub(crate) fn none(&self) -> Parsed<()> {
        match self.all()?.first() {
            Some(extra) => Err(ArgumentFault::of(extra, "this directive takes no argument")),
            None => Ok(()),
        }
    }

    /// A name of lower-case letters, digits and underscores.
    pub(crate) fn name(&self, what: &str) -> Parsed<Text> {
        let argument = self.one(what)?;
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if argument.quoted || argument.value.is_empty() || !argument.value.bytes().all(fits) {
            let message = format!("{what} is made of `a-z`, `0-9` and `_`");
            return Err(ArgumentFault::of(&argument, message));
        }
        Ok(argument.value.into())
    }

    pub(crate) fn phase(&self) -> Parsed<Phase> {
        let argument = self.one("the phase")?;
        Phase::from_name(&argument.value).ok_or_else(|| {
            let hint = suggestion(&argument.value, Phase::ALL.map(Phase::name));
            ArgumentFault::of(&argument, format!("there is no phase `{}`{hint}", argument.value))
        })
    }

    /// Versions, with their places, so that unknown ones can be pointed at later.
    pub(crate) fn versions(&self) -> Parsed<Vec<(Version, usize, usize)>> {
        let all = self.all()?;
        if all.is_empty() {
            return Err(self.missing("the version"));
        }
        let mut versions = Vec::new();
        for argument in all {
            let trimmed = argument.value.trim_matches(',');
            for part in trimmed.split(',').filter(|part| !part.is_empty()) {
                let version = part
                    .parse()
                    .map_err(|_| ArgumentFault::of(&argument, format!("`{part}` is not a version")))?;
                versions.push((version, argument.start, argument.end));
            }
        }
        Ok(versions)
    }

    /// Non-empty text in double quotes.
    pub(crate) fn reason(&self, what: &str) -> Parsed<Text> {
        let argument = self.one(what)?;
        filled_text(&argument, what)
    }

    pub(crate) fn duration(&self) -> Parsed<Duration> {
        let argument = self.one("the duration")?;
        parse_duration(&argument)
    }

    pub(crate) fn grace(&self) -> Parsed<Grace> {
        if let [number, word] = &self.all()?[..]
            && matches!(&*word.value, "release" | "releases")
        {
            let releases = number.value.parse().ok().filter(|count| *count > 0);
            return releases
                .map(Grace::Releases)
                .ok_or_else(|| ArgumentFault::of(number, "expected a number of releases, at least 1"));
        }
        let argument = self.one("the duration or the number of releases")?;
        parse_duration(&argument).map(Grace::Time)
    }

    pub(crate) fn off(&self) -> Parsed<()> {
        let argument = self.one("`off`")?;
        match &*argument.value {
            "off" => Ok(()),
            other => Err(ArgumentFault::of(
                &argument,
                format!("`{other}` is not `off`, the only value there is"),
            )),
        }
    }

    /// `key=value` pairs with known keys, each at most once.
    fn pairs<const N: usize>(&self, keys: [&'static str; N]) -> Parsed<[Option<Argument>; N]> {
        pairs_of(self.all()?, keys)
    }

    pub(crate) fn rollback(&self) -> Parsed<RollbackNote> {
        let [loss, window] = self.pairs(["data-loss", "window"])?;
        let loss = loss.ok_or_else(|| self.missing("`data-loss`"))?;
        let said = filled_text(&loss, "`data-loss`")?;
        Ok(RollbackNote {
            data_loss: (said != "none").then_some(said),
            window: match window {
                Some(window) => Some(filled_text(&window, "`window`")?),
                None => None,
            },
        })
    }

    pub(crate) fn cutover(&self) -> Parsed<Cutover> {
        let [ramp, hold, p99, errors, mismatch] =
            self.pairs(["ramp", "hold", "p99", "errors", "mismatch"])?;
        let ramp = match ramp {
            Some(ramp) => parse_ramp(&ramp)?,
            None => vec![1, 10, 50, 100],
        };
        Ok(Cutover {
            ramp: ramp.into(),
            hold: hold.as_ref().map(parse_duration).transpose()?,
            p99: p99.as_ref().map(|value| number(value, 1.0, 1000.0)).transpose()?,
            errors: errors.as_ref().map(fraction).transpose()?,
            mismatch: mismatch.as_ref().map(fraction).transpose()?,
        })
    }

    pub(crate) fn backfill(&self) -> Parsed<Backfill> {
        let [table, key, batch, pause, max_lag, failures, errors, p99] = self.pairs([
            "table", "key", "batch", "pause", "max-lag", "failures", "errors", "p99",
        ])?;
        let table = table.ok_or_else(|| self.missing("`table=`"))?;
        let key = key.ok_or_else(|| self.missing("`key=`"))?;
        let columns: Vec<Text> = key
            .value
            .split(',')
            .map(|column| Text::from(column.trim().to_owned()))
            .collect();
        if table.value.is_empty() {
            return Err(ArgumentFault::of(&table, "the table is missing"));
        }
        if columns.iter().any(|column| column.is_empty()) {
            return Err(ArgumentFault::of(
                &key,
                "the key is one column, or several with commas between",
            ));
        }
        let batch =
            match batch {
                Some(batch) => {
                    Some(batch.value.parse().ok().filter(|rows| *rows > 0).ok_or_else(|| {
                        ArgumentFault::of(&batch, "`batch` is a number of rows, at least 1")
                    })?)
                }
                None => None,
            };
        let failures = match failures {
            Some(failures) => {
                let count = failures.value.parse().ok();
                Some(count.ok_or_else(|| ArgumentFault::of(&failures, "`failures` is a number of rows"))?)
            }
            None => None,
        };
        Ok(Backfill {
            table: table.value.into(),
            key: columns.into(),
            batch,
            pause: pause.as_ref().map(parse_duration).transpose()?,
            max_lag: max_lag.as_ref().map(parse_duration).transpose()?,
            failures,
            errors: errors.as_ref().map(fraction).transpose()?,
            p99: p99.as_ref().map(|value| number(value, 1.0, 1000.0)).transpose()?,
            batched: None,
        })
    }

    pub(crate) fn expectation(&self) -> Parsed<Expectation> {
        let text = self.text.trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        match word {
            "" => Ok(Expectation::Zero),
            "zero" | "unchanged" if !rest.is_empty() => {
                let end = self.start + self.text.trim_end().len();
                Err(ArgumentFault::new(
                    "nothing may follow here",
                    end - rest.len(),
                    end,
                ))
            }
            "zero" => Ok(Expectation::Zero),
            "unchanged" => Ok(Expectation::Unchanged),
            "equals" if rest.is_empty() => Err(self.missing("the literal to compare with")),
            "equals" => Ok(Expectation::Equals(literal(rest).into())),
            other => Err(ArgumentFault::new(
                format!(
                    "a verify does not expect `{other}`{}",
                    suggestion(other, ["zero", "unchanged", "equals"])
                ),
                self.start,
                self.start + word.len(),
            )),
        }
    }

    /// The rule and the reason; the reason is `None` where there is none.
    pub(crate) fn allow(&self) -> Parsed<(String, Option<String>)> {
        let mut all = self.all()?.into_iter();
        let rule = all.next().ok_or_else(|| self.missing("the rule"))?;
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if rule.quoted || rule.key.is_some() || rule.value.is_empty() || !rule.value.bytes().all(fits) {
            return Err(ArgumentFault::of(
                &rule,
                "expected the name of a rule, such as `drop-column`",
            ));
        }
        let Some(reason) = all.next() else {
            return Ok((rule.value, None));
        };
        if !reason.quoted {
            return Err(ArgumentFault::of(&reason, "the reason stands in double quotes"));
        }
        if let Some(extra) = all.next() {
            return Err(ArgumentFault::of(&extra, "nothing may follow here"));
        }
        let given = !reason.value.trim().is_empty();
        Ok((rule.value, given.then_some(reason.value)))
    }

    pub(crate) fn window(&self) -> Parsed<Window> {
        let argument = self.one("the window")?;
        parse_window(&argument.value).ok_or_else(|| {
            ArgumentFault::of(
                &argument,
                "a window is written like \"02:00-04:00 UTC\", \"Sun 02:00-04:00 UTC\" or \"Mon-Fri,Sun 22:00-01:00 UTC\"",
            )
        })
    }
}

/// `key=value` pairs with known keys, each at most once.
pub(super) fn pairs_of<const N: usize>(
    arguments: impl IntoIterator<Item = Argument>,
    keys: [&'static str; N],
) -> Parsed<[Option<Argument>; N]> {
    let mut found = [const { None }; N];
    for argument in arguments {
        let Some(key) = argument.key.as_deref() else {
            let message = format!("expected `key=value`; the keys are {}", list(&keys));
            return Err(ArgumentFault::of(&argument, message));
        };
        let Some(index) = keys.iter().position(|known| *known == key) else {
            let message = match nearest(key, keys) {
                Some(name) => format!("there is no argument `{key}`; did you mean `{name}`?"),
                None => format!("there is no argument `{key}`; the arguments are {}", list(&keys)),
            };
            return Err(ArgumentFault::of(&argument, message));
        };
        if found[index].is_some() {
            return Err(ArgumentFault::of(&argument, format!("`{key}` stands twice")));
        }
        found[index] = Some(argument);
    }
    Ok(found)
}

/// The text of a literal: what stands in the quotes, or the literal itself.
fn literal(text: &str) -> String {
    match text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => text.to_owned(),
    }
}

fn filled_text(argument: &Argument, what: &str) -> Parsed<Text> {
    if !argument.quoted {
        Err(ArgumentFault::of(
            argument,
            format!("{what} stands in double quotes"),
        ))
    } else if argument.value.trim().is_empty() {
        Err(ArgumentFault::of(argument, format!("{what} is empty")))
    } else {
        Ok(argument.value.clone().into())
    }
}

fn parse_duration(argument: &Argument) -> Parsed<Duration> {
    arguments::duration(&argument.value).ok_or_else(|| ArgumentFault::of(argument, DURATION_FORM))
}

fn number(argument: &Argument, lowest: f64, highest: f64) -> Parsed<f64> {
    argument
        .value
        .parse()
        .ok()
        .filter(|value| (lowest..=highest).contains(value))
        .ok_or_else(|| ArgumentFault::of(argument, format!("expected a number from {lowest} to {highest}")))
}

/// A rate: `0.001` or `0.1%`.
fn fraction(argument: &Argument) -> Parsed<f64> {
    match argument.value.strip_suffix('%') {
        Some(percent) => {
            let plain = Argument {
                value: percent.to_owned(),
                ..argument.clone()
            };
            number(&plain, 0.0, 100.0).map(|value| value / 100.0)
        }
        None => number(argument, 0.0, 1.0),
    }
}

fn parse_ramp(argument: &Argument) -> Parsed<Vec<u8>> {
    let fault = || {
        ArgumentFault::of(
            argument,
            "`ramp` is growing percentages that end at 100, such as `1,10,50,100`",
        )
    };
    let stages: Vec<u8> = argument
        .value
        .split(',')
        .map(|stage| stage.trim_end_matches('%').parse().map_err(|_| fault()))
        .collect::<Result<_, _>>()?;
    let grows = stages.first() > Some(&0) && stages.is_sorted_by(|a, b| a < b) && stages.last() == Some(&100);
    if grows { Ok(stages) } else { Err(fault()) }
}

fn parse_window(text: &str) -> Option<Window> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = |name: &str| DAYS.iter().position(|day| *day == name.to_ascii_lowercase());
    let mut parts: Vec<&str> = text.split_whitespace().collect();
    if parts.pop()? != "UTC" {
        return None;
    }
    let (from, to) = parts.pop()?.split_once('-')?;
    let days = match parts[..] {
        [] => [true; 7],
        [list] => {
            let mut days = [false; 7];
            for item in list.split(',') {
                let (first, last) = item.split_once('-').unwrap_or((item, item));
                let (mut index, last) = (day(first)?, day(last)?);
                days[index] = true;
                while index != last {
                    index = (index + 1) % 7;
                    days[index] = true;
                }
            }
            days
        }
        _ => return None,
    };
    let window = Window {
        days,
        from: minutes(from)?,
        to: minutes(to)?,
    };
    (window.from != window.to).then_some(window)
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (hours <= 24 && minutes < 60 && total <= 24 * 60).then_some(total)
}

pub(crate) fn suggestion<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known).map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows() {
        let window = parse_window("Fri-Mon 22:00-01:30 UTC").unwrap();
        assert_eq!(window.days, [true, false, false, false, true, true, true]);
        assert_eq!((window.from, window.to), (22 * 60, 90));
        assert_eq!(parse_window("02:00-04:00 UTC").unwrap().days, [true; 7]);
        for bad in [
            "",
            "UTC",
            "02:00-04:00",
            "Sun 02:00-04:00 CET",
            "Sunday 02:00-04:00 UTC",
            "25:00-26:00 UTC",
            "02:00-02:00 UTC",
            "02:60-03:00 UTC",
            "Sun Mon 02:00-04:00 UTC",
            "24:01-02:00 UTC",
        ] {
            assert_eq!(parse_window(bad), None, "{bad:?}");
        }
    }
}
