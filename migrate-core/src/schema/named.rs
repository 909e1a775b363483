//! Which views name what: a file may make thousands of them, and each change of a table asks who reads it.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Key, Object};

/// The views that had a word in their query at any time, by the word.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    views: HashMap<String, Vec<Rc<Key>>>,
}

impl Named {
    /// Takes note of what an object names, if it is a view.
    pub(super) fn read(&mut self, key: &Key, object: &Object) {
        let query = match object {
            Object::View { query, .. } => query,
            Object::Table(table) => match &table.query {
                Some(query) => query,
                None => return,
            },
            _ => return,
        };
        let key = Rc::new(key.clone());
        for word in words(query) {
            let views = self.views.entry(word.to_ascii_lowercase()).or_default();
            if !views.last().is_some_and(|last| Rc::ptr_eq(last, &key)) {
                views.push(Rc::clone(&key));
            }
        }
    }

    /// The views whose queries may have a word, in the order of their keys.
    pub(super) fn by(&self, word: &str) -> Vec<&Key> {
        let views = self.views.get(&word.to_ascii_lowercase());
        let mut keys: Vec<&Key> = views.into_iter().flatten().map(|key| &**key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// The words of a text, however they are quoted.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    text.split(move |character| !part(character))
        .filter(|piece| !piece.is_empty())
}
