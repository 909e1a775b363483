use super::{Class, Fact, Facts, Scope};

fn column(name: &str, definition: &str, position: u32) -> Fact {
    Fact::new("column", format!("users.{name}"), definition)
        .of("users")
        .at(position)
}

fn facts(columns: &[(&str, &str)]) -> Facts {
    let columns = columns
        .iter()
        .zip(1..)
        .map(|((name, definition), place)| column(name, definition, place));
    Facts::new(columns.chain([Fact::new("table", "users", "")]).collect())
}

#[test]
fn equal_whatever_the_order_of_reading_and_the_gaps() {
    let dense = Facts::new(vec![column("a", "int", 1), column("b", "text", 2)]);
    let sparse = Facts::new(vec![column("b", "text", 9), column("a", "int", 4)]);
    assert_eq!(dense, sparse);
    assert_eq!(dense.digest(), sparse.digest());
    assert!(dense.compare(&sparse).is_empty());
}

#[test]
fn order_is_a_class_of_its_own() {
    let before = facts(&[("a", "int"), ("b", "text"), ("c", "int")]);
    let after = facts(&[("a", "int"), ("c", "int"), ("b", "text")]);
    let difference = before.compare(&after);
    assert!(!difference.is_empty() && !difference.changed());
    assert_ne!(before.digest(), after.digest());
    assert_eq!(
        difference.to_string(),
        "users\n  ~ column order:\n    - a, b, c\n    + a, c, b\n         ^^^^\n"
    );
}

#[test]
fn an_added_column_does_not_reorder_the_others() {
    let before = facts(&[("a", "int"), ("b", "text")]);
    let after = facts(&[("a", "int"), ("new", "int"), ("b", "text")]);
    let difference = before.compare(&after);
    assert_eq!(difference.to_string(), "users\n  + column new: int\n");
    assert_eq!(after.compare(&before).to_string(), "users\n  - column new: int\n");
}

#[test]
fn a_changed_definition_shows_where_it_differs() {
    let before = facts(&[("a", "int not null default 1")]);
    let after = facts(&[("a", "int not null default 25")]);
    assert_eq!(
        before.compare(&after).to_string(),
        "users\n  ~ column a:\n    - int not null default 1\n    + int not null default 25\n                           ^^\n"
    );
    let before = Facts::new(vec![Fact::new("function", "f()", "one\ntwo\nthree")]);
    let after = Facts::new(vec![Fact::new("function", "f()", "one\n2\n2½\nthree")]);
    let difference = before.compare(&after).to_string();
    assert_eq!(
        difference,
        "f()\n  ~ function, line 2:\n    - two\n    + 2\n    + 2½\n"
    );
}

#[test]
fn privileges_are_a_class_of_their_own() {
    let before = facts(&[]);
    let grant = Fact::new("privileges", "users", "bob: SELECT");
    let after = Facts::new(before.iter().cloned().chain([grant]).collect());
    let difference = before.compare(&after);
    assert!(difference.changed());
    assert_eq!(difference.of_class(Class::Acl).count(), 1);
    assert_eq!(difference.of_class(Class::Changed).count(), 0);
}

#[test]
fn equal_identities_are_counted() {
    let check = |times| Facts::new(vec![Fact::new("check", "t.", "a > 0").of("t"); times]);
    assert!(check(2).compare(&check(2)).is_empty());
    assert_eq!(check(2).compare(&check(1)).changes().count(), 1);
}

#[test]
fn the_digest_keeps_fields_apart() {
    let facts =
        |identity: &str, definition: &str| Facts::new(vec![Fact::new("table", identity, definition).of("x")]);
    assert_ne!(facts("ab", "c").digest(), facts("a", "bc").digest());
}

#[test]
fn rendering_groups_by_object_and_keeps_the_order_of_columns() {
    let index = Fact::new("index", "users_a", "unique (a)").of("users");
    let function = Fact::new("function", "f()", "\nbegin\nend");
    let facts = facts(&[("b", "text"), ("a", "int")]);
    let facts = Facts::new(facts.iter().cloned().chain([index, function]).collect());
    assert_eq!(
        facts.render(),
        "f()\n  function:\n      begin\n      end\n\n\
         users\n  table\n  column b: text\n  column a: int\n  index users_a: unique (a)\n"
    );
}

#[test]
fn scope_knows_our_tables_and_the_wanted_names() {
    let names = ["users".to_owned()];
    let all = Scope {
        exclude_prefix: "_migrate",
        names: None,
    };
    let some = Scope {
        exclude_prefix: "_migrate",
        names: Some(&names),
    };
    assert!(all.contains("users", Some("users")) && all.contains("f", None));
    assert!(!all.contains("_migrate_history_index", Some("_migrate_history")));
    assert!(some.contains("users_email", Some("users")) && !some.contains("orders", Some("orders")));
    assert!(Scope::default().contains("anything", None));
}
