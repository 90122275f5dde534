//! The lines of plans, events and results.

use std::{
    collections::BTreeMap,
    env::consts::{ARCH, OS},
    error::Error,
};

use stackctl_aws_client::lock::Holder;
use stackctl_aws_data::failed_call::FailedCall;
use stackctl_builtin::FUNCTIONS;
use stackctl_cognito::people::{Person, profile::Profile};
use stackctl_doctor::{Finding, Verdict};
use stackctl_engine::{Address, Event, Failure, Plan, Verb, plan};
use stackctl_formats::env_file::Changes;
use stackctl_graph::Picture;
use stackctl_init::Settings;
use stackctl_localcloud::Message;
use stackctl_logs::{Level, line::LogLine, since};
use stackctl_s3::bucket::failures::Failures;
use stackctl_stackfile::{Problem, problem::Span};
use stackctl_verify::verification::{self, Check};
use stackctl_views::{causes, outcome::Outcome, target::Target};

use super::{
    line::Line,
    objects::{
        Arrow, BuiltinFunction, Change, Entry, Exposure, FailedEvent, FailedEvents, LockHolder,
        ResourceState, Step, User,
    },
};
use crate::{
    added_user::AddedUser,
    exported::Exported,
    marking::{Adopted, Released, Standing},
    outputs_file::{FileState, OutputsFile},
    status::{self, Status},
};

impl<'a> Line<'a> {
    /// The line of a plan.
    pub fn plan(target: &'a Target, plan: &'a Plan) -> Line<'a> {
        let count = |outcome| plan.entries.iter().filter(|entry| Outcome::of(entry) == outcome).count();
        Line::Plan {
            target,
            create: count(Outcome::Created),
            change: count(Outcome::Changed),
            delete: count(Outcome::Deleted),
            keep: count(Outcome::Kept),
            uses: count(Outcome::Used),
            refuse: count(Outcome::Refused),
            skip: count(Outcome::Skipped),
            entries: plan.entries.iter().map(entry).collect(),
            exposures: plan.exposures.iter().map(exposure).collect(),
        }
    }

    /// The line of what the next apply would change of a resource that is being adopted.
    pub fn forecast(plan: &'a Plan) -> Line<'a> {
        Line::Forecast {
            entries: plan.entries.iter().map(entry).collect(),
            exposures: plan.exposures.iter().map(exposure).collect(),
        }
    }

    /// The line of an adoption.
    pub fn adopted(&Adopted { address, name, standing }: &Adopted<'a>) -> Line<'a> {
        let (standing, id, tags) = match standing {
            Standing::New { id, tags } => ("new", Some(id), texts(tags)),
            Standing::Own => ("own", None, BTreeMap::new()),
            Standing::Part { of: _ } => ("part", None, BTreeMap::new()),
        };
        Line::Adopted { address, name, id, standing, tags }
    }

    /// The line of a release.
    pub fn released(&Released { address, name, id, tags, in_file }: &Released<'a>) -> Line<'a> {
        Line::Released { address, name, id, tags: texts(tags), in_file }
    }

    /// The line of an event.
    pub fn event(event: &'a Event) -> Line<'a> {
        match event {
            Event::Began { address, step } => {
                Line::Began { address: address.to_string(), step: step.to_string() }
            }
            Event::Waiting { address, for_what } => Line::Waiting { address: address.to_string(), for_what },
            Event::Done { address, step, took } => Line::Done {
                address: address.to_string(),
                step: step.to_string(),
                seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
            },
            Event::Failed(failure) => Line::failure(failure),
            Event::Skipped { address, because } => Line::Skipped {
                address: address.to_string(),
                because: because.as_ref().map(ToString::to_string),
            },
        }
    }

    /// The line of a project that was initialized.
    pub fn initialized(settings: &'a Settings, plan: &'a stackctl_init::Plan) -> Line<'a> {
        let Settings { name, region, origins } = settings;
        let stackctl_init::Plan { new, gitignore, by_hand, next } = plan;
        Line::Initialized {
            stack: name,
            region,
            origins,
            files: new.iter().map(|(path, _)| path.as_str()).collect(),
            gitignore: gitignore.is_some(),
            by_hand,
            next,
        }
    }

    /// The line of a file of outputs.
    pub fn outputs_file(it: &'a OutputsFile<'a>) -> Line<'a> {
        let OutputsFile { path, state, changes } = it;
        let state = match state {
            FileState::Written => "written",
            FileState::UpToDate => "up_to_date",
            FileState::OutOfDate => "out_of_date",
        };
        let list = |of: fn(&Changes) -> &Vec<String>| changes.map(|it| of(it).as_slice()).unwrap_or_default();
        Line::OutputsFile {
            file: path,
            state,
            added: list(|it| &it.added),
            changed: list(|it| &it.changed),
            removed: list(|it| &it.removed),
            unchanged: list(|it| &it.unchanged),
            left: list(|it| &it.left),
        }
    }

    /// The line of a user who was added.
    pub fn added_user(user: &'a AddedUser) -> Line<'a> {
        let AddedUser { pool, pool_id, name, reset, groups, password, works_until, pages, options: _ } = user;
        Line::UserAdded {
            pool,
            pool_id,
            name,
            reset: *reset,
            groups,
            temporary_password: password.as_deref(),
            works_until,
            sign_in_at: pages,
        }
    }

    /// The line of the users of a pool.
    pub fn users(pool: &'a str, people: &'a [Person]) -> Line<'a> {
        Line::Users { pool, users: people.iter().map(user).collect() }
    }

    /// The line of a user.
    pub fn user_details(pool: &'a str, profile: &'a Profile) -> Line<'a> {
        let Profile { person, email_verified, phone_verified, second_factors, modified } = profile;
        Line::UserDetails {
            pool,
            user: user(person),
            email_verified: *email_verified,
            phone_verified: *phone_verified,
            second_factors,
            modified: modified.as_deref(),
        }
    }

    /// The line of a finding.
    pub fn finding(finding: &'a Finding) -> Line<'a> {
        let Finding { id, verdict, what, cure } = finding;
        let result = match verdict {
            Verdict::Good => "good",
            Verdict::Doubt => "doubt",
            Verdict::Bad => "bad",
        };
        Line::Finding { check: id, result, what, hint: cure.as_deref() }
    }

    /// The line of a stack's state.
    pub fn status(status: &'a Status) -> Line<'a> {
        let Status { target, resources, exposures, outputs, lock, failures } = status;
        let state = |it: &'a status::ResourceState| ResourceState {
            address: it.address.to_string(),
            state: it.word(),
            changed: it.changed.as_deref(),
            differences: &it.differences,
        };
        Line::Status {
            target,
            drift: status.differing() > 0,
            resources: resources.iter().map(state).collect(),
            exposures: *exposures,
            outputs: serde_json::to_value(outputs).unwrap_or_default(),
            lock: lock
                .as_ref()
                .ok()
                .and_then(Option::as_ref)
                .map(|Holder { by, since }| LockHolder { by, since }),
            lock_error: lock.as_ref().err().map(String::as_str),
            failed_events: failures.as_ref().ok().and_then(Option::as_ref).map(failed_events),
            failed_events_error: failures.as_ref().err().map(String::as_str),
        }
    }

    /// The line of the version.
    pub fn version() -> Line<'a> {
        let functions = FUNCTIONS.iter().map(|it| BuiltinFunction {
            builtin: it.builtin.as_str(),
            architecture: it.architecture.as_str(),
            bytes: it.zip.len(),
            sha256: it.sha256,
        });
        Line::Version {
            version: env!("CARGO_PKG_VERSION"),
            platform: format!("{ARCH}-{OS}"),
            functions: functions.collect(),
        }
    }

    /// The line of a graph.
    pub fn graph(picture: &'a Picture) -> Line<'a> {
        let Picture { stack, resources, arrows } = picture;
        let arrows = arrows.iter().map(|stackctl_graph::Arrow { from, to, label, line: _ }| Arrow {
            from: from.to_string(),
            to: to.to_string(),
            label,
        });
        Line::Graph {
            stack,
            resources: resources.iter().map(ToString::to_string).collect(),
            arrows: arrows.collect(),
        }
    }

    /// The line of an export.
    pub fn exported(it: &'a Exported) -> Line<'a> {
        let Exported { folder, files, commands } = it;
        Line::Exported { folder, files, commands }
    }

    /// The line of an event of a log.
    pub fn log(line: &'a LogLine) -> Line<'a> {
        let LogLine { function, request, entry, event } = line;
        let report = entry.report();
        Line::Log {
            function,
            time: since::utc(event.time),
            message: &event.message,
            level: entry.level().map(Level::as_str),
            request: request.as_deref(),
            stream: &event.stream,
            id: &event.id,
            milliseconds: report.and_then(|it| it.milliseconds),
            megabytes: report.and_then(|it| it.megabytes),
            cold_start: report.and_then(|it| it.cold_start),
        }
    }

    /// The line of a mail of the local cloud.
    pub fn message(message: &'a Message) -> Line<'a> {
        let Message { time, kind, to, from, pool, user, code, expires, subject, body } = message;
        Line::Message {
            time: since::utc(*time),
            kind,
            to,
            from,
            pool,
            user,
            code: code.as_deref(),
            expires: expires.map(since::utc),
            subject,
            body,
        }
    }

    /// The line of a check.
    pub fn check(check: &'a Check) -> Line<'a> {
        let Check { id, of, what, verdict, took } = check;
        let (result, note, finding) = match verdict {
            verification::Verdict::Passed { note } => ("passed", note.as_deref(), None),
            verification::Verdict::Skipped { why } => ("skipped", Some(why.as_str()), None),
            verification::Verdict::Failed(finding) => ("failed", None, Some(finding)),
        };
        Line::Check {
            id,
            of: of.as_deref(),
            what,
            result,
            seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
            note,
            saw: finding.map(|it| it.saw.as_str()),
            cause: finding.map(|it| it.cause.as_str()),
            hint: finding.map(|it| it.help.as_str()),
        }
    }

    /// The line of a problem of the file.
    pub fn problem(problem: &'a Problem, file: &'a str) -> Line<'a> {
        let Problem { title, span, line: _, label, help } = problem;
        let Span { line, column, width } = *span;
        Line::Problem { error: title, file, line, column, width, label, hint: help.as_deref() }
    }

    /// The line of a failure.
    pub fn failure(failure: &'a Failure) -> Line<'a> {
        Line::Failed {
            address: Some(failure.address.to_string()),
            step: Some(failure.step.to_string()),
            error: failure.to_string(),
            causes: causes(failure),
            hint: failure.source.hint(),
        }
    }

    /// The line of an error that ends the command.
    pub fn error(error: &(dyn Error + 'static), hint: Option<String>) -> Line<'a> {
        let causes = causes(error);
        Line::Failed { address: None, step: None, error: error.to_string(), causes, hint }
    }
}

fn failed_events(Failures { bucket, count, more, oldest, first }: &Failures) -> FailedEvents<'_> {
    let first = first
        .iter()
        .map(|FailedCall { function, objects, error }| FailedEvent { function, objects, error })
        .collect();
    FailedEvents { count: *count, more: *more, oldest, bucket, first }
}

fn entry(entry: &plan::Entry) -> Entry<'_> {
    let plan::Entry { address, name, steps } = entry;
    Entry { address: address.to_string(), name, steps: steps.iter().map(step).collect() }
}

fn exposure((address, plan::Exposure { what, close }): &(Address, plan::Exposure)) -> Exposure<'_> {
    Exposure { address: address.to_string(), what, close }
}

fn user(person: &Person) -> User<'_> {
    let Person { name, email, phone, status, enabled, created } = person;
    User {
        name,
        email: email.as_deref(),
        phone: phone.as_deref(),
        status,
        enabled: *enabled,
        created: created.as_deref(),
    }
}

fn step(step: &plan::Step) -> Step<'_> {
    let plan::Step { verb, changes, note } = step;
    let what = verb.to_string();
    let verb = match verb {
        Verb::Create | Verb::CreatePart(_) => "create",
        Verb::Update(_) => "update",
        Verb::Delete | Verb::DeletePart(_) => "delete",
        Verb::Keep { .. } => "keep",
        Verb::Use => "use",
        Verb::Refuse { .. } => "refuse",
        Verb::Skip { .. } => "skip",
    };
    let changes = changes.iter().map(|plan::FieldChange { field, from, to }| Change {
        field,
        from: from.as_deref(),
        to: to.as_deref(),
    });
    Step { verb, what, changes: changes.collect(), note: note.as_deref() }
}

fn texts(all: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
    all.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use stackctl_views::samples;

    use super::*;

    #[test]
    fn a_run() {
        let text: String = samples::run().iter().map(|event| Line::event(event).text()).collect();
        expect![[r#"
            {"event":"began","address":"bucket.uploads","step":"create"}
            {"event":"done","address":"bucket.uploads","step":"create","seconds":0.12}
            {"event":"began","address":"bucket.uploads","step":"set CORS of"}
            {"event":"done","address":"bucket.uploads","step":"set CORS of","seconds":0.03}
            {"event":"began","address":"function.presign","step":"create"}
            {"event":"waiting","address":"function.presign","for":"the role to become usable by Lambda"}
            {"event":"failed","address":"function.presign","step":"create","error":"could not create function.presign","causes":["lambda:CreateFunction was answered 403 AccessDenied","the key is of\nanother account"],"hint":"allow lambda:CreateFunction"}
            {"event":"skipped","address":"rest_api.uploads","because":"function.presign"}
            {"event":"skipped","address":"user_pool.users","because":null}
        "#]].assert_eq(&text);
    }

    #[test]
    fn a_plan() {
        let step = plan::Step::create().change("memory", None, Some("128 MB".to_owned()));
        let address = samples::address("function", "presign");
        let exposure = plan::Exposure { what: "it has a URL".to_owned(), close: "aws …".to_owned() };
        let exposures = vec![(address.clone(), exposure)];
        let entries = vec![plan::Entry { address, name: "demo-presign".to_owned(), steps: vec![step] }];
        let target = Target {
            stack: "demo".to_owned(),
            region: "eu-west-1".to_owned(),
            account: "000000000000".to_owned(),
            endpoint: None,
            open: Vec::new(),
        };
        expect![[r#"
            {"event":"plan","stack":"demo","region":"eu-west-1","account":"000000000000","create":1,"change":0,"delete":0,"keep":0,"use":0,"refuse":0,"skip":0,"entries":[{"address":"function.presign","name":"demo-presign","steps":[{"verb":"create","what":"create","changes":[{"field":"memory","from":null,"to":"128 MB"}],"note":null}]}],"exposures":[{"address":"function.presign","what":"it has a URL","close":"aws …"}]}
        "#]].assert_eq(&Line::plan(&target, &Plan { entries, exposures }).text());
    }

    #[test]
    fn an_end() {
        expect![[r#"
            {"event":"end","result":"failed","exit":1}
        "#]]
        .assert_eq(&Line::End { result: "failed", exit: 1 }.text());
    }
}
