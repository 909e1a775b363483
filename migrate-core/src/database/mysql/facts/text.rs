//! Takes apart what SHOW CREATE prints under an empty `sql_mode`: names in backticks, strings with backslashes.

/// A name in backticks.
pub(super) fn backticks(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Calls `at` for each place outside quotes with the nesting of parentheses there, until it answers.
fn scan<T>(text: &str, mut at: impl FnMut(usize, char, usize) -> Option<T>) -> Option<T> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((index, c)) = characters.next() {
        match quote {
            // A doubled quote closes and opens again, which comes to the same.
            Some(open) if c == open => quote = None,
            Some('\'' | '"') if c == '\\' => drop(characters.next()),
            Some(_) => {}
            None => {
                if c == ')' {
                    depth = depth.saturating_sub(1);
                }
                if let Some(found) = at(index, c, depth) {
                    return Some(found);
                }
                match c {
                    '(' => depth += 1,
                    '\'' | '"' | '`' => quote = Some(c),
                    _ => {}
                }
            }
        }
    }
    None
}

/// Where `pattern` begins outside quotes and parentheses.
fn find(text: &str, pattern: &str) -> Option<usize> {
    scan(text, |index, _, depth| {
        (depth == 0 && text[index..].starts_with(pattern)).then_some(index)
    })
}

/// A CREATE TABLE in parts.
#[derive(Debug, Default)]
pub(super) struct CreateTable<'a> {
    /// Columns, keys and constraints.
    pub(super) items: Vec<&'a str>,
    /// Engine, character set, comment, …, without the next value of AUTO_INCREMENT.
    pub(super) options: String,
    pub(super) partitions: Option<&'a str>,
}

impl<'a> CreateTable<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let Some(open) = find(text, "(") else {
            return CreateTable {
                options: text.to_owned(),
                ..CreateTable::default()
            };
        };
        let body = &text[open + 1..];
        let mut items = Vec::new();
        let mut start = 0;
        let mut depth_zero_end = body.len();
        let mut level = 1_usize;
        scan(body, |index, c, _| {
            match c {
                '(' => level += 1,
                ')' => level -= 1,
                ',' if level == 1 => {
                    items.push(body[start..index].trim());
                    start = index + 1;
                }
                _ => {}
            }
            (level == 0).then(|| {
                items.push(body[start..index].trim());
                depth_zero_end = index;
            })
        });
        let rest = body.get(depth_zero_end + 1..).unwrap_or_default().trim();
        let partitions = ["/*!50100 PARTITION BY", "PARTITION BY"]
            .iter()
            .find_map(|word| find(rest, word));
        let (options, partitions) = match partitions {
            Some(at) => (rest[..at].trim_end(), Some(rest[at..].trim())),
            None => (rest, None),
        };
        CreateTable {
            items,
            options: without_counter(options),
            partitions,
        }
    }
}

/// Removes ` AUTO_INCREMENT=n`.
fn without_counter(options: &str) -> String {
    const WORD: &str = "AUTO_INCREMENT=";
    let Some(start) = find(options, WORD) else {
        return options.to_owned();
    };
    let rest = options[start + WORD.len()..].trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{}{}", &options[..start], rest.trim_start())
        .trim_end()
        .to_owned()
}

/// Kind, name and definition of a line of a CREATE TABLE.
pub(super) fn item(item: &str) -> (&'static str, String, &str) {
    const KINDS: [(&str, &str); 9] = [
        ("`", "column"),
        ("PRIMARY KEY", "primary key"),
        ("UNIQUE KEY", "index"),
        ("KEY", "index"),
        ("FULLTEXT KEY", "index"),
        ("SPATIAL KEY", "index"),
        ("VECTOR KEY", "index"),
        ("CONSTRAINT", "constraint"),
        ("PERIOD", "period"),
    ];
    let kind = KINDS
        .iter()
        .find(|(start, _)| item.starts_with(start))
        .map_or("constraint", |(_, kind)| kind);
    match kind {
        "primary key" => return (kind, kind.to_owned(), item),
        "period" => return (kind, kind.to_owned(), item),
        _ => {}
    }
    match name(item) {
        Some((name, rest)) if kind == "column" => (kind, name, rest),
        Some((name, _)) => (kind, name, item),
        // A constraint without a name is known by what it says.
        None => (kind, item.to_owned(), item),
    }
}

/// The name in backticks that an item has before its first parenthesis, and what follows it.
fn name(item: &str) -> Option<(String, &str)> {
    let start = item.find('`').filter(|start| !item[..*start].contains('('))?;
    let inner = &item[start + 1..];
    let mut name = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((index, c)) = characters.next() {
        if c == '`' && characters.next_if(|(_, next)| *next == '`').is_none() {
            return Some((name, inner[index + 1..].trim_start()));
        }
        name.push(c);
    }
    None
}

/// Removes ``DEFINER=`user`@`host` ``, which is an owner's name.
pub(super) fn without_definer(text: &str) -> String {
    const WORD: &str = "DEFINER=";
    let Some(start) = find(text, WORD) else {
        return text.to_owned();
    };
    // The account ends at the first space outside its quotes.
    let rest = &text[start..];
    let end = find(rest, " ").map_or(rest.len(), |end| end + 1);
    format!("{}{}", &text[..start], &rest[end..])
}

/// Removes the current database's name before the dots of a view's text, so that two databases can be compared.
pub(super) fn without_database(text: &str, database: &str) -> String {
    let qualifier = format!("{}.", backticks(database));
    let mut places = Vec::new();
    scan(text, |index, _, _| {
        if text[index..].starts_with(&qualifier) {
            places.push(index);
        }
        None::<()>
    });
    let mut result = String::with_capacity(text.len());
    let mut start = 0;
    for place in places {
        result.push_str(&text[start..place]);
        start = place + qualifier.len();
    }
    result.push_str(&text[start..]);
    result
}

#[cfg(test)]
mod tests {
    use super::{CreateTable, item, without_database, without_definer};

    #[test]
    fn a_table_is_taken_apart() {
        let table = CreateTable::parse(
            "CREATE TABLE `a(b` (\n  `id` int(11) NOT NULL AUTO_INCREMENT COMMENT 'a, (b\\')',\n  `we``ird` enum('x,y') DEFAULT 'x,y',\n  \
             PRIMARY KEY (`id`),\n  KEY `k,1` (`id`)\n) ENGINE=InnoDB AUTO_INCREMENT=12 DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=7'\n \
             PARTITION BY HASH (`id`)\nPARTITIONS 2",
        );
        assert_eq!(
            table.options,
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='AUTO_INCREMENT=7'"
        );
        assert_eq!(table.partitions, Some("PARTITION BY HASH (`id`)\nPARTITIONS 2"));
        let items: Vec<(&str, String)> = table
            .items
            .iter()
            .map(|text| (item(text).0, item(text).1))
            .collect();
        let names: Vec<(&str, &str)> = items.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
        assert_eq!(
            names,
            [
                ("column", "id"),
                ("column", "we`ird"),
                ("primary key", "primary key"),
                ("index", "k,1")
            ]
        );
        assert_eq!(item(table.items[1]).2, "enum('x,y') DEFAULT 'x,y'");
    }

    #[test]
    fn owners_and_the_database_are_removed() {
        let view = "CREATE ALGORITHM=UNDEFINED DEFINER=`ro ot`@`%` SQL SECURITY DEFINER VIEW `v` AS select `d`.`t`.`a` AS `d.`,'`d`.' from `d`.`t`";
        assert_eq!(
            without_database(&without_definer(view), "d"),
            "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select `t`.`a` AS `d.`,'`d`.' from `t`"
        );
        assert_eq!(without_definer("CREATE TABLE t"), "CREATE TABLE t");
    }
}
