//! What the two tables have, without triggers and without an echo.

use std::collections::BTreeMap;

use super::super::model::Value;
use super::{Case, Convert, Row};

/// The columns of a row beside its key; the last one belongs to no side.
pub(super) type Fields = [Value; 3];

pub(super) const TABLES: [(&str, &str, [&str; 3]); 2] =
    [("o", "id", ["a", "b", "note"]), ("n", "oid", ["x", "y", "note"])];

/// The two tables.
#[derive(Clone, Default)]
pub(super) struct Model(pub(super) [BTreeMap<i64, Fields>; 2]);

/// The statement fails.
pub(super) struct Refused;

impl Model {
    /// Whether the rows are consistent, and what the side of the other table should be.
    pub(super) fn wanted(
        &self,
        case: &Case,
        table: usize,
        side: &[Value],
        there: &[Value],
    ) -> Option<Vec<Value>> {
        let convert = |side: &[Value], by: Convert| -> Vec<Value> {
            side.iter().map(|value| value.as_deref().map(by)).collect()
        };
        let (by, back) = if table == 0 {
            (case.there, case.back)
        } else {
            (case.back, case.there)
        };
        let wanted = convert(side, by);
        let consistent = wanted == there || case.lossy && convert(there, back) == side;
        (!consistent).then_some(wanted)
    }

    pub(super) fn set_there(&mut self, case: &Case, table: usize, id: i64) {
        let side = self.0[table][&id][..case.width].to_vec();
        let there = self.0[1 - table][&id][..case.width].to_vec();
        if let Some(wanted) = self.wanted(case, table, &side, &there)
            && let Some(row) = self.0[1 - table].get_mut(&id)
        {
            row[..case.width].clone_from_slice(&wanted);
        }
    }

    /// After a row of that table was inserted.
    pub(super) fn inserted(&mut self, case: &Case, table: usize, id: i64) -> Result<(), Refused> {
        let Some(kind) = case.rows[table] else {
            return Ok(());
        };
        let other = 1 - table;
        if !self.0[other].contains_key(&id) {
            let nothing = self.0[table][&id][..case.width].iter().all(Option::is_none);
            match kind {
                Row::Part => return Err(Refused),
                Row::Whole if nothing => return Ok(()),
                Row::Whole | Row::Same => {
                    self.0[other].insert(id, Fields::default());
                    let side = self.0[table][&id][..case.width].to_vec();
                    // A row that is made gets its values, consistent or not.
                    let lossless = Case {
                        lossy: false,
                        ..*case
                    };
                    let nothing = vec![None; case.width];
                    let wanted = self.wanted(&lossless, table, &side, &nothing).unwrap_or(nothing);
                    let row = self.0[other].entry(id).or_default();
                    row[..case.width].clone_from_slice(&wanted);
                }
            }
        }
        self.set_there(case, table, id);
        Ok(())
    }

    pub(super) fn updated(
        &mut self,
        case: &Case,
        table: usize,
        before: (i64, &Fields),
        id: i64,
    ) -> Result<(), Refused> {
        let Some(kind) = case.rows[table] else {
            return Ok(());
        };
        let other = 1 - table;
        let same_side = before.1[..case.width] == self.0[table][&id][..case.width];
        if before.0 == id && same_side {
            return Ok(());
        }
        if before.0 != id {
            match (kind, self.0[other].get_mut(&before.0)) {
                (_, None) => {}
                (Row::Part, Some(row)) => row[..case.width].fill(None),
                (Row::Whole | Row::Same, Some(row)) => {
                    let row = std::mem::take(row);
                    self.0[other].remove(&before.0);
                    if self.0[other].insert(id, row).is_some() {
                        return Err(Refused);
                    }
                }
            }
        }
        self.inserted(case, table, id)
    }

    pub(super) fn deleted(&mut self, case: &Case, table: usize, id: i64) {
        match case.rows[table] {
            None => {}
            Some(Row::Part) => {
                if let Some(row) = self.0[1 - table].get_mut(&id) {
                    row[..case.width].fill(None);
                }
            }
            Some(Row::Whole | Row::Same) => {
                self.0[1 - table].remove(&id);
            }
        }
    }

    pub(super) fn shown(&self) -> String {
        let mut text = String::new();
        for table in &self.0 {
            for (id, row) in table {
                let fields: Vec<&str> = row.iter().map(|value| value.as_deref().unwrap_or("~")).collect();
                text.push_str(&format!("{id}|{};", fields.join("|")));
            }
            text.push('/');
        }
        text
    }
}
