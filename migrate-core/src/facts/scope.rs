//! Which part of a catalog is read.

/// Which objects the facts are about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// Every relation whose name starts with this is left out, with all that belongs to it: columns, indexes,
    /// constraints, sequences. That is how the library's own tables stay out. Empty leaves out nothing.
    pub exclude_prefix: &'a str,
    /// Only objects of these unqualified names, and what belongs to a table of these names; `None` means all.
    pub names: Option<&'a [String]>,
}

impl Scope<'_> {
    /// Whether an object `name` that belongs to the relation `relation` (itself, if it is one) is in this scope.
    ///
    /// PostgreSQL decides this in its query; the other drivers ask here.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "mysql", test)),
        expect(dead_code, reason = "no such driver")
    )]
    pub(crate) fn contains(&self, name: &str, relation: Option<&str>) -> bool {
        let ours =
            |relation: &str| !self.exclude_prefix.is_empty() && relation.starts_with(self.exclude_prefix);
        let named = |wanted: &str| {
            self.names
                .is_none_or(|names| names.iter().any(|name| name == wanted))
        };
        !relation.is_some_and(ours) && (named(name) || relation.is_some_and(named))
    }
}
