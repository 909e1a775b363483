//! Rows: generated for every type, given by the user, and gentler ones where an up refuses them.

use migrate_core::{Postgres, Sqlite};
use migrate_testkit::{Prove, TestKind};

use super::{ACCOUNT, all_types, set};

/// Rows are found for every table, so that nothing is said about any; and they survive a rebuild of the column order.
#[tokio::test]
async fn every_type_has_rows() {
    async fn body<K: TestKind>() {
        let more = "-- migrate:up\nALTER TABLE parent ADD COLUMN more int;\n-- migrate:down\nALTER TABLE parent DROP COLUMN more;";
        let proof = Prove::new(set::<K>(&[all_types(K::DIALECT), more]))
            .data_survival()
            .await
            .unwrap();
        assert_eq!(proof.notes, Vec::<String>::new(), "{proof}");
        assert_eq!(proof.unproved, Vec::<String>::new(), "{proof}");
        let rows: usize = proof.summary.split(' ').rev().nth(2).unwrap().parse().unwrap();
        assert!(rows >= 16, "{proof}");
    }
    on_each!(body);
}

/// What the user knows and the generator does not.
#[tokio::test]
async fn rows_of_the_user() {
    let odd = "-- migrate:up\nCREATE TABLE odd (a int NOT NULL CHECK (a % 1000 = 777 AND a > 5000));\n-- migrate:down\nDROP TABLE odd;";
    let empty = "-- migrate:up\nCREATE TABLE empty (a int);\n-- migrate:down\nDROP TABLE empty;";
    let lossy = "-- migrate:up\nDELETE FROM odd;\n-- migrate:irreversible \"gone\"";
    let lossy = format!(
        "-- migrate:irreversible \"gone\"\n{}",
        lossy.split("\n-- migrate:irr").next().unwrap()
    );
    let prove = || Prove::new(set::<Sqlite>(&[odd, empty, &lossy]));
    let proof = prove().data_survival().await.unwrap();
    assert!(
        proof.unproved[0].starts_with("odd has no rows: the generator finds none"),
        "{proof}"
    );
    let proof = prove()
        .rows(ACCOUNT, "INSERT INTO odd VALUES (6777)")
        .data_survival()
        .await
        .unwrap();
    assert_eq!(
        proof.notes,
        ["20260101000002 file: loses what it declares (gone): odd: 1 rows became 0"],
        "{proof}"
    );
    assert_eq!(proof.unproved, Vec::<String>::new(), "{proof}");
    let error = prove()
        .rows(ACCOUNT, "INSERT INTO odd VALUES (1)")
        .data_survival()
        .await
        .unwrap_err();
    assert!(
        format!("{error:#}").contains("the rows given for version 20260101000000 are refused"),
        "{error:#}"
    );
}

#[tokio::test]
async fn rows_that_an_up_refuses_are_noted() {
    let notes = "-- migrate:up\nCREATE TABLE note (id int PRIMARY KEY, body varchar(40));\n-- migrate:down\nDROP TABLE note;";
    let unique = "-- migrate:up\nCREATE UNIQUE INDEX note_body ON note (body) WHERE body IS NOT NULL AND body <> 'x' OR body = '';\n\
                  -- migrate:down\nDROP INDEX note_body;";
    let strict = "-- migrate:up\nALTER TABLE note ALTER COLUMN body SET NOT NULL;\n-- migrate:down\nALTER TABLE note ALTER COLUMN body DROP NOT NULL;";
    let proof = Prove::new(set::<Postgres>(&[notes, unique, strict]))
        .data_survival()
        .await
        .unwrap();
    assert!(
        proof.unproved[0]
            .contains("20260101000002 file: the up is refused on rows that the schema before it permits"),
        "{proof}"
    );
    assert!(proof.summary.starts_with("3 migrations"), "{proof}");
}
