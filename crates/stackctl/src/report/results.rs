//! Shows plans and results, on stdout.

use std::{collections::BTreeMap, time::Duration};

use jiff::Zoned;
use stackctl_aws_data::outputs::Outputs;
use stackctl_cognito::people::{Person, profile::Profile};
use stackctl_doctor::Finding;
use stackctl_engine::Plan;
use stackctl_graph::Picture;
use stackctl_init::Settings;
use stackctl_localcloud::Message;
use stackctl_logs::line::LogLine;
use stackctl_results::{
    added_user::AddedUser,
    exported::Exported,
    json::line::Line,
    marking::{Adopted, Released},
    outputs_file::OutputsFile,
    score::Score,
    status::Status,
    text::{
        checks, exported, findings, initialized,
        logs::{self, LogView},
        marking, messages, secret,
        status::text as status_text,
        users, written,
    },
};
use stackctl_stackfile::units::Seconds;
use stackctl_verify::verification::Check;
use stackctl_views::{
    plan,
    style::{Ink, seconds, visible},
    target::Target,
};

use super::printer::{Followed, Report, View};

impl Report {
    /// Shows a plan.
    pub fn plan(&mut self, target: &Target, plan: &Plan) {
        self.show(|| Line::plan(target, plan), |style| plan::text(target, plan, style));
    }

    /// Shows a plan as Markdown.
    pub fn markdown_plan(&mut self, target: &Target, env: Option<&str>, plan: &Plan) {
        self.say(&plan::markdown::text(target, env, plan));
    }

    /// Says that there is nothing to do; as JSON, the plan says it.
    pub fn nothing_to_do(&mut self, what: &str) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => self.say(&format!("\n{what}\n")),
        }
    }

    /// Shows an IAM policy.
    pub fn policy(&mut self, what: &str, document: &serde_json::Value) {
        self.show(|| Line::Policy { what, document }, |_| format!("{document:#}\n"));
    }

    /// Shows a user who was added. No other report shows a password.
    pub fn added_user(&mut self, user: &AddedUser) {
        self.show(|| Line::added_user(user), |style| users::added(user, style));
    }

    /// Shows the users of a user pool.
    pub fn users(&mut self, pool: &str, people: &[Person], addresses: bool) {
        self.show(|| Line::users(pool, people), |style| users::list(pool, people, addresses, style));
    }

    /// Shows a user of a user pool.
    pub fn user(&mut self, pool: &str, profile: &Profile) {
        self.show(|| Line::user_details(pool, profile), |style| users::one(profile, style));
    }

    /// Says that a user was changed, which `text` tells.
    pub fn changed_user(&mut self, pool: &str, name: &str, change: &'static str, text: &str) {
        self.show(|| Line::UserChanged { pool, name, change }, |_| text.to_owned());
    }

    /// Says that a user was removed from a user pool.
    pub fn removed_user(&mut self, pool: &str, name: &str) {
        self.show(|| Line::UserRemoved { pool, name }, |_| users::removed(pool, name));
    }

    /// Shows the people of each group of a user pool.
    pub fn groups(&mut self, pool: &str, groups: &BTreeMap<&str, Vec<String>>) {
        self.show(|| Line::Groups { pool, groups }, |style| users::groups(pool, groups, style));
    }

    /// Says that a user was added to a group.
    pub fn joined_group(&mut self, pool: &str, group: &str, name: &str) {
        self.show(|| Line::GroupJoined { pool, group, name }, |_| users::joined_group(pool, group, name));
    }

    /// Says that a user was removed from a group, and how long a token may still name it.
    pub fn left_group(&mut self, pool: &str, group: &str, name: &str, token: Option<Seconds>) {
        self.show(|| Line::GroupLeft { pool, group, name }, |_| users::left_group(pool, group, name, token));
    }

    /// Shows the secret of a webhook. No other report does.
    pub fn secret(&mut self, address: &str, secret: &str, rotating: bool) {
        self.show(|| Line::Secret { address, secret, rotating }, |_| format!("{secret}\n"));
    }

    /// Says that the rotation of a secret began or is finished. `options` are those that chose the stack.
    pub fn rotated(&mut self, address: &str, bucket: &str, options: &str, finished: bool) {
        self.show(
            || Line::SecretRotated { address, finished },
            |_| if finished { secret::finished(address) } else { secret::rotated(address, bucket, options) },
        );
    }

    /// Shows what the next apply would change of a resource that is being adopted.
    pub fn forecast(&mut self, target: &Target, changes: &Plan) {
        self.show(|| Line::forecast(changes), |style| marking::forecast(target, changes, style));
    }

    /// Shows the tags that an adoption adds; as JSON, its end says it.
    pub fn new_tags(&mut self, address: &str, name: &str, tags: &BTreeMap<String, String>) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => self.say(&marking::new_tags(address, name, tags, self.streams.out)),
        }
    }

    /// Says that a resource is the stack's.
    pub fn adopted(&mut self, it: &Adopted<'_>) {
        self.show(|| Line::adopted(it), |_| marking::adopted(it));
    }

    /// Shows the tags that a release removes; as JSON, its end says it.
    pub fn old_tags(&mut self, it: &Released<'_>) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => self.say(&marking::old_tags(it, self.streams.out)),
        }
    }

    /// Says that a resource was released.
    pub fn released(&mut self, it: &Released<'_>) {
        self.show(|| Line::released(it), |_| marking::released(it));
    }

    /// Shows the result of a check.
    pub fn check(&mut self, check: &Check) {
        match self.view {
            View::Json => self.json(&Line::check(check)),
            View::Terminal(_) => {
                self.clear();
                if let Some(Followed { activity, .. }) = &mut self.followed {
                    // The check's waits are over.
                    activity.running.clear();
                }
                self.say(&checks::text(check, self.streams.out));
            }
        }
    }

    /// Says that all checks passed; as JSON, the line of each check says it.
    pub fn verified(&mut self, score: Score, took: Duration) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => {
                self.say(&format!("\nVerified in {}: {}.\n", seconds(took), score.words()));
            }
        }
    }

    /// Shows the findings of `stackctl doctor`.
    pub fn findings(&mut self, findings: &[Finding]) {
        match self.view {
            View::Json => {
                for finding in findings {
                    self.json(&Line::finding(finding));
                }
            }
            View::Terminal(_) => self.say(&findings::text(findings, self.streams.out)),
        }
    }

    /// Shows the state of a stack.
    pub fn status(&mut self, status: &Status) {
        self.show(|| Line::status(status), |style| status_text(status, style));
    }

    /// Shows the version, which `text` tells.
    pub fn version(&mut self, text: &str) {
        self.show(Line::version, |_| text.to_owned());
    }

    /// Shows the graph of a stack, which `text` draws.
    pub fn graph(&mut self, picture: &Picture, text: &str) {
        self.show(|| Line::graph(picture), |_| text.to_owned());
    }

    /// Shows the files of an export.
    pub fn exported(&mut self, it: &Exported) {
        self.show(|| Line::exported(it), |style| exported::text(it, style));
    }

    /// Shows an event of a function's log.
    pub fn log(&mut self, line: &LogLine, view: LogView, now: &Zoned) {
        match self.view {
            View::Json => self.json(&Line::log(line)),
            View::Terminal(_) => {
                self.clear();
                self.say(&logs::text(line, view, now, self.streams.out));
            }
        }
    }

    /// Shows a mail of a user pool of the local cloud.
    pub fn message(&mut self, message: &Message, now: &Zoned) {
        self.show(|| Line::message(message), |style| messages::text(message, now, style));
    }

    /// Shows data of the local cloud, which stands in `text` too.
    pub fn local(&mut self, text: &str, data: &serde_json::Value) {
        self.show(|| Line::Local(data), |_| text.to_owned());
    }

    /// Shows the outputs.
    pub fn outputs(&mut self, outputs: &Outputs) {
        self.show(
            || Line::Outputs(outputs),
            |_| {
                let table = stackctl_formats::table(outputs);
                if table.is_empty() { table } else { format!("\n{table}") }
            },
        );
    }

    /// Shows the files of a project that was initialized, and the next commands.
    pub fn initialized(&mut self, settings: &Settings, plan: &stackctl_init::Plan) {
        self.show(|| Line::initialized(settings, plan), |style| initialized::text(settings, plan, style));
    }

    /// Shows what was written to a file of outputs, or how it differs.
    pub fn outputs_file(&mut self, file: &OutputsFile<'_>) {
        self.show(|| Line::outputs_file(file), |style| written::text(file, style));
    }

    /// Shows commands that come next, to a person at a terminal.
    pub fn next_steps(&mut self, commands: &[String]) {
        if matches!(self.view, View::Json) || self.streams.out.width.is_none() || commands.is_empty() {
            return;
        }
        let commands: String = commands.iter().map(|it| format!("  {}\n", visible(it))).collect();
        let head = self.streams.out.paint(Ink::Strong, "Next:");
        self.say(&format!("\n{head}\n{commands}"));
    }
}
