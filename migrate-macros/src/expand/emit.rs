//! Values as Rust source.
//!
//! Source text that is parsed once is about twice as fast as tokens that are put together one by one, and these are
//! the bulk of what the compiler gets to see.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use migrate_core::Version;
use migrate_core::model::directives::{Allow, Assignment, Squashed, Sync, Text};
use migrate_core::model::{Statement, Verify};

/// A value that can be written as a constant expression, with the names of `migrate_core::__private` in scope.
pub(super) trait Emit {
    /// Appends the expression.
    fn emit(&self, to: &mut String);
}

/// A value that lists are made of.
pub(super) trait Item: Emit + Clone + 'static {
    /// Its type.
    const NAME: &'static str;
}

macro_rules! items {
    ($($type:ident),*) => {$(
        impl Item for $type {
            const NAME: &'static str = stringify!($type);
        }
    )*};
}

items!(
    u8, Text, Statement, Verify, Version, Sync, Squashed, Allow, Assignment
);

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Emit for $type {
            fn emit(&self, to: &mut String) {
                // Writing into a string does not fail.
                let _ = write!(to, "{self:?}");
            }
        }
    )*};
}

plain!(bool, u8, u16, u32, u64, f64, str, [bool; 7]);

impl<T: Emit> Emit for Option<T> {
    fn emit(&self, to: &mut String) {
        match self {
            Some(value) => {
                to.push_str("Some(");
                value.emit(to);
                to.push(')');
            }
            None => to.push_str("None"),
        }
    }
}

impl<T: Emit> Emit for [T] {
    fn emit(&self, to: &mut String) {
        to.push('[');
        for item in self {
            item.emit(to);
            to.push(',');
        }
        to.push(']');
    }
}

impl Emit for Cow<'static, str> {
    fn emit(&self, to: &mut String) {
        to.push_str("Text::Borrowed(");
        str::emit(self, to);
        to.push(')');
    }
}

impl<T: Item> Emit for Cow<'static, [T]> {
    fn emit(&self, to: &mut String) {
        // With its type spelled out the compiler has nothing to infer, which it would do for the whole body at once.
        if self.is_empty() {
            let _ = write!(to, "List::<{}>::Borrowed(&[])", T::NAME);
        } else {
            // A constant of its own: what holds a digest does not live as long as the program otherwise.
            let _ = write!(to, "List::<{}>::Borrowed(const{{&", T::NAME);
            <[T]>::emit(self, to);
            to.push_str("})");
        }
    }
}

impl Emit for Duration {
    fn emit(&self, to: &mut String) {
        let _ = write!(to, "Duration::new({},{})", self.as_secs(), self.subsec_nanos());
    }
}

/// Appends bytes as one literal.
pub(super) fn byte_string(bytes: &[u8], to: &mut String) {
    to.push_str("b\"");
    for byte in bytes {
        // Characters that stand for themselves keep the text short.
        if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\') {
            to.push(char::from(*byte));
        } else {
            let _ = write!(to, "\\x{byte:02x}");
        }
    }
    to.push('"');
}

/// A struct, field by field. It is taken apart without `..`, so that a new field does not compile until it is here.
macro_rules! emit_struct {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl Emit for $name {
            fn emit(&self, to: &mut String) {
                let $name { $($field),* } = self;
                to.push_str(concat!(stringify!($name), "{"));
                $(
                    to.push_str(concat!(stringify!($field), ":"));
                    $field.emit(to);
                    to.push(',');
                )*
                to.push('}');
            }
        }
    };
}

/// An enum whose variants hold nothing.
macro_rules! emit_variants {
    ($($name:ident),*) => {$(
        impl Emit for $name {
            fn emit(&self, to: &mut String) {
                let _ = write!(to, concat!(stringify!($name), "::{:?}"), self);
            }
        }
    )*};
}

pub(super) use {emit_struct, emit_variants};
