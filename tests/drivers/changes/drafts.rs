//! Drafts that are edited after they were applied, under the development policy.

use migrate_core::MigrationSet;
use migrate_core::change::Occurrence;

use super::development::{COATS, HATS, SHOES, applied, built, draft, log_of, set};
use crate::backfill::{EXPAND, FILL, PEOPLE, begun, rows};
use crate::kind::{Kind, read, version, versions};

crate::on_every_database! {
    an_edited_draft_is_redone
    what_is_behind_an_edited_draft_is_redone_with_it
    an_edited_backfill_is_redone
    a_draft_that_never_ran_is_only_begun_again
    what_cannot_be_redone_is_refused_and_nothing_is_touched
    a_down_that_fails_leaves_whole_migrations
    a_move_under_way_is_not_pulled_away
    a_plan_shows_what_would_be_redone
}

async fn an_edited_draft_is_redone<K: Kind>() {
    let db = K::create().await;
    let (before, after) = (draft("shoes", "size"), draft("shoes", "colour"));
    let first = built(&db, set::<K>(&[(SHOES, &before)])).build();
    first.run().await.expect("a fresh database");
    let old = first
        .set()
        .get(version(SHOES))
        .expect("the draft")
        .semantic
        .to_string();
    let next = built(&db, set::<K>(&[(SHOES, &after)])).build();
    let report = next.run().await.expect("the draft is redone");
    assert_eq!(report.reverted, [(version(SHOES), "shoes".to_owned())]);
    assert_eq!(versions(&report), [SHOES]);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("20260201000000 shoes was edited")),
        "{report}"
    );
    db.attempt("SELECT colour FROM shoes")
        .await
        .expect("the new column");
    db.attempt("SELECT size FROM shoes")
        .await
        .expect_err("the old column is gone");
    let new = next
        .set()
        .get(version(SHOES))
        .expect("the draft")
        .semantic
        .to_string();
    let taken = log_of(&next, Occurrence::TakenBack).await;
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].figure("digest"), Some(&*old));
    assert_eq!(taken[0].figure("by"), Some("its draft was edited"));
    let redone = log_of(&next, Occurrence::Redone).await;
    assert_eq!(redone.len(), 1, "{redone:?}");
    assert_eq!(redone[0].figure("digest"), Some(&*new));
    assert_eq!(redone[0].figure("digest-before"), Some(&*old));
    let again = next.run().await.expect("another start");
    assert!(again.applied.is_empty() && again.reverted.is_empty(), "{again}");
    // A job does the same.
    let job = built(&db, set::<K>(&[(SHOES, &before)])).build();
    let report = job.run_to_completion().await.expect("the job");
    assert_eq!((versions(&report), report.reverted.len()), (vec![SHOES], 1));
}

async fn what_is_behind_an_edited_draft_is_redone_with_it<K: Kind>() {
    let db = K::create().await;
    let hats = "-- migrate:up\nCREATE TABLE hats (id INTEGER PRIMARY KEY, shoe INTEGER REFERENCES shoes (id));\n\
                -- migrate:down\nDROP TABLE hats;\n";
    let drafts = |shoes: &str, coats: &str| {
        set::<K>(&[
            (SHOES, &draft("shoes", shoes)),
            (HATS, hats),
            (COATS, &draft("coats", coats)),
        ])
    };
    built(&db, drafts("size", "size"))
        .build()
        .run()
        .await
        .expect("a fresh database");
    let next = built(&db, drafts("colour", "length")).build();
    let report = next.run().await.expect("the drafts are redone");
    let reverted: Vec<u64> = report.reverted.iter().map(|(version, _)| version.0).collect();
    assert_eq!(reverted, [COATS, HATS, SHOES]);
    assert_eq!(versions(&report), [SHOES, HATS, COATS]);
    db.attempt("SELECT s.colour, h.shoe, c.length FROM shoes s, hats h, coats c")
        .await
        .expect("all of it is there");
    // What is in front of the first edited one stays.
    let report = built(&db, drafts("colour", "size")).build().run().await;
    let report = report.expect("the last one is redone");
    assert_eq!((versions(&report), report.reverted.len()), (vec![COATS], 1));
}

async fn an_edited_backfill_is_redone<K: Kind>() {
    let db = K::create().await;
    db.developer(&[PEOPLE]).run().await.expect("a fresh database");
    db.execute(&rows(1, 20)).await;
    let expand = "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN nick VARCHAR(50);\n\
                  -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n";
    let fill = |value: &str| FILL.1.replace("nick = name", &format!("nick = {value}"));
    let files = |fill: &str| read(K::DIALECT, &[PEOPLE, (EXPAND.0, expand), (FILL.0, fill)]);
    built(&db, files(&fill("name")))
        .build()
        .run()
        .await
        .expect("a start");
    assert_eq!(db.value("SELECT nick FROM people WHERE id = 3").await, "name 3");
    let next = built(&db, files(&fill("'nobody'"))).build();
    let report = next.run().await.expect("it is moved again");
    assert_eq!(
        (versions(&report), report.reverted.len()),
        (vec![20260103000000], 1)
    );
    assert_eq!(db.value("SELECT nick FROM people WHERE id = 3").await, "nobody");
    assert_eq!(log_of(&next, Occurrence::Redone).await.len(), 1);
}

async fn a_draft_that_never_ran_is_only_begun_again<K: Kind>() {
    let db = K::create().await;
    db.developer(&[PEOPLE]).run().await.expect("a fresh database");
    let bad = "-- migrate:up\nCREATE TABLE shoes (id INTEGER PRIMARY KEY, id INTEGER);\n\
               -- migrate:down\nDROP TABLE shoes;\n";
    let failing = built(&db, set::<K>(&[(SHOES, bad)])).build();
    let error = failing.run().await.expect_err("a column twice");
    assert!(error.is_statement(), "{error}");
    let next = built(&db, set::<K>(&[(SHOES, &draft("shoes", "size"))])).build();
    let report = next.run().await.expect("the corrected draft");
    assert_eq!(versions(&report), [SHOES]);
}

/// One thing that keeps a draft from being redone: what is applied, what the build has then, and what the error says.
struct Refusal {
    name: &'static str,
    before: MigrationSet,
    after: MigrationSet,
    says: &'static str,
}

fn refusals<K: Kind>() -> Vec<Refusal> {
    let shoes = |column: &str| draft("shoes", column);
    let (before, after, hats) = (shoes("size"), shoes("colour"), draft("hats", "size"));
    let one_way = "-- migrate:irreversible \"shoes stay\"\n-- migrate:up\n\
                   CREATE TABLE shoes (id INTEGER PRIMARY KEY, size VARCHAR(50));\n";
    let released = |mut set: MigrationSet, number: u64| {
        for migration in set.migrations.to_mut() {
            migration.released |= migration.version == version(number);
        }
        set
    };
    let without_down = |mut set: MigrationSet, number: u64| {
        for migration in set.migrations.to_mut() {
            if migration.version == version(number) {
                migration.down = None;
            }
        }
        set
    };
    vec![
        Refusal {
            name: "it is irreversible",
            before: set::<K>(&[(SHOES, one_way), (HATS, &hats)]),
            after: set::<K>(&[(SHOES, &after), (HATS, &hats)]),
            says: "shoes stay",
        },
        Refusal {
            name: "what is behind it is irreversible",
            before: set::<K>(&[(SHOES, &before), (HATS, &one_way.replace("shoes", "hats"))]),
            after: set::<K>(&[(SHOES, &after), (HATS, &one_way.replace("shoes", "hats"))]),
            says: "hats stay",
        },
        Refusal {
            name: "the history keeps no down",
            before: without_down(set::<K>(&[(SHOES, &before), (HATS, &hats)]), SHOES),
            after: set::<K>(&[(SHOES, &after), (HATS, &hats)]),
            says: "it has no down",
        },
        Refusal {
            name: "it is released",
            before: set::<K>(&[(SHOES, &before), (HATS, &hats)]),
            after: released(set::<K>(&[(SHOES, &after), (HATS, &hats)]), SHOES),
            says: "is not the one that was applied under its version",
        },
        Refusal {
            name: "what is behind it is released",
            before: set::<K>(&[(SHOES, &before), (HATS, &hats)]),
            after: released(set::<K>(&[(SHOES, &after), (HATS, &hats)]), HATS),
            says: "20260202000000 hats is applied behind it and released",
        },
        Refusal {
            name: "what is behind it is of another branch",
            before: set::<K>(&[(SHOES, &before), (HATS, &hats)]),
            after: set::<K>(&[(SHOES, &after)]),
            says: "20260202000000 hats is applied behind it and not in this build",
        },
    ]
}

async fn what_cannot_be_redone_is_refused_and_nothing_is_touched<K: Kind>() {
    for Refusal {
        name,
        before,
        after,
        says,
    } in refusals::<K>()
    {
        let db = K::create().await;
        built(&db, before).build().run().await.expect(name);
        let before = applied(&db).await;
        let next = built(&db, after).build();
        for error in [
            next.run().await.expect_err(name),
            next.run_to_completion().await.expect_err(name),
        ] {
            let told = error.to_string();
            assert!(told.contains(says), "{name}: {told}");
            assert_eq!(
                error.version(),
                Some(version(if says.starts_with("hats") { HATS } else { SHOES })),
                "{told}"
            );
        }
        assert_eq!(applied(&db).await, before, "{name}");
        db.attempt("SELECT s.size, h.id FROM shoes s, hats h")
            .await
            .expect(name);
        assert!(log_of(&next, Occurrence::TakenBack).await.is_empty(), "{name}");
    }
}

async fn a_down_that_fails_leaves_whole_migrations<K: Kind>() {
    let db = K::create().await;
    let broken =
        "-- migrate:up\nCREATE TABLE shoes (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE boots;\n";
    let hats = draft("hats", "size");
    let before = || set::<K>(&[(SHOES, broken), (HATS, &hats)]);
    built(&db, before())
        .build()
        .run()
        .await
        .expect("a fresh database");
    let next = built(&db, set::<K>(&[(SHOES, &draft("shoes", "size")), (HATS, &hats)])).build();
    let error = next.run().await.expect_err("there are no boots");
    let told = error.to_string();
    assert!(error.is_statement() && told.contains("boots"), "{told}");
    assert!(
        told.contains("what the history keeps, not what stands in the file now"),
        "{told}"
    );
    // The one behind it is taken back as a whole; the draft itself is as it was.
    db.attempt("SELECT id FROM hats")
        .await
        .expect_err("it was taken back");
    db.attempt("SELECT id FROM shoes").await.expect("it is there");
    assert_eq!(log_of(&next, Occurrence::TakenBack).await.len(), 1);
    if K::DIALECT.has_transactional_ddl() {
        // With the file as it was, the next start goes on.
        let restored = built(&db, before()).build();
        assert_eq!(versions(&restored.run().await.expect("a start")), [HATS]);
    } else {
        // A statement that commits by itself may have been begun: the down is finished first, or mended by hand.
        let error = built(&db, before())
            .build()
            .run()
            .await
            .expect_err("it is half done");
        assert!(
            error.is_dirty() && error.to_string().contains("was interrupted"),
            "{error}"
        );
    }
}

async fn a_move_under_way_is_not_pulled_away<K: Kind>() {
    let db = K::create().await;
    db.developer(&[PEOPLE]).run().await.expect("a fresh database");
    db.execute(&rows(1, 20)).await;
    let slow = FILL.1.replace("batch=100 pause=0ms", "batch=1 pause=10s");
    let files = |expand: &str| read(K::DIALECT, &[PEOPLE, (EXPAND.0, expand), (FILL.0, &slow)]);
    let expand = "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN nick VARCHAR(50);\n\
                  -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n";
    let mover = built(&db, files(expand)).build();
    mover.up_to(version(20260102000000)).await.expect("the expand");
    let worker = mover.spawn_worker();
    begun(&mover).await;
    worker.shutdown().await.expect("a worker that ended well");
    let edited = expand.replace("VARCHAR(50)", "VARCHAR(60)");
    let error = built(&db, files(&edited)).build().run().await;
    let error = error.expect_err("a part of the data is moved");
    assert!(
        error.is_dirty()
            && error
                .to_string()
                .contains("the backfill of 20260103000000 behind it"),
        "{error}"
    );
    db.attempt("SELECT nick FROM people")
        .await
        .expect("nothing was touched");
}

async fn a_plan_shows_what_would_be_redone<K: Kind>() {
    let db = K::create().await;
    let drafts = |shoes: &str| set::<K>(&[(SHOES, &draft("shoes", shoes)), (HATS, &draft("hats", "size"))]);
    built(&db, drafts("size"))
        .build()
        .run()
        .await
        .expect("a fresh database");
    let next = built(&db, drafts("colour")).build();
    for plan in [next.plan().await, next.dry_run().await] {
        let plan = plan.expect("a plan");
        let taken: Vec<(u64, bool)> = plan
            .taken_back
            .iter()
            .map(|one| (one.version.0, one.edited))
            .collect();
        assert_eq!(taken, [(HATS, false), (SHOES, true)]);
        assert_eq!(plan.steps.len(), 2, "{plan}");
        let told = plan.to_string();
        assert!(
            told.contains("taken back first") && told.contains("1 draft behind it"),
            "{told}"
        );
    }
    let status = next.status().await.expect("a status");
    assert!(!status.may_serve && status.fault.is_none(), "{status}");
    assert!(
        status.to_string().contains("was edited since it was applied"),
        "{status}"
    );
    db.attempt("SELECT size FROM shoes")
        .await
        .expect("nothing was touched");
}
