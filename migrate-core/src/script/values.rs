//! What the arguments of each directive mean.

use std::time::Duration;

use super::arguments::{self, Argument, ArgumentFault, DURATION_FORM};
use super::pairs::Pairs;
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
/// With all that is wrong, where several things may be.
type AllParsed<T> = Result<T, Vec<ArgumentFault>>;

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

    pub(crate) fn rollback(&self) -> AllParsed<RollbackNote> {
        let (mut pairs, [loss, window]) = Pairs::of(self.all()?, ["data-loss", "window"]);
        let missing = self.missing("`data-loss`");
        let loss = pairs.needed(loss.as_ref(), missing, |loss| filled_text(loss, "`data-loss`"));
        let window = pairs.given(window.as_ref(), |window| filled_text(window, "`window`"));
        pairs.done(loss.map(|loss| RollbackNote {
            data_loss: (loss != "none").then_some(loss),
            window,
        }))
    }

    pub(crate) fn cutover(&self) -> AllParsed<Cutover> {
        let keys = ["ramp", "hold", "p99", "errors", "mismatch"];
        let (mut pairs, [ramp, hold, p99, errors, mismatch]) = Pairs::of(self.all()?, keys);
        let ramp = pairs.given(ramp.as_ref(), parse_ramp);
        let cutover = Cutover {
            ramp: ramp.unwrap_or_else(|| vec![1, 10, 50, 100]).into(),
            hold: pairs.given(hold.as_ref(), parse_duration),
            p99: pairs.given(p99.as_ref(), multiple),
            errors: pairs.given(errors.as_ref(), fraction),
            mismatch: pairs.given(mismatch.as_ref(), fraction),
        };
        pairs.done(Some(cutover))
    }

    /// With the places of its table and its key.
    pub(crate) fn backfill(&self) -> AllParsed<(Backfill, [(usize, usize); 2])> {
        let keys = [
            "table", "key", "batch", "pause", "max-lag", "failures", "errors", "p99",
        ];
        let (mut pairs, [table, key, batch, pause, max_lag, failures, errors, p99]) =
            Pairs::of(self.all()?, keys);
        let place = |argument: &Option<Argument>| {
            let place = argument.as_ref().map(|argument| (argument.start, argument.end));
            place.unwrap_or(self.whole)
        };
        let places = [place(&table), place(&key)];
        let missing = self.missing("`table=`");
        let table = pairs.needed(table.as_ref(), missing, |table| match table.value.is_empty() {
            true => Err(ArgumentFault::of(table, "the table is missing")),
            false => Ok(Text::from(table.value.clone())),
        });
        let missing = self.missing("`key=`");
        let key = pairs.needed(key.as_ref(), missing, key_columns);
        let batch = pairs.given(batch.as_ref(), |batch| {
            let rows = batch.value.parse().ok().filter(|rows| *rows > 0);
            rows.ok_or_else(|| ArgumentFault::of(batch, "`batch` is a number of rows, at least 1"))
        });
        let failures = pairs.given(failures.as_ref(), |failures| {
            let rows = failures.value.parse().ok();
            rows.ok_or_else(|| ArgumentFault::of(failures, "`failures` is a number of rows"))
        });
        let pause = pairs.given(pause.as_ref(), parse_duration);
        let max_lag = pairs.given(max_lag.as_ref(), parse_duration);
        let errors = pairs.given(errors.as_ref(), fraction);
        let p99 = pairs.given(p99.as_ref(), multiple);
        let whole = table.zip(key).map(|(table, key)| Backfill {
            table,
            key: key.into(),
            batch,
            pause,
            max_lag,
            failures,
            errors,
            p99,
            batched: None,
        });
        pairs.done(whole.map(|backfill| (backfill, places)))
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
            "equals" => {
                let end = self.start + self.text.trim_end().len();
                let literal = literal(rest);
                literal
                    .map(|literal| Expectation::Equals(literal.into()))
                    .map_err(|fault| ArgumentFault::new(fault, end - rest.len(), end))
            }
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

fn key_columns(key: &Argument) -> Parsed<Vec<Text>> {
    let columns = key
        .value
        .split(',')
        .map(|column| Text::from(column.trim().to_owned()));
    let columns: Vec<Text> = columns.collect();
    match columns.iter().any(|column| column.is_empty()) {
        true => Err(ArgumentFault::of(
            key,
            "the key is one column, or several with commas between",
        )),
        false => Ok(columns),
    }
}

/// The text of a literal: what stands in the quotes, or the literal itself.
fn literal(text: &str) -> Result<String, String> {
    if let Some(rest) = text.strip_prefix('\'') {
        let inner = rest
            .strip_suffix('\'')
            .ok_or("the text has no quote at its end")?;
        return match inner.replace("''", "").contains('\'') {
            true => Err("nothing may follow the text in quotes; a quote in it is written twice".to_owned()),
            false => Ok(inner.replace("''", "'")),
        };
    }
    if text.starts_with('"') {
        return Err("a text stands in single quotes".to_owned());
    }
    match text.split_once(char::is_whitespace) {
        Some((first, _)) if first.parse::<f64>().is_ok() => {
            Err(format!("nothing may follow the number: write `equals {first}`"))
        }
        Some(_) => Err(format!("a text stands in single quotes: write `equals '{text}'`")),
        None => Ok(text.to_owned()),
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
    let value = &argument.value;
    arguments::duration(value).ok_or_else(|| {
        let key = argument.key.as_deref();
        let equals = key.map_or(String::new(), |key| format!("{key}="));
        let is_bare = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let message = match (is_bare, key) {
            (true, _) => {
                format!("`{equals}{value}` has no unit: write `{equals}{value}ms`, `{equals}{value}s`, `{equals}{value}m` or `{equals}{value}h`")
            }
            (false, Some(key)) => format!("`{key}` is a duration, which {DURATION_FORM}"),
            (false, None) => format!("a duration {DURATION_FORM}"),
        };
        ArgumentFault::of(argument, message)
    })
}

/// A number between two, as the argument `form` says.
fn number(argument: &Argument, value: &str, range: (f64, f64), form: &str) -> Parsed<f64> {
    let number = value.parse().ok();
    let number = number.filter(|value| (range.0..=range.1).contains(value));
    number.ok_or_else(|| {
        let key = argument.key.as_deref().unwrap_or_default();
        ArgumentFault::of(argument, format!("`{key}` is {form}"))
    })
}

/// How many times as much as before: `1.10`.
fn multiple(argument: &Argument) -> Parsed<f64> {
    let form = "a multiple from 1 to 1000, such as `1.10`";
    number(argument, &argument.value, (1.0, 1000.0), form)
}

/// A rate: `0.001` or `0.1%`.
fn fraction(argument: &Argument) -> Parsed<f64> {
    let form = "a rate from 0 to 1, such as `0.001`, or a percentage, such as `0.1%`";
    match argument.value.strip_suffix('%') {
        Some(percent) => number(argument, percent, (0.0, 100.0), form).map(|value| value / 100.0),
        None => number(argument, &argument.value, (0.0, 1.0), form),
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
