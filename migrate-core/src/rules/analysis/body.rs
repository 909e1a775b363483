//! What a function in SQL names: PostgreSQL reads its body when it is made, and refuses what is not there.

use crate::schema::{Fault, FaultKind, Origin, Schema};
use crate::script::words::Words;
use crate::sql::{self, Operation, Signature};

/// The objects that the body of a function lacks, at their places in the statement that makes it.
pub(super) fn missing(schema: &mut Schema, operations: &[Operation], at: usize, sql: &str) -> Vec<Fault> {
    let Some(Operation::CreateFunction {
        name,
        signature: Some(signature),
        ..
    }) = operations.get(at)
    else {
        return Vec::new();
    };
    let dialect = schema.dialect();
    let unread = |operation: &Operation| matches!(operation, Operation::Set { name, .. } if name == "check_function_bodies");
    let elsewhere = Words::new(sql, dialect).any(|word| word.is("search_path"));
    if !signature.inlined || elsewhere || operations[..at].iter().any(unread) {
        return Vec::new();
    }
    let Some(Operation::Do { body, .. }) = sql::function_body(sql, dialect) else {
        return Vec::new();
    };
    let mut missing = Vec::new();
    for nested in &body {
        let parsed = sql::parse(nested.span.of(sql), dialect);
        // What the body makes is not there when it is read.
        if parsed.fault.is_some() || !matches!(parsed.operation, Operation::Data { .. }) {
            break;
        }
        let mut faults = Vec::new();
        let read = |schema: &mut Schema| {
            faults = schema.apply_checked(&parsed.operation, &parsed.checks, Origin::History);
        };
        schema.rehearse(read, |_, _| ());
        let own =
            |fault: &Fault| fault.kind == FaultKind::Missing && !is_parameter(fault, signature, &name.name);
        missing.extend(faults.into_iter().filter(own).map(|mut fault| {
            fault.span.start += nested.span.start;
            fault.span.end += nested.span.start;
            fault
        }));
    }
    missing
}

/// Whether what is missed is what the function takes, which its body names like a column.
fn is_parameter(fault: &Fault, signature: &Signature, function: &str) -> bool {
    let quoted: Vec<&str> = fault.message.split('`').skip(1).step_by(2).collect();
    let taken = |name: &str| {
        let mut takes = signature.takes.iter().filter_map(|(name, _)| name.as_deref());
        name.eq_ignore_ascii_case(function) || takes.any(|one| one.eq_ignore_ascii_case(name))
    };
    quoted.into_iter().any(taken)
}
