//! The planner, without any database: every state of a row against every phase and every asker.

use migrate_core::gates::Facts;
use migrate_core::history::{History, Reason, Row, State};
use migrate_core::live::{Build, Instance, Proof, Unregistered};
use migrate_core::plan::{Mode, Plan, Policy, Situation, may_serve, plan_with};
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Error, MigrationSet, Phase, Version};

const EXPAND: u64 = 20260101000000;
const MIGRATE: u64 = 20260102000000;
const CONTRACT: u64 = 20260103000000;

fn files(contract: bool) -> Vec<(String, String)> {
    let mut files = vec![
        (
            EXPAND,
            "expand",
            "ALTER TABLE t ADD COLUMN b TEXT",
            "-- migrate:down\nALTER TABLE t DROP COLUMN b;\n",
        ),
        (MIGRATE, "migrate", "UPDATE t SET b = a", ""),
    ];
    if contract {
        files.push((
            CONTRACT,
            "contract",
            "ALTER TABLE t DROP COLUMN a",
            "-- migrate:down\nALTER TABLE t ADD COLUMN a TEXT;\n",
        ));
    }
    let text = |(version, phase, up, down): (u64, &str, &str, &str)| {
        let text = format!("-- migrate:change c\n-- migrate:phase {phase}\n-- migrate:up\n{up};\n{down}");
        (format!("{version}_{phase}.sql"), text)
    };
    files.into_iter().map(text).collect()
}

fn set(contract: bool) -> MigrationSet {
    let files = files(contract).into_iter().map(|(path, text)| SourceFile {
        path,
        content: Ok(text.into_bytes()),
    });
    let options = Options {
        rules: None,
        ..Options::new(Dialect::Sqlite)
    };
    options
        .read(files.collect())
        .into_result()
        .unwrap_or_else(|faults| panic!("{faults}"))
}

/// The row of a migration of the set, in that state.
fn row(set: &MigrationSet, version: u64, state: State) -> Row {
    let migration = set.get(Version(version)).expect("it is in the set");
    Row {
        version: migration.version,
        attempt: 1,
        state,
        phase: migration.phase,
        name: migration.name.to_string(),
        change: migration.change_name().into_owned(),
        exact: migration.exact,
        semantic: migration.semantic,
        requires: migration.requires.to_vec(),
        reason: Reason::Run,
        done: 0,
        catalog: None,
        at: String::new(),
    }
}

fn history(rows: Vec<Row>) -> History {
    let mut history = History::of(rows);
    history.present = true;
    history
}

fn planned(
    set: &MigrationSet,
    history: &History,
    fresh: bool,
    mode: Mode,
    policy: Policy,
) -> Result<Plan, Error> {
    // It was looked, and nobody is there.
    let facts = Facts::default();
    plan_with(set, history, Situation { fresh, mode, policy }, Some(&facts))
}

/// What is applied, and what waits, by the last two digits of the day.
fn shape(plan: &Plan) -> (Vec<u64>, Vec<u64>) {
    let day = |version: Version| version.0 / 1_000_000 % 100;
    (
        plan.steps.iter().map(|step| day(step.version)).collect(),
        plan.waiting.iter().map(|waiting| day(waiting.version)).collect(),
    )
}

#[test]
fn who_applies_what_when() {
    use Mode::{Completion, StartUp};
    use Policy::{Development, Production};
    let set = set(true);
    // What is applied already; fresh; who asks; how careful; then what is applied and what waits.
    type Case<'a> = (&'a [u64], bool, Mode, Policy, &'a [u64], &'a [u64]);
    let cases: &[Case<'_>] = &[
        (&[], true, StartUp, Production, &[1, 2, 3], &[]),
        (&[], true, Completion, Production, &[1, 2, 3], &[]),
        (&[EXPAND], true, StartUp, Production, &[2, 3], &[]),
        (&[], false, StartUp, Production, &[1], &[2, 3]),
        (&[EXPAND], false, StartUp, Production, &[], &[2, 3]),
        (&[EXPAND, MIGRATE], false, StartUp, Production, &[], &[3]),
        (&[EXPAND, MIGRATE, CONTRACT], false, StartUp, Production, &[], &[]),
        (&[], false, Completion, Production, &[1, 2], &[3]),
        (&[EXPAND, MIGRATE], false, Completion, Production, &[], &[3]),
        (&[], false, StartUp, Development, &[1, 2, 3], &[]),
        (&[], false, Completion, Development, &[1, 2, 3], &[]),
    ];
    for (applied, fresh, mode, policy, steps, waiting) in cases {
        let rows = applied
            .iter()
            .map(|version| row(&set, *version, State::Applied))
            .collect();
        let plan = planned(&set, &history(rows), *fresh, *mode, *policy).unwrap();
        let case = format!("{applied:?} fresh {fresh} {mode:?} {policy:?}");
        assert_eq!(shape(&plan), (steps.to_vec(), waiting.to_vec()), "{case}");
        assert!(
            plan.waiting.iter().all(|waiting| !waiting.gates.is_empty()),
            "{case}"
        );
    }
}

/// There is no SQL to show.
#[test]
fn rust_code_is_told_by_its_name() {
    let text = "-- migrate:change c\n-- migrate:phase migrate\n-- migrate:rust split_name\n\
                -- migrate:backfill table=users key=id\n";
    let file = SourceFile {
        path: format!("{MIGRATE}_split.sql"),
        content: Ok(text.into()),
    };
    let options = Options {
        rules: None,
        ..Options::new(Dialect::Sqlite)
    };
    let set = options.read(vec![file]).into_result();
    let set = set.unwrap_or_else(|faults| panic!("{faults}"));
    for (fresh, told) in [
        (
            false,
            "the Rust code `split_name` moves the rows of `users`, in batches\n",
        ),
        (true, "the Rust code `split_name` moves the rows of `users`\n"),
    ] {
        let situation = Situation {
            fresh,
            mode: Mode::Completion,
            policy: Policy::Development,
        };
        let plan = plan_with(&set, &history(Vec::new()), situation, Some(&Facts::default()));
        let plan = plan.expect("a plan").to_string();
        assert!(plan.contains(told), "{plan}");
    }
}

/// No trigger keeps both columns, so data is moved once every build that runs writes both.
#[test]
fn data_waits_for_builds_that_write_one_shape() {
    let set = set(true);
    let history = history(vec![row(&set, EXPAND, State::Applied)]);
    let situation = Situation {
        fresh: false,
        mode: Mode::Completion,
        policy: Policy::Production,
    };
    let instance = |versions: Option<&[u64]>| Instance {
        name: "shop-1".to_owned(),
        build: versions.map(|versions| Build {
            id: "0123456789abcdef".to_owned(),
            versions: versions.iter().copied().map(Version).collect(),
            policy: Policy::Production,
        }),
        proof: Proof::Lock,
    };
    let unsaid = "no `sync` keeps both shapes, and builds have to write both: 1 of 1 instances do not embed 20260101000000: shop-1";
    let seen = |change: &dyn Fn(&mut Facts)| {
        let mut facts = Facts::default();
        change(&mut facts);
        Some(facts)
    };
    for (facts, waits) in [
        (None, Some("it was not looked at which builds run")),
        (seen(&|_| {}), None),
        (
            seen(&|facts| facts.live.instances.push(instance(Some(&[EXPAND])))),
            None,
        ),
        (
            seen(&|facts| {
                facts
                    .live
                    .instances
                    .push(instance(Some(&[EXPAND, MIGRATE, CONTRACT])))
            }),
            None,
        ),
        (
            seen(&|facts| facts.live.instances.push(instance(Some(&[])))),
            Some(unsaid),
        ),
        (
            seen(&|facts| facts.live.instances.push(instance(None))),
            Some(unsaid),
        ),
        (
            seen(&|facts| facts.live.blind.push("the server does not tell".to_owned())),
            Some("it cannot be seen who is connected: the server does not tell"),
        ),
        (
            seen(&|facts| {
                facts.live.others.push(Unregistered {
                    name: "psql".to_owned(),
                    from: "10.0.0.7".to_owned(),
                    connections: 1,
                    named: true,
                });
            }),
            Some("connected, and not registered: `psql` from 10.0.0.7"),
        ),
    ] {
        let plan = plan_with(&set, &history, situation, facts.as_ref()).unwrap();
        let steps = shape(&plan).0;
        match waits {
            None => {
                assert_eq!(steps, [2], "{facts:?}");
                assert!(plan.steps[0].gates[0].open, "{facts:?}");
            }
            Some(said) => {
                assert_eq!(steps, [0; 0], "{facts:?}");
                let gate = &plan.waiting[0].gates[0];
                assert!(gate.gate == "dual-write" && gate.finding.contains(said), "{gate}");
            }
        }
        let development = Situation {
            policy: Policy::Development,
            ..situation
        };
        let plan = plan_with(&set, &history, development, facts.as_ref()).unwrap();
        assert_eq!(shape(&plan).0, [2, 3], "{facts:?}");
    }
}

/// What is taken back under the development policy, by the last two digits of the day; or the error of the history.
#[test]
fn edited_drafts_are_taken_back_in_development_only() {
    use Policy::{Development, Production};
    let set = set(true);
    let all = [EXPAND, MIGRATE, CONTRACT];
    type Case<'a> = (&'a [u64], Reason, Policy, Result<&'a [u64], &'a str>);
    // Which are edited; why they stand in the history; how careful; what is taken back.
    let cases: &[Case<'_>] = &[
        (&[], Reason::Run, Development, Ok(&[])),
        (&[CONTRACT], Reason::Run, Development, Ok(&[3])),
        (&[EXPAND], Reason::Run, Development, Ok(&[3, 2, 1])),
        (&[EXPAND, CONTRACT], Reason::Fresh, Development, Ok(&[3, 2, 1])),
        (&[MIGRATE], Reason::Run, Development, Ok(&[3, 2])),
        (
            &[MIGRATE],
            Reason::Run,
            Production,
            Err("is not the one that was applied"),
        ),
        (
            &[MIGRATE],
            Reason::Baseline,
            Development,
            Err("is not the one that was applied"),
        ),
    ];
    for (edited, reason, policy, expected) in cases {
        let rows = all.iter().map(|version| {
            let mut row = row(&set, *version, State::Applied);
            row.reason = *reason;
            if edited.contains(version) {
                row.semantic = migrate_core::Digest([9; 32]);
            }
            row
        });
        let found = planned(&set, &history(rows.collect()), false, Mode::StartUp, *policy);
        let case = format!("{edited:?} {reason:?} {policy:?}");
        match (found, expected) {
            (Ok(plan), Ok(expected)) => {
                let days = plan.taken_back.iter().map(|one| one.version.0 / 1_000_000 % 100);
                assert_eq!(days.collect::<Vec<_>>(), *expected, "{case}");
                assert_eq!(plan.steps.len(), expected.len(), "{case}");
                assert_eq!(plan.is_empty(), expected.is_empty(), "{case}");
            }
            (Err(error), Err(expected)) => {
                assert!(
                    error.is_digest_mismatch() && error.to_string().contains(expected),
                    "{case}: {error}"
                );
            }
            (found, _) => panic!("{case}: {found:?}"),
        }
    }
}

#[test]
fn every_state_of_a_row() {
    let set = set(true);
    for (state, mode, expected) in [
        (State::Applied, Mode::StartUp, Ok(vec![])),
        (State::Applying, Mode::StartUp, Ok(vec![1])),
        (State::Reverting, Mode::StartUp, Err(())),
        (State::Reverted, Mode::StartUp, Ok(vec![1])),
        (State::Applied, Mode::Completion, Ok(vec![2])),
        (State::Applying, Mode::Completion, Ok(vec![1, 2])),
        (State::Reverting, Mode::Completion, Err(())),
        (State::Reverted, Mode::Completion, Ok(vec![1, 2])),
    ] {
        let history = history(vec![row(&set, EXPAND, state)]);
        let found = planned(&set, &history, false, mode, Policy::Production);
        match (found, expected) {
            (Ok(plan), Ok(steps)) => assert_eq!(shape(&plan).0, steps, "{state} {mode:?}"),
            (Err(error), Err(())) => assert!(error.is_dirty(), "{state}: {error}"),
            (found, expected) => panic!("{state} {mode:?}: {found:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn what_was_begun_is_finished_by_whoever_comes() {
    let set = set(true);
    for version in [MIGRATE, CONTRACT] {
        let mut rows = vec![row(&set, EXPAND, State::Applied)];
        if version == CONTRACT {
            rows.push(row(&set, MIGRATE, State::Applied));
        }
        let mut begun = row(&set, version, State::Applying);
        begun.done = 1;
        rows.push(begun);
        let plan = planned(&set, &history(rows), false, Mode::StartUp, Policy::Production).unwrap();
        assert_eq!(plan.steps.len(), 1, "{version}");
        assert_eq!((plan.steps[0].version, plan.steps[0].done), (Version(version), 1));
    }
}

#[test]
fn who_may_serve() {
    let (with, without) = (set(true), set(false));
    let applied = |versions: &[u64]| {
        let rows = versions
            .iter()
            .map(|version| row(&with, *version, State::Applied));
        history(rows.collect())
    };
    for (versions, reads_only_new, reads_both) in [
        (&[][..], false, false),
        (&[EXPAND][..], false, true),
        (&[EXPAND, MIGRATE][..], true, true),
        // The build without the contract does not know it, and embeds nothing that it requires.
        (&[EXPAND, MIGRATE, CONTRACT][..], true, false),
    ] {
        let history = applied(versions);
        assert_eq!(may_serve(&with, &history), reads_only_new, "{versions:?}");
        assert_eq!(may_serve(&without, &history), reads_both, "{versions:?}");
    }
    let mut unfinished = applied(&[EXPAND, MIGRATE, CONTRACT]);
    unfinished.fresh = true;
    assert!(
        !may_serve(&with, &unfinished),
        "a run on a fresh database that did not end"
    );
    assert!(
        !may_serve(&with, &History::default()),
        "a database that does not know the set"
    );
}

#[test]
fn a_contract_lets_builds_pass_that_embed_what_it_requires() {
    let (with, without) = (set(true), set(false));
    let mut contract = row(&with, CONTRACT, State::Applied);
    let rows = |contract: Row| {
        vec![
            row(&with, EXPAND, State::Applied),
            row(&with, MIGRATE, State::Applied),
            contract,
        ]
    };
    let refused = history(rows(contract.clone()));
    let error = planned(&without, &refused, false, Mode::StartUp, Policy::Production).unwrap_err();
    assert!(error.is_older_build(), "{error}");
    assert_eq!(error.version(), Some(Version(CONTRACT)));
    contract.requires = vec![Version(EXPAND), Version(MIGRATE)];
    let passed = history(rows(contract));
    let plan = planned(&without, &passed, false, Mode::StartUp, Policy::Production).unwrap();
    assert!(
        plan.steps.is_empty() && plan.notes[0].contains("not in this build"),
        "{plan}"
    );
    assert!(may_serve(&without, &passed));
}

#[test]
fn squashed_files_are_not_missed() {
    let with = set(true);
    let mut without = set(false);
    without.tombstones = vec![Version(CONTRACT)].into();
    let rows = [EXPAND, MIGRATE, CONTRACT].map(|version| row(&with, version, State::Applied));
    let history = history(rows.to_vec());
    let plan = planned(&without, &history, false, Mode::StartUp, Policy::Production).unwrap();
    assert!(plan.steps.is_empty() && plan.notes.is_empty(), "{plan}");
}

#[test]
fn histories_keep_the_latest_attempt() {
    let set = set(true);
    let mut first = row(&set, EXPAND, State::Reverted);
    let mut second = row(&set, EXPAND, State::Applied);
    second.attempt = 2;
    let kept = History::of(vec![second.clone(), first.clone()]);
    assert_eq!(kept.get(Version(EXPAND)), Some(&second));
    first.attempt = 3;
    let reverted = History::of(vec![second, first]);
    assert_eq!(reverted.get(Version(EXPAND)), None);
    assert_eq!(reverted.next_attempt(Version(EXPAND)), 4);
    assert_eq!(reverted.next_attempt(Version(MIGRATE)), 1);
}

#[test]
fn phases_are_ordered() {
    assert!(Phase::ALL.is_sorted());
}
