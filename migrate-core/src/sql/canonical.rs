//! One spelling for SQL that says the same: what a server prints of an object, and what somebody wrote of it.

/// A text with one spelling: words in lower case unless quoted, no casts, no parentheses but around arguments.
///
/// For telling whether something is another one. A cast or a group that matters is overlooked, because servers write
/// them wherever they see one, and a finding that is wrong costs more than one that is missing.
pub(crate) fn canonical(text: &str) -> String {
    with_in(without_parentheses(without_casts(words(text)))).join(" ")
}

/// The same for a query, where AS may be left out, and so may a name that a column has anyway.
pub(crate) fn canonical_query(text: &str) -> String {
    let all = with_in(without_parentheses(without_casts(words(text))));
    let mut kept: Vec<String> = Vec::with_capacity(all.len());
    for word in all {
        let again = kept.last() == Some(&word) && word.chars().all(is_word);
        if word != "as" && word != ";" && !again {
            kept.push(word);
        }
    }
    kept.join(" ")
}

/// `= ANY (ARRAY[…])`, as PostgreSQL prints IN.
fn with_in(words: Vec<String>) -> Vec<String> {
    let any = ["=", "any", "(", "array", "["];
    let Some(at) = words.windows(any.len()).position(|window| window == any) else {
        return words;
    };
    let Some(length) = words[at..].iter().position(|word| word == "]") else {
        return words;
    };
    let (before, rest) = words.split_at(at);
    let list = &rest[any.len()..length];
    let after = rest.get(length + 2..).unwrap_or_default();
    let word = |word: &str| vec![word.to_owned()];
    let spelt = [before, &word("in"), &word("("), list, &word(")"), after].concat();
    with_in(spelt)
}

/// The same for the list of an index: what is the default of an order is left out.
pub(crate) fn canonical_list(text: &str) -> String {
    let all = words(text);
    let mut kept: Vec<String> = Vec::with_capacity(all.len());
    let mut rest = all.into_iter().peekable();
    while let Some(word) = rest.next() {
        let next = rest.peek().map(String::as_str);
        let falls = kept.last().is_some_and(|last| last == "desc");
        match (word.as_str(), next) {
            ("asc", _) => {}
            ("nulls", Some("first")) if falls => _ = rest.next(),
            ("nulls", Some("last")) if !falls => _ = rest.next(),
            _ => kept.push(word),
        }
    }
    canonical(&kept.join(" "))
}

/// The words, strings and signs of a text, without comments and the schema that everybody has in front of names.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '-' if rest.starts_with("--") => {
                rest = rest
                    .split_once('\n')
                    .map_or(&rest[2..], |(_, after)| after)
                    .trim_start();
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = rest
                    .split_once("*/")
                    .map_or(&rest[2..], |(_, after)| after)
                    .trim_start();
                continue;
            }
            '\'' | '"' | '`' => quoted(rest, first),
            _ if is_word(first) => rest.find(|next| !is_word(next)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        found.push(match first {
            '"' | '`' => bare(word, first),
            '\'' => word.to_owned(),
            _ => word.to_lowercase(),
        });
        rest = after.trim_start();
    }
    for at in 1..found.len() {
        if found[at - 1] == "!" && found[at] == "=" {
            found[at - 1] = "<".to_owned();
            found[at] = ">".to_owned();
        }
    }
    // The schema that everybody has in front of names.
    let mut at = 0;
    while at + 1 < found.len() {
        if found[at] == "public" && found[at + 1] == "." {
            found.drain(at..at + 2);
        } else {
            at += 1;
        }
    }
    found
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// The length of what starts with a quote, its doubled quotes included.
pub(super) fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(end) = text[at..].find(quote) {
        at += end + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// A quoted name without its quotes, where they make no difference.
fn bare(word: &str, quote: char) -> String {
    let inner = word.trim_matches(quote);
    let plain = |character: char| is_word(character) && !character.is_uppercase();
    match !inner.is_empty() && inner.chars().all(plain) {
        true => inner.to_owned(),
        false => word.to_owned(),
    }
}

fn without_casts(words: Vec<String>) -> Vec<String> {
    let mut kept = Vec::with_capacity(words.len());
    let mut rest = words.into_iter().peekable();
    while let Some(word) = rest.next() {
        if word != "::" {
            kept.push(word);
            continue;
        }
        rest.next();
        while rest.next_if(|next| next == ".").is_some() {
            rest.next();
        }
        let of_type = |next: &String| {
            ["varying", "precision", "with", "without", "time", "zone"].contains(&next.as_str())
        };
        while rest.next_if(of_type).is_some() {}
        for (opens, closes) in [("(", ")"), ("[", "]"), ("[", "]")] {
            if rest.next_if(|next| next == opens).is_some() {
                while rest.next().is_some_and(|next| next != closes) {}
                while rest.next_if(of_type).is_some() {}
            }
        }
    }
    kept
}

/// Leaves out the parentheses that only group: servers write them around everything.
fn without_parentheses(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    let mut open = Vec::new();
    for word in words {
        match word.as_str() {
            "(" => {
                let called = kept
                    .last()
                    .is_some_and(|last| last.chars().all(is_word) && !is_operator(last));
                open.push(called);
                if !called {
                    continue;
                }
            }
            ")" if open.pop() == Some(false) => continue,
            _ => {}
        }
        kept.push(word);
    }
    kept
}

/// Whether what stands in parentheses behind a word is no list of arguments.
fn is_operator(word: &str) -> bool {
    [
        "and", "or", "not", "is", "like", "between", "when", "then", "else", "by", "on", "where", "select",
        "from", "join", "using", "as", "union", "all", "with",
    ]
    .contains(&word)
}

#[cfg(test)]
mod tests {
    use super::{canonical, canonical_list, canonical_query};

    #[test]
    fn spellings_of_one_thing_are_one() {
        for (one, other) in [
            ("'darkly'", "'darkly'::character varying"),
            ("('x'::varchar(20))", "'x'"),
            ("now()", "NOW( )"),
            ("((\"b\" <> 1) AND (c = '2'::text))", "b != 1 and c = '2'"),
            ("'2020'::timestamp(3) without time zone", "'2020'"),
            ("'{}'::text[]", "'{}'"),
            (
                "hot_rank((score)::numeric, published)",
                "hot_rank(score, published)",
            ),
            ("public.f(1)", "f(1)"),
            (
                "s = ANY ((ARRAY['a'::text, 'b'::text])::text[])",
                "s IN ('a', 'b')",
            ),
        ] {
            assert_eq!(canonical(one), canonical(other));
        }
        for (one, other) in [
            ("'A'", "'a'"),
            ("f(1)", "f(2)"),
            ("\"A\"", "a"),
            ("a + b", "a - b"),
        ] {
            assert_ne!(canonical(one), canonical(other));
        }
    }

    #[test]
    fn a_query_is_the_same_with_and_without_as() {
        assert_eq!(
            canonical_query("select d.a as a, (case when d.b = 'x' then 'y' end) c from t d;"),
            canonical_query("SELECT d.a, CASE WHEN d.b = 'x'::text THEN 'y'::text END AS c FROM t AS d")
        );
        assert_ne!(
            canonical_query("SELECT a AS b FROM t"),
            canonical_query("SELECT a FROM t")
        );
    }

    #[test]
    fn the_default_order_is_left_out() {
        assert_eq!(
            canonical_list("(id ASC, nid)"),
            canonical_list("(id, \"nid\" NULLS LAST)")
        );
        assert_eq!(
            canonical_list("(id DESC)"),
            canonical_list("(id desc nulls first)")
        );
        assert_ne!(canonical_list("(id DESC)"), canonical_list("(id)"));
        assert_ne!(canonical_list("(id NULLS FIRST)"), canonical_list("(id)"));
    }
}
