//! `instances`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, text};
use crate::cli::show::{number, seconds, texts};
use crate::cli::time::shown;
use crate::cli::work::{Context, Work};
use crate::live::{Build, Instance, Live, Proof};
use crate::model::Version;

/// Show which instances run and of which build, who else is connected, and what cannot be seen; change nothing
#[derive(Debug, Args)]
pub(in crate::cli) struct Instances {}

#[async_trait]
impl Work for Instances {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let live = context.migrator.instances().await?;
        Ok(Answer::new(for_person(&live), for_program(&live)))
    }
}

fn for_person(live: &Live) -> String {
    let mut lines = Vec::new();
    if live.instances.is_empty() {
        lines.push("no registered instance is seen".to_owned());
    }
    lines.extend(live.instances.iter().map(ToString::to_string));
    let others = live.others.iter();
    lines.extend(others.map(|name| format!("connected, and not registered: `{name}`")));
    lines.extend(live.blind.iter().map(|reason| format!("not seen: {reason}")));
    lines.join("\n")
}

fn for_program(live: &Live) -> String {
    let known = live.builds.iter().map(|(build, first)| {
        let mut members = build_members(build);
        members.push(("first_seen", text(&shown(*first))));
        object(members)
    });
    let up = live.up.map_or_else(|| "null".to_owned(), seconds);
    object([
        ("instances", array(live.instances.iter().map(instance))),
        ("others", texts(&live.others)),
        ("blind", texts(&live.blind)),
        ("builds", array(known)),
        ("server_up_seconds", up),
    ])
}

fn instance(instance: &Instance) -> String {
    let build = instance.build.as_ref();
    let proof = match instance.proof {
        Proof::Lock => "lock",
        Proof::Heartbeat => "heartbeat",
    };
    object([
        ("name", text(&instance.name)),
        (
            "build",
            build.map_or_else(|| "null".to_owned(), |build| object(build_members(build))),
        ),
        ("proof", text(proof)),
    ])
}

fn build_members(build: &Build) -> Vec<(&'static str, String)> {
    let versions = build
        .versions
        .iter()
        .copied()
        .map(|version: Version| number(version));
    vec![
        ("id", text(&build.id)),
        ("versions", array(versions)),
        ("policy", text(build.policy.name())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_seen() {
        let build = Build {
            id: "0123456789abcdef".to_owned(),
            versions: vec![Version(1), Version(2)],
            policy: crate::plan::Policy::Production,
        };
        let live = Live {
            instances: vec![
                Instance {
                    name: "app 7".to_owned(),
                    build: Some(build.clone()),
                    proof: Proof::Lock,
                },
                Instance {
                    name: "app 8".to_owned(),
                    build: None,
                    proof: Proof::Heartbeat,
                },
            ],
            others: vec!["psql".to_owned()],
            blind: vec!["the rest".to_owned()],
            builds: vec![(build, 0)],
            up: None,
        };
        assert_eq!(
            for_person(&live),
            "app 7 of build 01234567 (up to 2)\napp 8 of an unknown build, by its heartbeat\n\
             connected, and not registered: `psql`\nnot seen: the rest"
        );
        assert_eq!(
            for_program(&live),
            r#"{"instances":[{"name":"app 7","build":{"id":"0123456789abcdef","versions":["1","2"],"policy":"production"},"proof":"lock"},"#
                .to_owned()
                + r#"{"name":"app 8","build":null,"proof":"heartbeat"}],"others":["psql"],"blind":["the rest"],"#
                + r#""builds":[{"id":"0123456789abcdef","versions":["1","2"],"policy":"production","first_seen":"1970-01-01T00:00:00Z"}],"#
                + r#""server_up_seconds":null}"#
        );
    }
}
