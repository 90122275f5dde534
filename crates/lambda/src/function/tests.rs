mod adopted;

use expect_test::{Expect, expect};
use stackctl_apigateway::rest_api::{self, RestApi};
use stackctl_aws_data::{
    desired::{
        bucket::Lifecycle,
        events::{EVENT_AGE, RETRIES},
        rest_api::shape::Shape,
    },
    invoke_permission::bucket_statement_id,
};
use stackctl_engine::{Edges, Graph, Kinds, plan::text as plan_text};
use stackctl_package::{CodePlace, Packages};
use stackctl_s3::bucket::Bucket;
use stackctl_stackfile::{
    api::Throttling,
    bucket::OnDestroy,
    function::Architecture,
    units::{Megabytes, RetentionDays, Seconds},
};

use super::{asynchronous::Asynchronous, exposures::Attached, *};
use crate::{
    log_group::LogGroup,
    role::{self, Role},
};

const STACK: &str = "
stack: app
region: eu-west-1
functions: { presign: { package: presign } }
";
const ROLE: &str = "arn:aws:iam::000000000000:role/stackctl/app/eu-west-1/app-presign-eu-west-1";
const SOURCE: &str = "arn:aws:execute-api:eu-west-1:000000000000:api1/live/*";

/// The kinds that a function refers to.
fn kinds() -> Kinds<Aws> {
    Kinds::default().with::<Bucket>().with::<Role>().with::<LogGroup>().with::<RestApi>()
}

/// A function that one API invokes, and the outputs of its role and the API.
fn function() -> (Function, Known) {
    let stack = stackctl_stackfile::parse(STACK, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let account =
        Account::new(&stack, stack.region.clone(), "000000000000".to_owned(), "aws".to_owned(), None);
    let (_, of_file) = stack.functions.first_key_value().unwrap();
    let mut graph = Graph::new(kinds());
    let tags = |kind: &str| account.tags(&format!("{kind}.presign"));
    let role = graph.add("presign", |_| Role {
        name: "app-presign-eu-west-1".to_owned(),
        tags: tags("role"),
        boundary: None,
        grants: Vec::new(),
        keys: None,
        parameters: Vec::new(),
        log_group: account.log_group_arn("/aws/lambda/app-presign"),
    });
    let log_group = graph.add("presign", |_| LogGroup {
        name: "/aws/lambda/app-presign".to_owned(),
        retention: RetentionDays(30),
        tags: tags("log_group"),
    });
    let api = graph.add("uploads", |_| RestApi {
        name: "app-uploads".to_owned(),
        logical: "uploads".to_owned(),
        authorizer: None,
        shape: Shape::default(),
        stage: "live".to_owned(),
        variables: BTreeMap::new(),
        throttling: Throttling { rate: 50, burst: 100 },
        tags: tags("rest_api"),
    });
    let mut edges = Edges::default();
    let function = Function {
        name: "app-presign".to_owned(),
        role: edges.reads(&role),
        boundary: None,
        log_group: edges.to(&log_group),
        secret: None,
        code: Packages::not_needed(&stack).code(of_file),
        settings: FunctionSettings {
            runtime: "provided.al2023".to_owned(),
            handler: "bootstrap".to_owned(),
            architecture: Architecture::X86_64,
            memory: Megabytes(256),
            timeout: Seconds(10),
            environment: [("BUCKET_UPLOADS", "app-uploads"), ("TOKEN", "secret")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        },
        invokers: vec![Invoker { api: edges.reads(&api), stage: "live".to_owned() }],
        failures: None,
        failures_arn: account.bucket_arn("app--failed"),
        bucket_statements: BTreeSet::from([bucket_statement_id("uploads")]),
        tags: tags("function"),
        account,
    };
    let known = Known::default()
        .with(&function.role, role::Outputs { arn: Arn(ROLE.to_owned()), id: "AROA1".to_owned() })
        .with(
            &function.invokers[0].api,
            rest_api::Outputs { id: "api1".to_owned(), stage: "live".to_owned() },
        );
    (function, known)
}

/// The function after an apply.
fn applied(function: &Function) -> Live {
    Live {
        name: function.name.clone(),
        role: ROLE.to_owned(),
        description: described("AROA1"),
        settings: function.settings.clone(),
        code_sha256: "built".to_owned(),
        state: State::Usable,
        modified: String::new(),
        tags: function.tags.clone(),
        permissions: BTreeMap::from([(function.invokers[0].statement(), Some(SOURCE.to_owned()))]),
        bucket_permissions: BTreeMap::new(),
        asynchronous: None,
        attached: Attached::default(),
    }
}

/// The steps after a change of the file or of the live function.
fn check(change: impl FnOnce(&mut Function, &mut Live), expected: Expect) {
    let (mut function, known) = function();
    let mut live = applied(&function);
    change(&mut function, &mut live);
    expected.assert_eq(&plan_text::steps_with(&function, Some(&live), &known));
}

#[test]
fn creation() {
    let (function, known) = function();
    expect![[r#"
        + create
            runtime: provided.al2023
            handler: bootstrap
            architecture: x86_64
            memory: 256 MB
            timeout: 10s
            environment.BUCKET_UPLOADS: app-uploads
            environment.TOKEN: (hidden, new value)
            code: package presign
            tags.stackctl:address: function.presign
            tags.stackctl:stack: app
        ~ add a permission to
            permission.stackctl-uploads-live: arn:aws:execute-api:eu-west-1:000000000000:api1/live/*
        ~ wait for
    "#]]
    .assert_eq(&plan_text::steps_with(&function, None, &known));
    // Nothing else exists yet.
    expect![[r#"
        + create
            runtime: provided.al2023
            handler: bootstrap
            architecture: x86_64
            memory: 256 MB
            timeout: 10s
            environment.BUCKET_UPLOADS: app-uploads
            environment.TOKEN: (hidden, new value)
            code: package presign
            tags.stackctl:address: function.presign
            tags.stackctl:stack: app
        ~ add a permission to
            permission.stackctl-uploads-live: (known after apply)
        ~ wait for
    "#]]
    .assert_eq(&plan_text::steps(&function, None));
}

/// A newer stackctl may have another function inside.
#[test]
fn another_function_inside_the_program() {
    let stack = STACK.replace("package: presign", "builtin: presign");
    let stack = stackctl_stackfile::parse(&stack, None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let place = CodePlace {
        folder: ".".into(),
        cache: ".".into(),
        builtins: |_, _| Some(b"the newer function"),
        local: false,
    };
    let code = Packages::new(&stack, place).code(stack.functions.first_key_value().unwrap().1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let newer = runtime.block_on(code.zip()).unwrap().sha256.clone();
    check(
        |function, live| {
            function.code = code.clone();
            live.code_sha256 = "older".to_owned();
        },
        expect![[r#"
            ~ set the code of
                code: older → n3Ajc94GUG21fryj4anbAcC470nNu9kIT6UVgwz/tbc=
        "#]],
    );
    check(
        |function, live| {
            function.code = code.clone();
            live.code_sha256 = newer;
        },
        expect![[""]],
    );
}

#[test]
fn nothing_to_do() {
    check(|_, _| {}, expect![[""]]);
    // Layers and statements of others are exposures.
    check(
        |_, live| live.attached.layers.push("arn:aws:lambda:eu-west-1:1:layer:x:1".to_owned()),
        expect![[""]],
    );
}

#[test]
fn settings() {
    check(
        |function, _| function.settings.memory = Megabytes(512),
        expect![[r#"
        ~ configure
            memory: 256 MB → 512 MB
    "#]],
    );
    check(
        |function, _| function.settings.timeout = Seconds(29),
        expect![[r#"
        ~ configure
            timeout: 10s → 29s
    "#]],
    );
    check(
        |_, live| live.settings.runtime = "nodejs20.x".to_owned(),
        expect![[r#"
        ~ configure
            runtime: nodejs20.x → provided.al2023
    "#]],
    );
    check(
        |_, live| live.settings.handler = "index.handler".to_owned(),
        expect![[r#"
        ~ configure
            handler: index.handler → bootstrap
    "#]],
    );
    check(
        |_, live| live.description = "mine".to_owned(),
        expect![[r#"
        ~ configure
            description: mine → Runs as the role AROA1
    "#]],
    );
}

#[test]
fn values_of_variables_are_shown_only_where_stackctl_computes_them_or_they_are_limits() {
    check(
        |_, live| {
            let variables = [
                ("BUCKET_UPLOADS", "app-old"),
                ("TOKEN", "other secret"),
                ("DEBUG", "on"),
                ("MAX_BYTES", "1MB"),
            ];
            live.settings.environment =
                variables.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        },
        expect![[r#"
            ~ configure
                environment.BUCKET_UPLOADS: app-old → app-uploads
                environment.DEBUG: (hidden) → gone
                environment.MAX_BYTES: 1MB → gone
                environment.TOKEN: (hidden) → (hidden, new value)
        "#]],
    );
}

#[test]
fn architecture_comes_with_the_code() {
    let (mut function, known) = function();
    let live = applied(&function);
    function.settings.architecture = Architecture::Arm64;
    let actions = function.diff(Some(&live), &known);
    let [Action::SetCode { from, to: _, architecture: Architecture::X86_64 }] = actions.as_slice() else {
        panic!("{actions:?}")
    };
    assert_eq!(*from, live.code_sha256);
}

#[test]
fn another_role() {
    check(
        |_, live| live.role = "arn:aws:iam::000000000000:role/other".to_owned(),
        expect![[r#"
        ~ configure
            role: arn:aws:iam::000000000000:role/other → arn:aws:iam::000000000000:role/stackctl/app/eu-west-1/app-presign-eu-west-1
    "#]],
    );
}

/// The deleted role of the same name is the one that Lambda lets read the variables (LAM-40).
#[test]
fn a_role_that_was_created_again() {
    check(
        |_, live| live.description = described("AROA0"),
        expect![[r#"
        ~ renew the role of
            role: AROA0 → AROA1
            (Lambda lets its former role alone read its variables, so it gets an interim role and then its own; only if KMS refuses that, it is deleted and created, and what others have added is lost)
    "#]],
    );
    // Without variables no role has to read them.
    check(
        |function, live| {
            live.description = described("AROA0");
            live.settings.environment.clear();
            function.settings.environment.clear();
        },
        expect![[r#"
            ~ configure
                description: Runs as the role AROA0 → Runs as the role AROA1
        "#]],
    );
}

#[test]
fn permissions() {
    check(
        |_, live| live.permissions.clear(),
        expect![[r#"
        ~ add a permission to
            permission.stackctl-uploads-live: arn:aws:execute-api:eu-west-1:000000000000:api1/live/*
    "#]],
    );
    check(
        |_, live| {
            let source = live.permissions.values_mut().next().unwrap();
            *source = Some(SOURCE.replace("api1", "api0"));
        },
        expect![[r#"
            ~ remove a permission of
                permission.stackctl-uploads-live: arn:aws:execute-api:eu-west-1:000000000000:api0/live/* → gone
            ~ add a permission to
                permission.stackctl-uploads-live: arn:aws:execute-api:eu-west-1:000000000000:api1/live/*
        "#]],
    );
    check(
        |_, live| *live.permissions.values_mut().next().unwrap() = None,
        expect![[r#"
        ~ remove a permission of
            permission.stackctl-uploads-live: of another form → gone
        ~ add a permission to
            permission.stackctl-uploads-live: arn:aws:execute-api:eu-west-1:000000000000:api1/live/*
    "#]],
    );
    check(
        |function, _| function.invokers.clear(),
        expect![[r#"
        ~ remove a permission of
            permission.stackctl-uploads-live: arn:aws:execute-api:eu-west-1:000000000000:api1/live/* → gone
    "#]],
    );
}

#[test]
fn tags() {
    check(
        |_, live| live.tags = Tags::read([("stackctl:stack", "app"), ("owner", "ops")]),
        expect![[r#"
        ~ set tags of
            tags.stackctl:address: function.presign
        ~ remove tags of
            tags.owner: ops → gone
    "#]],
    );
}

#[test]
fn states() {
    check(
        |_, live| live.state = State::Pending,
        expect![[r#"
        ~ wait for
    "#]],
    );
    check(
        |function, live| {
            live.state = State::Failed("the key was deleted".to_owned());
            function.settings.memory = Megabytes(512);
        },
        expect![[r#"
            ! Lambda could not make it: the key was deleted
                (aws lambda delete-function --function-name app-presign; then apply again)
        "#]],
    );
}

#[test]
fn asynchronous_calls() {
    let failures = || Some("arn:aws:s3:::app--failed".to_owned());
    let set = || Asynchronous {
        retries: Some(RETRIES),
        event_age: Some(EVENT_AGE),
        on_failure: failures(),
        on_success: None,
    };
    let called = |function: &mut Function| {
        let mut graph = Graph::new(kinds());
        let bucket = graph.add("failed_events", |_| Bucket {
            name: "app--failed".to_owned(),
            arn: function.failures_arn.clone(),
            cors: None,
            tags: function.tags.clone(),
            lifecycle: Lifecycle { versioning: false, expire: None, abort_unfinished: 7 },
            on_destroy: OnDestroy::Empty,
        });
        function.failures = Some(Edges::default().to(&bucket));
    };
    check(
        |function, _| called(function),
        expect![[r#"
        ~ set the retries of
            events.retries: 2
            events.age: 21600s
            events.failures: arn:aws:s3:::app--failed
    "#]],
    );
    check(
        |function, live| {
            called(function);
            live.asynchronous =
                Some(Asynchronous { retries: Some(0), on_failure: Some("arn:queue".to_owned()), ..set() });
        },
        expect![[r#"
            ~ set the retries of
                events.retries: 0 → 2
                events.failures: arn:queue → arn:aws:s3:::app--failed
        "#]],
    );
    check(
        |function, live| {
            called(function);
            live.asynchronous = Some(Asynchronous { on_success: Some("arn:theirs".to_owned()), ..set() });
        },
        expect![[""]],
    );
    // No event calls it any more.
    check(
        |_, live| live.asynchronous = Some(set()),
        expect![[r#"
        ~ set the retries of
            events.retries: 2 → gone
            events.age: 21600s → gone
            events.failures: arn:aws:s3:::app--failed → gone
    "#]],
    );
    let theirs = Asynchronous { on_failure: Some("arn:queue".to_owned()), ..set() };
    check(|_, live| live.asynchronous = Some(theirs), expect![[""]]);
}

#[test]
fn the_destination_of_others_after_success_stays() {
    let (function, _) = function();
    let on_success = Some("arn:theirs".to_owned());
    let failures = Some(function.failures_arn.0.clone());
    let live =
        Asynchronous { on_success: on_success.clone(), on_failure: failures, ..Asynchronous::default() };
    let to = asynchronous::desired(false, &function.failures_arn, Some(&live)).unwrap();
    assert_eq!(to, Asynchronous { on_success, ..Asynchronous::default() });
}
