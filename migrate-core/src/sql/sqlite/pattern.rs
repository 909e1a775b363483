//! LIKE and GLOB, as SQLite compares them.

/// How many characters of a text or a pattern are compared; longer ones stand in no CHECK.
const LONGEST: usize = 200;

/// LIKE, which takes no notice of the case of ASCII letters; none where it is too long to be told.
pub(super) fn like(text: &str, pattern: &str) -> Option<bool> {
    let of = |text: &str| text.to_ascii_lowercase().chars().collect::<Vec<_>>();
    let pattern: Vec<Part> = of(pattern)
        .into_iter()
        .map(|character| match character {
            '%' => Part::Any,
            '_' => Part::One,
            other => Part::Set(false, vec![(other, other)]),
        })
        .collect();
    matches_all(&of(text), &pattern)
}

/// GLOB, which does take notice; none where it is too long to be told, or the pattern is none.
pub(super) fn glob(text: &str, pattern: &str) -> Option<bool> {
    let mut characters = pattern.chars().peekable();
    let mut parts = Vec::new();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '*' => Part::Any,
            '?' => Part::One,
            '[' => {
                let negated = characters.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                // The first one may be the bracket itself.
                let mut next = characters.next()?;
                loop {
                    let to = match characters.next_if_eq(&'-') {
                        Some(_) if characters.peek() != Some(&']') => characters.next()?,
                        Some(_) => {
                            ranges.push(('-', '-'));
                            next
                        }
                        None => next,
                    };
                    ranges.push((next, to));
                    next = characters.next()?;
                    if next == ']' {
                        break;
                    }
                }
                Part::Set(negated, ranges)
            }
            other => Part::Set(false, vec![(other, other)]),
        });
    }
    matches_all(&text.chars().collect::<Vec<_>>(), &parts)
}

enum Part {
    Any,
    One,
    Set(bool, Vec<(char, char)>),
}

fn matches_all(text: &[char], pattern: &[Part]) -> Option<bool> {
    if text.len() > LONGEST || pattern.len() > LONGEST {
        return None;
    }
    // Which beginnings of the pattern the text so far may stand for.
    let mut states = vec![false; pattern.len() + 1];
    states[0] = true;
    skip_any(&mut states, pattern);
    for character in text {
        let mut next = vec![false; pattern.len() + 1];
        for (at, part) in pattern.iter().enumerate().filter(|(at, _)| states[*at]) {
            match part {
                Part::Any => next[at] = true,
                Part::One => next[at + 1] = true,
                Part::Set(negated, ranges) => {
                    let within = ranges
                        .iter()
                        .any(|(from, to)| from <= character && character <= to);
                    next[at + 1] |= within != *negated;
                }
            }
        }
        skip_any(&mut next, pattern);
        states = next;
    }
    states.last().copied()
}

fn skip_any(states: &mut [bool], pattern: &[Part]) {
    for (at, part) in pattern.iter().enumerate() {
        if states[at] && matches!(part, Part::Any) {
            states[at + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{glob, like};

    #[test]
    fn compares_as_sqlite_does() {
        for (text, pattern, wanted) in [
            ("http://a", "HTTP%", true),
            ("", "%", true),
            ("", "_", false),
            ("abc", "a_c", true),
            ("abc", "b%", false),
        ] {
            assert_eq!(like(text, pattern), Some(wanted), "{text} {pattern}");
        }
        for (text, pattern, wanted) in [
            ("zz", "[0-9a-f]*", false),
            ("a1", "[0-9a-f]*", true),
            ("", "*", true),
            ("A", "a", false),
            ("x-y", "x[a-]y", true),
            ("]", "[]]", true),
            ("q", "[^a-f]", true),
            ("ab", "?", false),
        ] {
            assert_eq!(glob(text, pattern), Some(wanted), "{text} {pattern}");
        }
        assert_eq!(glob("a", "[a"), None);
    }
}
