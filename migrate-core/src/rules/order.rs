//! Whether files work in both orders in which databases run them.
//!
//! While a contract waits for its gates, later files run before it: production runs 1-2-4-3 where a fresh database runs
//! 1-2-3-4. So the model is folded a second time, with every contract that may still wait put off to the end. Two folds
//! are enough to see that a file gets along without the contracts before it, and they stay linear.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use super::analysis::position;
use super::config::Config;
use super::file::File;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::model::{Migration, MigrationSet, Phase};
use crate::schema::{Fault, FaultKind, Key, Object, Origin, Schema, difference};
use crate::script::section::at_statement;

/// What the fold in the order of the files said of one of them.
#[derive(Default)]
pub(super) struct Told {
    /// The statements that cannot work, each with the index of its diagnostic if it has one.
    pub(super) faults: Vec<(usize, Option<usize>)>,
    /// The objects it changed, as they were.
    pub(super) changed: BTreeMap<Key, Option<Object>>,
}

/// A contract that may still wait.
struct Waiting {
    index: usize,
    /// The objects it changes.
    keys: BTreeSet<Key>,
    /// The statements that cannot work in the order of the files either.
    faults: Vec<usize>,
}

pub(super) struct Order<'a> {
    set: &'a MigrationSet,
    config: &'a Config,
    files: &'a [File],
    /// The last draft that a contract may wait for; contracts after it have nothing to get in the way of.
    last: Option<usize>,
    waiting: Vec<Waiting>,
    /// The model in which those contracts have not run; none while there are none.
    schema: Option<Schema>,
    /// The drafts that ran while contracts waited, with what they changed in either order.
    drafts: Vec<(usize, BTreeSet<Key>)>,
    /// What had been different before the first of them: nobody can edit that away.
    known: Option<HashSet<String>>,
    /// Objects of which something was said.
    blamed: BTreeSet<Key>,
    /// How many more times it may be looked which of several contracts is in the way of a file.
    searches: usize,
}

impl<'a> Order<'a> {
    pub(super) fn new(set: &'a MigrationSet, config: &'a Config, files: &'a [File]) -> Self {
        let judged = |migration: &Migration| !migration.released && migration.phase != Phase::Contract;
        Self {
            set,
            config,
            files,
            last: set.migrations.iter().rposition(judged),
            waiting: Vec::new(),
            schema: None,
            drafts: Vec::new(),
            known: None,
            blamed: BTreeSet::new(),
            searches: 20,
        }
    }

    fn may_wait(&self, index: usize) -> bool {
        let migration = &self.set.migrations[index];
        let settled = self.config.baseline >= Some(migration.version);
        // Behind a contract that waits, others wait as well.
        let matters = self.last > Some(index) || !self.waiting.is_empty();
        migration.phase == Phase::Contract && !settled && matters
    }

    /// Whether there are contracts that may wait.
    pub(super) fn is_waiting(&self) -> bool {
        self.schema.is_some()
    }

    /// Before a file is applied to the model in the order of the files.
    pub(super) fn before(&mut self, index: usize, schema: &Schema) {
        match &self.schema {
            None if self.may_wait(index) => self.schema = Some(schema.clone()),
            Some(late) if self.known.is_none() && !self.set.migrations[index].released => {
                let end = self.settle(late);
                let faults = end.faults.into_iter().map(|(_, _, fault)| fault.message);
                let lines = differences(schema, &end.schema).into_iter().map(|(_, line)| line);
                self.known = Some(faults.chain(lines).collect());
            }
            _ => {}
        }
    }

    /// After a file was applied to that model.
    pub(super) fn after(&mut self, index: usize, told: Told, found: &mut Vec<Diagnostic>) {
        let Some(mut late) = self.schema.take() else {
            return;
        };
        late.reset_session();
        if self.may_wait(index) {
            self.put_off(&mut late, index, told);
        } else if self.set.migrations[index].released {
            let file = &self.files[index];
            let faulty = |faulty, at| !file.apply(at, &mut late, Origin::History).is_empty() | faulty;
            let faulty = (0..file.up.len()).fold(false, faulty);
            if faulty && told.faults.is_empty() {
                // It was released and ran, so that the contracts had run.
                self.waiting.clear();
                return;
            }
        } else {
            self.draft(&mut late, index, told, found);
        }
        self.schema = Some(late);
    }

    fn put_off(&mut self, late: &mut Schema, index: usize, told: Told) {
        late.awaits(&self.files[index].up);
        self.waiting.push(Waiting {
            index,
            keys: told.changed.into_keys().collect(),
            faults: told.faults.into_iter().map(|(at, _)| at).collect(),
        });
    }

    fn draft(&mut self, late: &mut Schema, index: usize, told: Told, found: &mut Vec<Diagnostic>) {
        late.begin();
        let mut faults: Vec<(usize, Fault)> = Vec::new();
        let file = &self.files[index];
        for at in 0..file.up.len() {
            let found = file.apply(at, late, Origin::Draft(index)).into_iter();
            faults.extend(found.map(|fault| (at, fault)));
        }
        let mut keys: BTreeSet<Key> = late.changed().into_keys().collect();
        keys.extend(told.changed.into_keys());
        let mut said = None;
        for (at, fault) in &faults {
            if told.faults.iter().any(|(known, _)| known == at) || said.replace(at) == Some(at) {
                continue;
            }
            let contract = self.contract(index, *at, &keys, false);
            found.push(self.in_the_way(index, *at, fault, contract));
            self.blamed.extend(keys.iter().cloned());
        }
        for (at, diagnostic) in &told.faults {
            if let Some(diagnostic) = diagnostic
                && !faults.iter().any(|(late, _)| late == at)
            {
                let contract = self.contract(index, *at, &keys, true);
                found[*diagnostic].notes.push(format!(
                    "it works only while the contract `{}` waits; where that has run, as in a fresh database, it does not",
                    contract.path
                ));
                self.blamed.extend(keys.iter().cloned());
            }
        }
        self.drafts.push((index, keys));
    }

    /// The contract that makes the difference for a statement: which brings its fault, or else takes it away.
    fn contract(&mut self, index: usize, at: usize, keys: &BTreeSet<Key>, brings: bool) -> &'a Migration {
        let related: Vec<usize> = self
            .waiting
            .iter()
            .filter(|waiting| !waiting.keys.is_disjoint(keys))
            .map(|waiting| waiting.index)
            .collect();
        let all = self.waiting.iter().map(|waiting| waiting.index).collect();
        let candidates: Vec<usize> = if related.is_empty() { all } else { related };
        let searched = match candidates.len() {
            0 | 1 => None,
            _ if self.searches == 0 => None,
            _ => {
                self.searches -= 1;
                self.search(index, at, &candidates, brings)
            }
        };
        let found = searched.or(candidates.last().copied()).unwrap_or(index);
        &self.set.migrations[found]
    }

    /// Lets the contracts run one after the other right before a file, until one makes the difference.
    fn search(&self, index: usize, at: usize, candidates: &[usize], brings: bool) -> Option<usize> {
        let mut schema = Schema::new(self.config.strict).speaking(self.set.dialect);
        let apply = |schema: &mut Schema, index: usize| {
            schema.reset_session();
            let file = &self.files[index];
            let faulty = (0..file.up.len()).filter(|at| !file.apply(*at, schema, Origin::History).is_empty());
            faulty.collect::<Vec<_>>()
        };
        for earlier in (0..index).filter(|earlier| !candidates.contains(earlier)) {
            apply(&mut schema, earlier);
        }
        if apply(&mut schema.clone(), index).contains(&at) == brings {
            return None;
        }
        candidates.iter().copied().find(|contract| {
            apply(&mut schema, *contract);
            apply(&mut schema.clone(), index).contains(&at) == brings
        })
    }

    fn in_the_way(&self, index: usize, at: usize, fault: &Fault, contract: &Migration) -> Diagnostic {
        let section = &self.set.migrations[index].up;
        // The model was told that what the contract makes is not there, and has no other words for it.
        let fault_message = fault
            .message
            .replace("was dropped or renamed before", "does not exist");
        let message = format!(
            "{fault_message} where the contract `{}` has not run yet",
            contract.path
        );
        let mut diagnostic = Diagnostic::error(&codes::CONTRACT_IN_THE_WAY, &*section.path, message);
        if let Some(statement) = section.statements.get(at) {
            diagnostic = diagnostic.at(position(section, statement, fault.span));
        }
        let other_name = match fault.kind {
            FaultKind::Exists => "use another name,\nor ",
            _ => "",
        };
        diagnostic.note(ORDER).help(format!(
            "{other_name}make this a contract file, which waits behind that one,\n\
             or keep it until the contract has run on every database, and set `baseline` to {}",
            contract.version
        ))
    }

    /// Lets the waiting contracts run.
    fn settle(&self, late: &Schema) -> End {
        let mut schema = late.clone();
        let mut faults = Vec::new();
        for (waiting, contract) in self.waiting.iter().enumerate() {
            schema.reset_session();
            let file = &self.files[contract.index];
            for at in 0..file.up.len() {
                let found = file.apply(at, &mut schema, Origin::Draft(contract.index));
                let new = found.into_iter().filter(|_| !contract.faults.contains(&at));
                faults.extend(new.map(|fault| (waiting, at, fault)));
            }
        }
        End { schema, faults }
    }

    /// After the last file: lets the contracts run, and compares.
    pub(super) fn finish(mut self, schema: &Schema, found: &mut Vec<Diagnostic>) {
        let Some(late) = self.schema.take() else { return };
        if self.drafts.is_empty() {
            return;
        }
        let end = self.settle(&late);
        let known = self.known.take().unwrap_or_default();
        for (waiting, at, fault) in &end.faults {
            let contract = &self.waiting[*waiting];
            if known.contains(&fault.message) || !contract.keys.is_disjoint(&self.blamed) {
                continue;
            }
            let after = |draft: &&(usize, BTreeSet<Key>)| draft.0 > contract.index;
            let drafts = || self.drafts.iter().rev().filter(after);
            let related = drafts().find(|(_, keys)| !keys.is_disjoint(&contract.keys));
            let Some((draft, _)) = related.or_else(|| drafts().next()) else {
                continue;
            };
            found.push(self.too_late(contract.index, *at, fault, &self.set.migrations[*draft]));
            let keys = contract.keys.clone();
            self.blamed.extend(keys);
        }
        let mut by_file: BTreeMap<usize, Vec<(Key, String)>> = BTreeMap::new();
        for (key, line) in differences(schema, &end.schema) {
            if known.contains(&line) || self.blamed.contains(&key) {
                continue;
            }
            // What no draft touched is a guess of the model.
            if let Some((draft, _)) = self.drafts.iter().rev().find(|(_, keys)| keys.contains(&key)) {
                by_file.entry(*draft).or_default().push((key, line));
            }
        }
        for (draft, lines) in by_file {
            found.extend(self.depends(draft, &lines));
        }
    }

    fn too_late(&self, contract: usize, at: usize, fault: &Fault, draft: &Migration) -> Diagnostic {
        let contract = &self.set.migrations[contract];
        let help = "let both work in either order: use another name, or move what the contract needs into it";
        if contract.released {
            let message = format!(
                "the contract `{}` cannot run after this file: {}",
                contract.path, fault.message
            );
            return first(&codes::CONTRACT_IN_THE_WAY, draft, "", &message)
                .note(ORDER)
                .help(help);
        }
        let message = format!(
            "{} where `{}` runs before this contract",
            fault.message, draft.path
        );
        let mut diagnostic = Diagnostic::error(&codes::CONTRACT_IN_THE_WAY, &*contract.up.path, message);
        if let Some(statement) = contract.up.statements.get(at) {
            diagnostic = diagnostic.at(position(&contract.up, statement, fault.span));
        }
        diagnostic.note(ORDER).help(help)
    }

    fn depends(&self, draft: usize, lines: &[(Key, String)]) -> Option<Diagnostic> {
        let (key, line) = lines.first()?;
        let mut earlier = self.waiting.iter().filter(|waiting| waiting.index < draft);
        let contract = earlier
            .clone()
            .find(|waiting| waiting.keys.contains(key))
            .or_else(|| earlier.next())?;
        let contract = &self.set.migrations[contract.index];
        let what = match lines.len() {
            1 => line.clone(),
            count => format!("{count} things are not as in a fresh database"),
        };
        let message = format!(
            "where the contract `{}` runs after this file, {what}",
            contract.path
        );
        let diagnostic = first(
            &codes::ORDER_DEPENDENT,
            &self.set.migrations[draft],
            &key.name,
            &message,
        );
        let lines = lines.iter().filter(|_| lines.len() > 1);
        let diagnostic = lines.fold(diagnostic, |diagnostic, (_, line)| diagnostic.note(line));
        Some(diagnostic.note(ORDER).help(
            "let both orders end the same: use another name,\nor make this a contract file, which waits behind that one",
        ))
    }
}

const ORDER: &str = "while a contract waits for its gates, later files run before it; \
                     only a fresh database runs them in the order of their versions";

/// A model in which the contracts have run last, and which of their statements could not: which contract, which one.
struct End {
    schema: Schema,
    faults: Vec<(usize, usize, Fault)>,
}

/// A finding at the first statement that names something, or else at the first.
fn first(code: &'static Code, migration: &Migration, name: &str, message: &str) -> Diagnostic {
    let section = &migration.up;
    let naming = section.iter().find(|(_, sql)| sql.contains(name));
    match naming
        .map(|(statement, _)| statement)
        .or(section.statements.first())
    {
        Some(statement) => at_statement(code, section, statement, message),
        None => Diagnostic::error(code, &*section.path, message),
    }
}

/// What is not in `late` as it is in `schema`, by object.
fn differences(schema: &Schema, late: &Schema) -> Vec<(Key, String)> {
    let mut found = Vec::new();
    let mut compare = |key: &Key, one: Option<&Object>, other: Option<&Object>| {
        let lines = difference(key, one, other, schema.dialect()).into_iter();
        found.extend(lines.map(|line| (key.clone(), line)));
    };
    for (key, object) in schema.objects() {
        match (object, late.get(key)) {
            (Object::Table(one), Some(Object::Table(other))) if Rc::ptr_eq(one, other) => {}
            (object, None) if is_guess(object) => {}
            (object, other) => compare(key, Some(object), other),
        }
    }
    for (key, object) in late.objects() {
        if schema.get(key).is_none() && !is_guess(object) {
            compare(key, None, Some(object));
        }
    }
    found
}

/// Whether the model has only heard of it.
fn is_guess(object: &Object) -> bool {
    matches!(object, Object::Table(table) if !table.complete) || matches!(object, Object::Index { .. })
}
