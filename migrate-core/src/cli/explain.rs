//! `migrate explain` and `migrate rules`.

use std::io::Write;

use clap::Args;

use super::{FINE, Failure, example, json, values};
use crate::diagnostic::{Severity, codes, nearest};
use crate::model::Dialect;
use crate::rules::{self, Allowed, Rule};

/// Explain a rule: what the server does, who breaks, and what to write instead
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The name of the rule, as findings show it
    rule: String,
}

impl Explain {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        if let Some(rule) = rules::find(&self.rule) {
            writeln!(out, "{}\n\n{}", heading(rule), example::shown(rule.docs))?;
        } else if let Some(code) = codes::find(&self.rule) {
            writeln!(out, "{}: {}", code.name, code.summary)?;
            if !code.help.is_empty() {
                writeln!(out, "\n{}", code.help)?;
            }
        } else {
            return Err(unknown(&self.rule));
        }
        Ok(FINE)
    }
}

/// The failure over a name that no rule has.
pub(super) fn unknown(name: &str) -> Failure {
    let known = rules::ALL.iter().map(|rule| rule.name());
    let known = known.chain(codes::ALL.iter().map(|code| code.name));
    let hint = nearest(name, known).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    Failure::new(format!(
        "there is no rule `{name}`{hint} (`migrate rules` lists all of them)"
    ))
}

fn heading(rule: &Rule) -> String {
    format!(
        "{}: {}\n\n{}{}; {}; {}",
        rule.name(),
        rule.code.summary,
        severity(rule),
        if rule.opt_in { ", only with `style`" } else { "" },
        allowed(rule),
        dialects(rule).join(", "),
    )
}

fn severity(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn allowed(rule: &Rule) -> String {
    let mut text = said(rule.allowed).to_owned();
    if let Some((dialects, allowed)) = rule.otherwise {
        let names: Vec<&str> = dialects.iter().map(|dialect| dialect.name()).collect();
        text.push_str(&format!(", on {} {}", names.join(" and "), said(allowed)));
    }
    text
}

fn said(allowed: Allowed) -> &'static str {
    match allowed {
        Allowed::Never => "allowed in no phase",
        Allowed::Contract => "allowed in a contract",
        Allowed::Backfill => "allowed as a backfill",
        Allowed::Anywhere => "to know in every phase",
    }
}

fn dialects(rule: &Rule) -> Vec<&'static str> {
    rule.dialects.iter().map(|dialect| dialect.name()).collect()
}

/// List the rules
#[derive(Debug, Args)]
pub(super) struct Rules {
    /// Only those of a dialect: postgres, sqlite, mysql or mariadb
    #[arg(long, value_parser = values::dialect)]
    dialect: Option<Dialect>,
    /// How to answer: text, or json for one JSON value
    #[arg(long, default_value = "text", value_parser = ["text", "json"], hide_possible_values = true)]
    format: String,
    /// The same as `--format json`
    #[arg(long)]
    json: bool,
}

impl Rules {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        let wanted = |rule: &&&Rule| {
            self.dialect
                .is_none_or(|dialect| rule.dialects.contains(&dialect))
        };
        let rules: Vec<&Rule> = rules::ALL.iter().filter(wanted).copied().collect();
        if self.json || self.format == "json" {
            let list = json::array(rules.iter().map(|rule| {
                json::object([
                    ("rule", json::text(rule.name())),
                    ("severity", json::text(severity(rule))),
                    ("summary", json::text(rule.code.summary)),
                    ("allowed", json::text(&allowed(rule))),
                    ("style", rule.opt_in.to_string()),
                    (
                        "dialects",
                        json::array(dialects(rule).into_iter().map(json::text)),
                    ),
                ])
            }));
            writeln!(out, "{list}")?;
            return Ok(FINE);
        }
        let width = rules.iter().map(|rule| rule.name().len()).max().unwrap_or(0);
        for rule in rules {
            let kind = if rule.opt_in { "style" } else { severity(rule) };
            writeln!(out, "{:width$}  {kind:7}  {}", rule.name(), rule.code.summary)?;
        }
        Ok(FINE)
    }
}
