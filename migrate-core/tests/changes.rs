//! The states of a change against everything that can happen to it: all pairs.

use std::fmt::Write as _;

use migrate_core::change::{ChangeState, Occurrence, Shape};

/// One line per state, one column per occurrence: the state behind it, `.` where it stays, `-` where that is refused.
fn table(shape: Shape) -> String {
    let mut text = format!("{:12}", "");
    for what in Occurrence::ALL {
        write!(text, " {:12}", what.name()).unwrap();
    }
    text = format!("{}\n", text.trim_end());
    for state in ChangeState::ALL {
        write!(text, "{:12}", state.name()).unwrap();
        for what in Occurrence::ALL {
            let cell = match state.after(what, shape) {
                Err(_) => "-",
                Ok(after) if after == state => ".",
                Ok(after) => after.name(),
            };
            write!(text, " {cell:12}").unwrap();
        }
        text = text.trim_end().to_owned();
        text.push('\n');
    }
    text
}

/// `MIGRATE_UPDATE=1` writes what is found; read it then.
#[test]
fn every_state_meets_every_occurrence() {
    let shape = |expand, migrate, loses| Shape {
        expand,
        migrate,
        loses,
    };
    let cases = [
        (
            "expand, migrate and a contract that loses data",
            shape(true, true, true),
            "whole",
        ),
        (
            "expand, migrate and a contract with a way back",
            shape(true, true, false),
            "kept",
        ),
        ("expand and contract", shape(true, false, true), "no_data"),
        ("a contract alone", shape(false, false, true), "contract"),
    ];
    for (name, shape, file) in cases {
        let found = table(shape);
        let path = format!("{}/tests/changes/{file}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("MIGRATE_UPDATE").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        assert_eq!(found, expected, "{name}:\n{found}");
    }
}

/// Whatever happens, a change never skips the proof that no build needs the old shape, and never comes back from a loss.
#[test]
fn no_way_leads_around() {
    for expand in [true, false] {
        for migrate in [true, false] {
            let shape = Shape {
                expand,
                migrate,
                loses: true,
            };
            for state in ChangeState::ALL {
                let contracted = state.after(Occurrence::Contracted, shape);
                assert_eq!(contracted.is_ok(), state == ChangeState::Soaking, "{state}");
                for what in Occurrence::ALL {
                    let after = state.after(what, shape);
                    if state == ChangeState::Contracted {
                        assert!(after.is_err() || after == Ok(state), "{what} leads out of a loss");
                    }
                    if state == ChangeState::RolledBack && after.as_ref().is_ok_and(|after| *after != state) {
                        assert_eq!(
                            what,
                            Occurrence::Resumed,
                            "only a person lets it be applied again"
                        );
                    }
                }
            }
        }
    }
}
