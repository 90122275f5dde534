use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use stackctl_aws_data::{
    account::{Account, Arn, log_group_name},
    desired::bucket::Lifecycle,
    invoke_permission::{BucketSource, bucket_statement_id},
    tags::Tags,
};
use stackctl_engine::{Edges, Graph, Handle, plan::text as plan_text};
use stackctl_lambda::{
    function::{Function, FunctionSettings},
    log_group::LogGroup,
    role::Role,
};
use stackctl_package::Packages;
use stackctl_s3::bucket::{Bucket, notifications::Call};
use stackctl_stackfile::{
    bucket::{OnDestroy, events::On},
    function::Architecture,
    units::{Megabytes, RetentionDays, Seconds},
};

use super::*;
use crate::wiring;

const STACK: &str = "{ stack: app, region: eu-west-1, functions: { index: { package: index } } }";

/// The events of a bucket that call two functions.
fn notification() -> Notification {
    let stack = stackctl_stackfile::parse(STACK, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let account =
        Account::new(&stack, stack.region.clone(), "000000000000".to_owned(), "aws".to_owned(), None);
    let (_, of_file) = stack.functions.first_key_value().unwrap();
    let mut graph = Graph::new(wiring::kinds());
    let bucket = graph.add("uploads", |_| Bucket {
        name: "app-uploads".to_owned(),
        arn: account.bucket_arn("app-uploads"),
        cors: None,
        tags: Tags::default(),
        lifecycle: Lifecycle { versioning: false, expire: None, abort_unfinished: 7 },
        on_destroy: OnDestroy::Refuse,
    });
    let mut function = |name: &str| -> Handle<Function> {
        let role = graph.add(name, |_| Role {
            name: format!("app-{name}-eu-west-1"),
            tags: Tags::default(),
            boundary: None,
            grants: Vec::new(),
            keys: None,
            parameters: Vec::new(),
            log_group: account.log_group_arn(&log_group_name(name)),
        });
        let log_group = graph.add(name, |_| LogGroup {
            name: log_group_name(name),
            retention: RetentionDays(30),
            tags: Tags::default(),
        });
        graph.add(name, |edges| Function {
            name: format!("app-{name}"),
            role: edges.reads(&role),
            boundary: None,
            log_group: edges.to(&log_group),
            secret: None,
            code: Packages::not_needed(&stack).code(of_file),
            settings: FunctionSettings {
                runtime: "provided.al2023".to_owned(),
                handler: "bootstrap".to_owned(),
                architecture: Architecture::X86_64,
                memory: Megabytes(128),
                timeout: Seconds(5),
                environment: BTreeMap::new(),
            },
            invokers: Vec::new(),
            failures: None,
            failures_arn: account.bucket_arn("app--failed"),
            bucket_statements: BTreeSet::new(),
            tags: Tags::default(),
            account: account.clone(),
        })
    };
    let (index, sweep) = (function("index"), function("sweep"));
    let mut edges = Edges::default();
    let call = |on, prefix: &str, function: &str| Call {
        on,
        prefix: prefix.to_owned(),
        suffix: String::new(),
        function: account.function_arn(function),
    };
    Notification {
        bucket: edges.to(&bucket),
        bucket_name: "app-uploads".to_owned(),
        source: source(),
        statement: bucket_statement_id("uploads"),
        calls: vec![call(On::Created, "in/", "app-index"), call(On::Deleted, "", "app-sweep")],
        functions: [("app-index", &index), ("app-sweep", &sweep)]
            .map(|(name, handle)| (name.to_owned(), edges.to(handle)))
            .into(),
    }
}

fn source() -> BucketSource {
    BucketSource { bucket: "arn:aws:s3:::app-uploads".to_owned(), account: "000000000000".to_owned() }
}

/// The events after an apply.
fn applied(notification: &Notification) -> Live {
    Live {
        bucket_name: notification.bucket_name.clone(),
        notifications: Notifications::of(&notification.calls).unwrap(),
        statement: notification.statement.clone(),
        permissions: notification.functions.keys().map(|it| (it.clone(), Some(source()))).collect(),
    }
}

/// The steps after a change of the file or of the live events.
fn check(change: impl FnOnce(&mut Notification, &mut Live), expected: Expect) {
    let mut notification = notification();
    let mut live = applied(&notification);
    change(&mut notification, &mut live);
    expected.assert_eq(&plan_text::steps(&notification, Some(&live)));
}

#[test]
fn creation() {
    expect![[r#"
        + create
            permission.app-index: arn:aws:s3:::app-uploads of account 000000000000
        ~ add a permission to
            permission.app-sweep: arn:aws:s3:::app-uploads of account 000000000000
        ~ set the events of
            event.stackctl-created-cdc7cfa5: created in/* calls arn:aws:lambda:eu-west-1:000000000000:function:app-index
            event.stackctl-deleted: deleted * calls arn:aws:lambda:eu-west-1:000000000000:function:app-sweep
    "#]]
    .assert_eq(&plan_text::steps(&notification(), None));
}

#[test]
fn nothing_to_do() {
    check(|_, _| {}, expect![""]);
}

#[test]
fn each_part() {
    check(
        |_, live| drop(live.permissions.remove("app-sweep")),
        expect![[r#"
        ~ add a permission to
            permission.app-sweep: arn:aws:s3:::app-uploads of account 000000000000
    "#]],
    );
    check(
        |_, live| drop(live.permissions.insert("app-sweep".to_owned(), None)),
        expect![[r#"
        ~ remove a permission of
            permission.app-sweep: of another form → gone
        ~ add a permission to
            permission.app-sweep: arn:aws:s3:::app-uploads of account 000000000000
    "#]],
    );
    let other = BucketSource { account: "1".to_owned(), ..source() };
    check(
        |_, live| drop(live.permissions.insert("app-index".to_owned(), Some(other))),
        expect![[r#"
        ~ remove a permission of
            permission.app-index: arn:aws:s3:::app-uploads of account 1 → gone
        ~ add a permission to
            permission.app-index: arn:aws:s3:::app-uploads of account 000000000000
    "#]],
    );
    check(
        |it, live| live.notifications = Notifications::of(&it.calls[..1]).unwrap(),
        expect![[r#"
        ~ set the events of
            event.stackctl-deleted: deleted * calls arn:aws:lambda:eu-west-1:000000000000:function:app-sweep
    "#]],
    );
    check(
        |_, live| live.notifications = Notifications::default(),
        expect![[r#"
        ~ set the events of
            event.stackctl-created-cdc7cfa5: created in/* calls arn:aws:lambda:eu-west-1:000000000000:function:app-index
            event.stackctl-deleted: deleted * calls arn:aws:lambda:eu-west-1:000000000000:function:app-sweep
    "#]],
    );
}

#[test]
fn the_permission_goes_after_the_event() {
    check(
        |it, _| {
            it.calls.pop();
            it.functions.remove("app-sweep");
        },
        expect![[r#"
            ~ set the events of
                event.stackctl-deleted: deleted * calls arn:aws:lambda:eu-west-1:000000000000:function:app-sweep → gone
            ~ remove a permission of
                permission.app-sweep: arn:aws:s3:::app-uploads of account 000000000000 → gone
        "#]],
    );
    check(
        |it, _| it.calls[0].function = Arn("arn:other".to_owned()),
        expect![[r#"
        ~ set the events of
            event.stackctl-created-cdc7cfa5: created in/* calls arn:aws:lambda:eu-west-1:000000000000:function:app-index → created in/* calls arn:other
    "#]],
    );
}

#[test]
fn an_action_waits_for_its_function() {
    let it = notification();
    let needs = |action| match it.needs(&action) {
        Needs::Everything => "everything".to_owned(),
        Needs::Only(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    let function = || "app-sweep".to_owned();
    assert_eq!(needs(Action::Permit { function: function(), first: true }), "function.sweep");
    let forbid = |replaced| Action::Forbid { function: function(), source: None, replaced };
    assert_eq!(needs(forbid(true)), "function.sweep");
    assert_eq!(needs(forbid(false)), "");
    let set = Action::SetEvents { from: BTreeMap::new(), to: BTreeMap::new() };
    assert_eq!(needs(set), "everything");
}
