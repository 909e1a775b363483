//! Tables whose columns come from a composite type.

use super::super::{Class, Fault, Key, Object, Schema, TableModel};
use super::column::unknown_column;
use crate::sql::Name;

impl Schema {
    /// Gives a table that is made OF a type the columns that the type has.
    pub(super) fn have_attributes(&self, of: Option<&Name>, model: &mut TableModel, faults: &mut Vec<Fault>) {
        model.complete = false;
        let Some(of) = of else { return };
        let key = self.resolve(Class::Type, of);
        if self.expect(&key, of.span, "type", faults) {
            return;
        }
        if let Some(Object::Type {
            attributes: Some(attributes),
            ..
        }) = self.get(&key)
        {
            model.complete = !self.is_doubted(&key);
            attributes
                .iter()
                .for_each(|name| model.columns.push(unknown_column(name)));
        }
        model.typed = Some(key);
    }

    /// OF and NOT OF: the columns stay, and whose they are changes.
    pub(super) fn become_typed(&mut self, table: &Key, of: Option<&Name>, faults: &mut Vec<Fault>) {
        let of = of.map(|of| (self.resolve(Class::Type, of), of.span));
        if let Some((key, span)) = &of
            && self.expect(key, *span, "type", faults)
        {
            return;
        }
        self.change_table_at(table, |table| table.typed = of.map(|(key, _)| key));
    }

    /// A type whose attributes change takes the columns of its tables with it; which those are then is not followed.
    pub(super) fn lose_attributes(&mut self, of: &Key) {
        let tables = self
            .tables()
            .filter(|(_, table)| table.typed.as_ref() == Some(of));
        let keys: Vec<Key> = tables.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.change_table_at(&key, |table| table.complete = false);
        }
    }
}
