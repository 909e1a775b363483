//! What must hold for every text: tokens tile it, nothing panics, spans are ordered and on character boundaries.

use migrate_core::Dialect;
use migrate_core::script::demand::transaction_demand;
use migrate_core::script::lex::Lexer;
use migrate_core::script::semantic::semantic_tokens;
use migrate_core::script::split::split;
use migrate_core::script::words::{Words, created_tables};

/// A small generator, so that a failing seed can be run again.
struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

#[rustfmt::skip]
const FRAGMENTS: &[&str] = &[
    "'", "''", "\"", "`", "[", "]", "\\", "\\'", "E'", "U&\"", "x'", "$", "$$", "$é$", "$1", ";", ";;", "//", "/*", "*/",
    "/*!", "/*M!50000 ", "--", "-- ", "#", "\n", "\r\n", "\r", " ", "\t", "\0", "\u{b}", "\u{feff}", "(", ")", ".", "..",
    ",", ":", "::", ":=", "@", "@@", "?", "->>", "<=>", "+-", "5--3", "1e-5", ".5", "0x", "1st", "_", "é", "日本", "🦀",
    "select ", "BEGIN ", "begin atomic ", "END", "CASE ", "WHEN ", "THEN ", "IF ", "IF(", "REPEAT ", "UNTIL ", "LOOP ",
    "FOR ", "DO ", "lbl: ", "HANDLER FOR NOT FOUND ", "CREATE ", "OR REPLACE ", "FUNCTION f() ", "PROCEDURE p() ",
    "TEMP ", "TRIGGER ", "FOR EACH ROW ", "EVENT ", "DEFINER=a@b ", "TABLE t ", "INDEX CONCURRENTLY ", "REINDEX (",
    "\nDELIMITER //\n", "\ndelimiter $$\n", "\nDELIMITER ;\n", "\nDELIMITER é\n", "delimiter ", "PRAGMA ", "NOT ATOMIC ",
];

fn random_text(random: &mut Xorshift) -> String {
    let mut text = String::new();
    for _ in 0..random.below(24) {
        let fragment = FRAGMENTS[random.below(FRAGMENTS.len())];
        let mut cut = fragment.len();
        if random.below(8) == 0 {
            cut = random.below(fragment.len() + 1);
            while !fragment.is_char_boundary(cut) {
                cut -= 1;
            }
        }
        text.push_str(&fragment[..cut]);
    }
    text
}

fn check(text: &str, dialect: Dialect) {
    let mut position = 0;
    let mut error = None;
    let mut semantic = Vec::new();
    let mut lexer = Lexer::new(text, dialect);
    for token in lexer.by_ref() {
        assert_eq!(error, None, "a token after the error");
        match token {
            Ok(token) => {
                assert_eq!(token.start, position, "tokens tile the text");
                assert!(token.end > token.start, "no token is empty");
                assert!(text.is_char_boundary(token.end));
                position = token.end;
                if !token.kind.is_trivia() {
                    semantic.push(token.text(text));
                }
            }
            Err(found) => {
                assert_eq!(found.start, position, "tokens tile the text up to the error");
                assert!(
                    text.is_char_boundary(found.end) && found.end > found.start && found.end <= text.len()
                );
                semantic.push(&text[found.start..]);
                error = Some(found);
            }
        }
    }
    assert!(
        error.is_some() || position == text.len(),
        "tokens tile the text to its end"
    );
    assert!(lexer.next().is_none());
    assert!(semantic_tokens(text, dialect).eq(semantic));

    if let Ok(spans) = split(text, dialect) {
        let mut end = 0;
        for span in spans {
            assert!(
                span.start >= end && span.end > span.start && span.end <= text.len(),
                "spans are ordered"
            );
            assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            assert_eq!(span.line as usize, text[..span.start].matches('\n').count() + 1);
            end = span.end;
            let statement = span.text(text);
            assert_eq!(statement, statement.trim_ascii());
            let _ = transaction_demand(statement, dialect);
            let _ = created_tables(statement, dialect);
        }
    }
    let mut words = Words::new(text, dialect);
    while words.qualified_name().is_some() || words.next().is_some() {}
}

#[test]
fn any_text() {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for _ in 0..20_000 {
        let text = random_text(&mut random);
        for dialect in Dialect::ALL {
            let outcome = std::panic::catch_unwind(|| check(&text, dialect));
            assert!(outcome.is_ok(), "{dialect}: {text:?}");
        }
    }
}
