//! The columns of a table.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use super::Column;

/// Fewer columns than this are looked through.
const MANY: usize = 64;

/// Columns in their order, found by name without looking through all of them.
///
/// A long file may add thousands to one table, and every statement asks for some.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    list: Vec<Column>,
    /// Where each name stands, once somebody has asked; gone again after a change that may have moved one.
    places: OnceCell<HashMap<String, usize>>,
}

impl Columns {
    /// The column of that name.
    pub fn named(&self, name: &str) -> Option<&Column> {
        if self.list.len() < MANY {
            return self.list.iter().find(|column| column.name == name);
        }
        let places = self.places.get_or_init(|| {
            let all = self.list.iter().enumerate().rev();
            all.map(|(at, column)| (column.name.clone(), at)).collect()
        });
        places.get(name).and_then(|at| self.list.get(*at))
    }

    /// Adds one behind the others.
    pub fn push(&mut self, column: Column) {
        if let Some(places) = self.places.get_mut() {
            places.entry(column.name.clone()).or_insert(self.list.len());
        }
        self.list.push(column);
    }

    /// Adds one in front of the one at that place.
    pub fn insert(&mut self, at: usize, column: Column) {
        self.places.take();
        self.list.insert(at.min(self.list.len()), column);
    }

    /// Keeps those that fulfil a condition.
    pub fn retain(&mut self, keep: impl FnMut(&Column) -> bool) {
        let before = self.list.len();
        self.list.retain(keep);
        if self.list.len() != before {
            self.places.take();
        }
    }
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Deref for Columns {
    type Target = [Column];

    fn deref(&self) -> &[Column] {
        &self.list
    }
}

impl DerefMut for Columns {
    fn deref_mut(&mut self) -> &mut [Column] {
        self.places.take();
        &mut self.list
    }
}

impl<'a> IntoIterator for &'a Columns {
    type Item = &'a Column;
    type IntoIter = std::slice::Iter<'a, Column>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<'a> IntoIterator for &'a mut Columns {
    type Item = &'a mut Column;
    type IntoIter = std::slice::IterMut<'a, Column>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
