//! Whether a text is one JSON value.

/// Panics where it is not, with what is left of it.
pub(crate) fn check(text: &str) {
    let rest = value(text.trim_start()).unwrap_or_else(|rest| panic!("no JSON at: {rest}\nin: {text}"));
    assert_eq!(rest.trim(), "", "behind the value in: {text}");
}

type Rest<'a> = Result<&'a str, &'a str>;

fn value(text: &str) -> Rest<'_> {
    match text.chars().next() {
        Some('{') => list(&text[1..], '}', |text| {
            let text = string(text)?.trim_start();
            value(text.strip_prefix(':').ok_or(text)?.trim_start())
        }),
        Some('[') => list(&text[1..], ']', value),
        Some('"') => string(text),
        _ => {
            let words = ["true", "false", "null"].iter();
            if let Some(rest) = words.filter_map(|word| text.strip_prefix(word)).next() {
                return Ok(rest);
            }
            let end = text.find(|character: char| !"-+.eE0123456789".contains(character));
            let (number, rest) = text.split_at(end.unwrap_or(text.len()));
            number.parse::<f64>().map(|_| rest).map_err(|_| text)
        }
    }
}

fn list(text: &str, close: char, item: impl Fn(&str) -> Rest<'_>) -> Rest<'_> {
    let mut rest = text.trim_start();
    if let Some(rest) = rest.strip_prefix(close) {
        return Ok(rest);
    }
    loop {
        rest = item(rest)?.trim_start();
        if let Some(rest) = rest.strip_prefix(close) {
            return Ok(rest);
        }
        rest = rest.strip_prefix(',').ok_or(rest)?.trim_start();
    }
}

fn string(text: &str) -> Rest<'_> {
    let inner = text.strip_prefix('"').ok_or(text)?;
    let mut characters = inner.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok(&inner[at + 1..]),
            '\\' => {
                let escaped = characters.next().ok_or(text)?.1;
                if !"\"\\/bfnrtu".contains(escaped) {
                    return Err(&inner[at..]);
                }
            }
            control if control < ' ' => return Err(&inner[at..]),
            _ => {}
        }
    }
    Err(text)
}

#[test]
fn what_is_json() {
    for good in ["{}", "[1,-2.5e3, null]", r#"{"a":[{"b":"c\n\""}],"d":true}"#] {
        check(good);
    }
    for bad in ["", "{", "[1,]", "{\"a\"}", "\"\n\"", "{} x", "nul", r#""\x""#] {
        assert!(std::panic::catch_unwind(|| check(bad)).is_err(), "{bad}");
    }
}
