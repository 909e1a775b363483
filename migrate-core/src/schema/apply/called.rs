//! Which of several functions of one name a call is of.

use super::super::{Class, Object, Schema};
use super::kinds::{Kind, is_assignable};
use super::typing::Rows;
use crate::sql::{Arguments, Expr, Name, Signature, Source, Volatility};

/// What a call may be of.
pub(crate) struct Called<'a> {
    /// What the least reliable of the functions promises.
    pub(crate) volatility: Volatility,
    /// What the most reliable of them promises.
    pub(crate) best: Volatility,
    /// What else is computed: the values of parameters that the call does not give.
    pub(crate) defaults: Vec<&'a Expr>,
}

impl Schema {
    /// What a function promises, where the model has seen it being made. `scope` is what the columns that it is given are
    /// of.
    pub(crate) fn called(
        &self,
        name: &Name,
        given: Option<&Arguments>,
        scope: &[Source],
    ) -> Option<Called<'_>> {
        let Some(Object::Function {
            volatility,
            rest,
            overloads,
            ..
        }) = self.get(&self.resolve(Class::Function, name))
        else {
            return None;
        };
        let meant = given.filter(|given| !given.open).map(|given| {
            let fitting = overloads
                .iter()
                .filter_map(|one| Some((self.fit(one, given, scope)?, one)));
            let fitting: Vec<(usize, &Signature)> = fitting.collect();
            let best = fitting.iter().map(|(same, _)| *same).max();
            let best = fitting.into_iter().filter(|(same, _)| Some(*same) == best);
            best.map(|(_, one)| one).collect::<Vec<_>>()
        });
        // One that cannot be told apart may be the one that is called, and so may all where none fits.
        let told = meant.filter(|meant| rest.is_none() && !meant.is_empty());
        let volatility = match &told {
            Some(meant) => meant.iter().map(|one| one.volatility).max(),
            None => Some(*volatility),
        };
        let best = match &told {
            Some(meant) => meant.iter().map(|one| one.volatility).min(),
            None => overloads.iter().map(|one| one.volatility).chain(*rest).min(),
        };
        let meant = told.unwrap_or_else(|| overloads.iter().collect());
        let omitted = |one: &&'_ Signature| -> Vec<usize> {
            let places = 0..one.takes.len();
            places
                .filter(|at| !given.is_some_and(|given| gives(one, given, *at)))
                .collect()
        };
        let mut defaults = Vec::new();
        for one in meant {
            for at in omitted(&one) {
                defaults.extend(one.defaults.get(at).and_then(Option::as_ref));
            }
        }
        Some(Called {
            volatility: volatility?,
            best: best.or(volatility)?,
            defaults,
        })
    }

    /// How many of the values are just what a function takes; none where it does not take them.
    fn fit(&self, one: &Signature, given: &Arguments, scope: &[Source]) -> Option<usize> {
        let omitted = (0..one.takes.len()).filter(|at| !gives(one, given, *at));
        let needs = |at: usize| one.defaults.get(at).is_none_or(Option::is_none);
        let last = one.takes.len().saturating_sub(1);
        if omitted
            .into_iter()
            .any(|at| needs(at) && !(one.variadic && at == last))
        {
            return None;
        }
        let rows = Rows::of(self, scope);
        let mut same = 0;
        for (at, (parameter, value)) in given.values.iter().enumerate() {
            let named =
                |(name, _): &(Option<String>, crate::sql::Type)| name.is_some() && *name == *parameter;
            let at = match parameter {
                Some(_) => one.takes.iter().position(named)?,
                None if one.variadic && at >= last => continue,
                None => at,
            };
            let (_, ty) = one.takes.get(at)?;
            let (Some(from), Some(to)) = (rows.kind(value, &mut Vec::new()), self.kind_of(ty)) else {
                continue;
            };
            match &from {
                Kind::Text(text) if !self.may_be(text, &to) => return None,
                Kind::Text(_) => same += usize::from(to.is_text()),
                from if *from == to => same += 1,
                // Nothing becomes a text in a call without being asked.
                from if !is_assignable(from, &to) || to.is_text() && !from.is_text() && from.is_plain() => {
                    return None;
                }
                _ => {}
            }
        }
        Some(same)
    }
}

/// Whether a call gives a value for the parameter at that place.
fn gives(one: &Signature, given: &Arguments, at: usize) -> bool {
    let positional = given.values.iter().take_while(|(name, _)| name.is_none()).count();
    let named = |parameter: &str| {
        given
            .values
            .iter()
            .any(|(name, _)| name.as_deref() == Some(parameter))
    };
    at < positional
        || one
            .takes
            .get(at)
            .is_some_and(|(name, _)| name.as_deref().is_some_and(named))
}
