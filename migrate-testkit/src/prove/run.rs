//! What the tests that `prove!` makes call.

use std::path::Path;

use migrate_core::migrator::Event;
use migrate_core::model::{Database as _, MigrationSet};
use migrate_core::source::{Options, files_in_folder};
use migrate_core::{Dialect, Layout};

use super::Prove;
use super::finding::Proof;
use super::matrix;
use crate::database::TestKind;
use crate::error::Error;
use crate::server::announce;

/// One of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// [`Prove::round_trip`].
    RoundTrip,
    /// [`Prove::data_survival`].
    DataSurvival,
    /// [`Prove::builds`].
    Builds,
    /// [`Prove::order`].
    Order,
    /// [`Prove::backfills`].
    Backfills,
    /// [`Prove::locks`].
    Locks,
    /// [`Prove::schema`].
    Schema,
}

impl Check {
    /// Every check.
    pub const ALL: [Check; 7] = [
        Check::RoundTrip,
        Check::DataSurvival,
        Check::Builds,
        Check::Order,
        Check::Backfills,
        Check::Locks,
        Check::Schema,
    ];

    /// The name of its test.
    pub const fn name(self) -> &'static str {
        match self {
            Check::RoundTrip => "round_trip",
            Check::DataSurvival => "data_survival",
            Check::Builds => "builds",
            Check::Order => "order",
            Check::Backfills => "backfills",
            Check::Locks => "locks",
            Check::Schema => "schema",
        }
    }
}

impl<K: TestKind> Prove<K> {
    /// One of the checks.
    ///
    /// # Errors
    /// Whatever it finds. Also if there is no database ([`Error::is_skipped`]).
    pub async fn check(&self, check: Check) -> Result<Proof, Error> {
        match check {
            Check::RoundTrip => self.round_trip().await.map(Proof::from),
            Check::DataSurvival => self.data_survival().await,
            Check::Builds => self.builds().await,
            Check::Order => self.order().await,
            Check::Backfills => self.backfills().await,
            Check::Locks => self.locks().await,
            Check::Schema => self.schema().await,
        }
    }
}

/// A set of a crate, with what the crate keeps beside it.
pub fn in_crate<K: TestKind>(prove: Prove<K>, manifest: &str) -> Prove<K> {
    let manifest = Path::new(manifest);
    prove.builds_in(manifest.join("tests/builds")).schema_in(manifest)
}

/// A folder of a crate.
pub fn of_folder<K: TestKind>(manifest: &str, path: &str, layout: &str) -> Result<Prove<K>, Error> {
    let layout = Layout::from_name(layout).ok_or_else(|| {
        let known: Vec<&str> = Layout::ALL.iter().map(|layout| layout.name()).collect();
        Error::new(format!(
            "there is no layout `{layout}`; there are {}",
            known.join(", ")
        ))
    })?;
    let prove = Prove::folder_called(Path::new(manifest).join(path), path, layout)?;
    Ok(in_crate(prove, manifest))
}

/// What may be proved, or why it cannot be read.
pub trait Provable {
    type Kind: TestKind;
    fn get(self) -> Result<Prove<Self::Kind>, Error>;
}

impl<K: TestKind> Provable for Prove<K> {
    type Kind = K;
    fn get(self) -> Result<Self, Error> {
        Ok(self)
    }
}

impl<K: TestKind> Provable for Result<Prove<K>, Error> {
    type Kind = K;
    fn get(self) -> Self {
        self
    }
}

/// The same with the user's options; what cannot be read has none.
pub fn with<P: Provable>(
    prove: P,
    options: impl FnOnce(Prove<P::Kind>) -> Prove<P::Kind>,
) -> Result<Prove<P::Kind>, Error> {
    prove.get().map(options)
}

/// The files of the folder whose migrations the set does not have: cargo saw no reason to build again, and no check would say
/// anything of them. What a release build embeds does not know its folder.
fn not_embedded(set: &MigrationSet) -> Vec<String> {
    let Some(files) = set
        .folder
        .and_then(|folder| files_in_folder(Path::new(folder)).ok())
    else {
        return Vec::new();
    };
    let options = Options {
        layout: set.layout,
        rules: None,
        folder: String::new(),
        ..Options::new(set.dialect)
    };
    let there = options.read(files).set;
    let new = there
        .migrations
        .iter()
        .filter(|one| set.get(one.version).is_none() && set.squashed_into(one.version).is_none());
    new.map(|one| one.path.trim_start_matches('/').to_owned())
        .collect()
}

/// Runs a check as the test of that name, and prints what it proved. What it did not is printed past the capture of
/// the test harness, which shows nothing of a test that passes.
#[track_caller]
pub fn prove<P: Provable>(check: Check, test: &str, prove: impl FnOnce() -> P) {
    let versions = matrix::versions();
    if P::Kind::DIALECT == Dialect::Postgres && !versions.is_empty() {
        let failure = matrix::run(test, &versions).err();
        return crate::test::finish(failure.map(|error| format!("{error:#}")));
    }
    let failure = crate::test::block_on(async {
        let proved = match prove().get() {
            Ok(prove) => match not_embedded(&prove.set) {
                files if files.is_empty() => prove.check(check).await,
                files => Err(Error::new(Event::StaleEmbedding { files }.to_string())),
            },
            Err(error) => Err(error),
        };
        match proved {
            Ok(proof) => {
                println!("{proof}");
                if let Some(shortfall) = proof.shortfall() {
                    announce(&format!("{test}: {shortfall}"));
                }
                None
            }
            Err(error) if error.is_skipped() => None,
            Err(error) => Some(format!("{error:#}")),
        }
    });
    crate::test::finish(failure.unwrap_or_else(Some));
}
