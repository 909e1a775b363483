//! The documentation of a rule as a terminal shows it.
//!
//! Its examples are cases for the tests, which say in a shorthand what a folder of files would say; a reader gets the
//! directives themselves.

/// The text without Markdown, its examples as they would stand in files.
pub(super) fn shown(docs: &str) -> String {
    let mut shown = String::new();
    let mut rest = docs.trim_end();
    while let Some((before, fenced)) = rest.split_once("```") {
        let (kind, block) = fenced.split_once('\n').unwrap_or((fenced, ""));
        let (block, behind) = block.split_once("```").unwrap_or((block, ""));
        shown.push_str(before);
        shown.push_str(match kind.trim() {
            "sql bad" => "It finds:\n\n",
            "sql good" => "It lets pass:\n\n",
            _ => "",
        });
        for line in in_files(block).lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            shown.push_str(&format!("{indent}{line}\n"));
        }
        rest = behind.strip_prefix('\n').unwrap_or(behind);
    }
    shown.push_str(rest);
    shown.trim_end().to_owned()
}

/// An example with the directives that its shorthand stands for.
fn in_files(block: &str) -> String {
    let foreign = block.contains("-- layout:");
    let mut text = String::new();
    // Whether directives stand above, so that the SQL needs its section.
    let mut header = block.lines().any(|line| line == "-- down");
    for line in block.lines() {
        let directive = |name: &str, value: &str| format!("-- migrate:{name}{}\n", value.trim_end());
        let (key, value) = match line.strip_prefix("-- ").and_then(|line| line.split_once(':')) {
            Some((key, value)) => (key, value),
            None => (line, ""),
        };
        let (written, directives) = match key {
            "-- history" => ("-- ran before:\n".to_owned(), false),
            "-- draft" => ("-- the file:\n".to_owned(), false),
            "-- down" => ("-- migrate:down\n".to_owned(), false),
            "since" => (format!("-- since{value}, the oldest server it is for:\n"), false),
            "layout" => (format!("-- a file of{value}:\n"), false),
            "transaction" if foreign => ("-- no-transaction\n".to_owned(), false),
            "transaction" | "phase" => (directive(key, value), true),
            "directive" => (directive(value.trim_start(), ""), true),
            "file" => (file(value), true),
            _ => {
                let section = if header && !line.trim().is_empty() {
                    "-- migrate:up\n"
                } else {
                    ""
                };
                header &= section.is_empty();
                (format!("{section}{line}\n"), header)
            }
        };
        header |= directives;
        text.push_str(&written);
    }
    text
}

/// The head of a file, by the phase, the change and perhaps the version and that it is released.
fn file(value: &str) -> String {
    let mut words: Vec<&str> = value.split_whitespace().collect();
    let released = words.last() == Some(&"released");
    words.truncate(words.len() - usize::from(released));
    let kind = if released { "released file" } else { "file" };
    let version = words
        .pop_if(|word| word.parse::<u64>().is_ok())
        .map_or(String::new(), |version| format!(" of version {version}"));
    let mut text = format!("-- a {kind}{version}:\n");
    if let [phase, change @ ..] = &*words {
        let change = change
            .first()
            .map(|change| format!("-- migrate:change {change}\n"));
        text.push_str(&change.unwrap_or_default());
        text.push_str(&format!("-- migrate:phase {phase}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::rules;

    #[test]
    fn the_shorthand_of_cases_is_written_out() {
        for rule in rules::ALL {
            let text = shown(rule.docs);
            assert!(!text.contains("```"), "{}\n{text}", rule.name());
            for line in text.lines().filter_map(|line| line.trim().strip_prefix("-- ")) {
                let key = line.split(':').next().unwrap_or_default();
                let shorthand = [
                    "history",
                    "draft",
                    "down",
                    "phase",
                    "transaction",
                    "directive",
                    "layout",
                    "file",
                ];
                assert!(!shorthand.contains(&key), "{}: {line}", rule.name());
            }
        }
    }
}
