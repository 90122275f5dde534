//! Files as people write them, and what they mean.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_stackfile::{
    api::{Api, ApiCors, Authorizer, Method, Route, Throttling},
    bucket::{
        Bucket, BucketCors, OnDestroy,
        access::Access,
        events::{Event, On},
        webhook::Webhook,
    },
    function::{Architecture, Builtin, Bundle, Function, Runtime, Source},
    grants::{BucketGrants, Grant},
    names::LogicalName,
    origin::Origins,
    parse,
    stack::Stack,
    units::{Megabytes, RetentionDays, Seconds},
    user_pool::{
        Client, Mfa, PasswordPolicy, Recovery, Rotation, SignUp, Tier, UserPool, UsernameAttribute,
        email::{Email, Sender},
    },
};

fn check(text: &str, environment: Option<&str>, expected: Stack) {
    match parse(text, environment) {
        Ok(stack) => assert_eq!(stack, expected),
        Err(problems) => {
            panic!(
                "{}",
                problems.iter().map(|it| it.render("stack.yaml", false)).collect::<Vec<_>>().join("\n\n")
            )
        }
    }
}

fn text<T: for<'a> TryFrom<&'a str, Error: std::fmt::Debug>>(text: &str) -> T {
    T::try_from(text).unwrap()
}

fn map<K: for<'a> TryFrom<&'a str, Error: std::fmt::Debug> + Ord, V, const N: usize>(
    entries: [(&str, V); N],
) -> BTreeMap<K, V> {
    entries.into_iter().map(|(key, value)| (text(key), value)).collect()
}

fn origins<const N: usize>(all: [&str; N]) -> Origins {
    Origins::These(all.map(text).into())
}

/// The meaning of a file that has only its name.
fn stack(name: &str) -> Stack {
    Stack {
        name: text(name),
        region: text("eu-west-1"),
        tags: BTreeMap::new(),
        boundary: None,
        buckets: BTreeMap::new(),
        functions: BTreeMap::new(),
        user_pools: BTreeMap::new(),
        apis: BTreeMap::new(),
        dev: None,
        existing_functions: BTreeMap::new(),
    }
}

/// Grants on all objects of a bucket.
fn all_of<const N: usize>(grants: [Grant; N]) -> BucketGrants {
    BucketGrants { prefix: None, allow: BTreeSet::from(grants), read: None }
}

/// Grants on the objects whose keys begin with a prefix.
fn below<const N: usize>(prefix: &str, grants: [Grant; N]) -> BucketGrants {
    BucketGrants { prefix: Some(text(prefix)), ..all_of(grants) }
}

fn bucket() -> Bucket {
    Bucket {
        name: None,
        existing: None,
        cors: None,
        versioning: false,
        expire: None,
        abort_unfinished: Seconds(7 * 86_400),
        events: Vec::new(),
        access: Access::default(),
        webhook: None,
        on_destroy: OnDestroy::Refuse,
    }
}

fn bucket_cors(origins: Origins) -> BucketCors {
    BucketCors { origins, headers: BTreeSet::from(["*".to_owned()]), max_age: Seconds(300) }
}

fn package_with(package: &str, profile: &str) -> Source {
    Source::Package { package: text(package), profile: text(profile) }
}

fn function(package: &str) -> Function {
    Function {
        name: None,
        source: package_with(package, "release"),
        architecture: Architecture::X86_64,
        memory: Megabytes(128),
        timeout: Seconds(5),
        environment: BTreeMap::new(),
        buckets: BTreeMap::new(),
        role: None,
        log_retention: RetentionDays(30),
    }
}

fn client() -> Client {
    Client {
        existing: None,
        name: None,
        access_token: Seconds(3_600),
        id_token: Seconds(3_600),
        refresh_token: Seconds(30 * 86_400),
        refresh_token_rotation: None,
    }
}

fn user_pool(clients: BTreeMap<LogicalName, Client>) -> UserPool {
    UserPool {
        name: None,
        existing: None,
        sign_up: SignUp::Admin,
        recovery: None,
        mfa: None,
        email: None,
        tier: None,
        password: PasswordPolicy {
            minimum_length: 8,
            lowercase: true,
            uppercase: true,
            digits: true,
            symbols: true,
            temporary_validity: Seconds(7 * 86_400),
        },
        deletion_protection: true,
        groups: BTreeSet::new(),
        clients,
        sign_in_with: BTreeSet::new(),
    }
}

fn api(authorizer: Authorizer, routes: BTreeMap<Route, LogicalName>) -> Api {
    Api {
        name: None,
        stage: text("production"),
        cors: None,
        authorizer,
        throttling: Throttling { rate: 50, burst: 100 },
        routes,
    }
}

#[test]
fn an_empty_stack() {
    check("stack: app\nregion: eu-west-1\n", None, stack("app"));
    check("{stack: app, region: eu-west-1, buckets: , apis: {}, tags: ~, envs: }", None, stack("app"));
    check("\u{feff}---\r\nstack: 'app'\r\nregion: \"eu-west-1\"\r\n...\r\n", None, stack("app"));
}

#[test]
fn resources_of_others() {
    let file = "
stack: app
region: eu-west-1
buckets:
  photos: {existing: legacy-photos, access: {'x/{sub}/': {owner: [get]}}}
  mine: {versioning: true, cors: {origins: [https://a.example]}, access: {'x/{sub}/': {owner: [get]}}}
functions:
  presign: {builtin: presign, buckets: {photos: [get], mine: [get]}}
envs:
  prod: {buckets: {mine: {existing: legacy-mine}}}
";
    let read = |environment| parse(file, environment).unwrap();
    let of = |stack: &Stack, name: &str| {
        stack.buckets.values().find(|it| it.existing == Some(text(name))).cloned()
    };
    let access = read(None).buckets.values().next().unwrap().access.clone();
    let expected = |name: &str| Bucket { existing: Some(text(name)), access: access.clone(), ..bucket() };
    assert_eq!(of(&read(None), "legacy-photos"), Some(expected("legacy-photos")));
    assert_eq!(of(&read(None), "legacy-mine"), None);
    // The other keys below an overlay with `existing` are about the bucket of the stack's own.
    assert_eq!(of(&read(Some("prod")), "legacy-mine"), Some(expected("legacy-mine")));
}

#[test]
fn pools_and_functions_of_others() {
    let file = "
stack: app
region: eu-west-1
buckets:
  photos: {events: {created: resize}, access: {'shared/{group}/': {editors: [get]}}}
functions:
  presign: {builtin: presign, role: {existing: team-role}, buckets: {photos: [get]}}
  resize: {existing: team-resize}
user_pools:
  people:
    existing: eu-west-1_AbC123
    clients: {web: {id_token: 2h}, theirs: {existing: 1h57kf5cpq17m0eml12}}
apis:
  web: {authorizer: people, routes: {GET /: resize}}
envs:
  dev: {functions: {resize: {package: resize}}}
";
    let stack = parse(file, None).unwrap();
    assert_eq!(stack.existing_functions, map([("resize", text("team-resize"))]));
    assert_eq!(stack.functions.keys().map(LogicalName::as_str).collect::<Vec<_>>(), ["presign"]);
    let role = stack.functions.values().next().and_then(|it| it.role.as_ref());
    assert_eq!(role.map(|it| it.existing.as_str()), Some("team-role"));
    let theirs = Client { existing: Some(text("1h57kf5cpq17m0eml12")), ..client() };
    let clients = map([("web", Client { id_token: Seconds(7_200), ..client() }), ("theirs", theirs)]);
    let people = UserPool { existing: Some(text("eu-west-1_AbC123")), ..user_pool(clients) };
    assert_eq!(stack.user_pools, map([("people", people)]));
    // An overlay with a source of code has a function of the stack's own.
    let dev = parse(file, Some("dev")).unwrap();
    assert_eq!(dev.existing_functions, BTreeMap::new());
    assert_eq!(dev.functions.values().nth(1), Some(&function("resize")));
}

#[test]
fn ten_lines() {
    let file = "
stack: app
region: eu-west-1
functions:
  hello: {package: hello}
user_pools:
  users: {clients: {web: }}
apis:
  web:
    authorizer: users
    routes: {GET /: hello}
";
    let expected = Stack {
        functions: map([("hello", function("hello"))]),
        user_pools: map([("users", user_pool(map([("web", client())])))]),
        apis: map([("web", api(Authorizer::UserPool(text("users")), map([("GET /", text("hello"))])))]),
        ..stack("app")
    };
    check(file, None, expected);
}

#[test]
fn the_stack_of_this_repository() {
    let page = || origins(["http://localhost:5173"]);
    let expected = Stack {
        buckets: map([("uploads", Bucket { cors: Some(bucket_cors(page())), ..bucket() })]),
        functions: map([(
            "presign",
            Function {
                source: package_with("presign", "lambda"),
                environment: map([("URL_EXPIRES", "10s".to_owned())]),
                buckets: map([("uploads", below("uploads/", [Grant::Put]))]),
                ..function("presign")
            },
        )]),
        user_pools: map([("users", user_pool(map([("web", client())])))]),
        apis: map([(
            "uploads",
            Api {
                cors: Some(ApiCors { origins: page(), max_age: Seconds(300) }),
                ..api(Authorizer::UserPool(text("users")), map([("GET /", text("presign"))]))
            },
        )]),
        ..stack("s3-presigned-url")
    };
    check(include_str!("../../../stack.yaml"), None, expected);
}

#[test]
fn everything_said() {
    let file = r#"
stack: app
region: eu-west-1
boundary: arn:aws:iam::123456789012:policy/team/boundary
tags: {team: web, cost center: 0012, on: true, "a:b": a+b@example.com}
buckets:
  files:
    name: files.of.everyone
    cors: {origins: "*", headers: [content-type, x-amz-*], max_age: 0}
    on_destroy: empty
  old: {on_destroy: keep}
functions:
  all:
    name: All_Of_It
    package: all-of-it
    profile: small
    architecture: arm64
    memory: 1 GB
    timeout: 29s
    environment:
      ONE: 1
      YES: true
      QUOTED: "a: b"
      EMPTY: ""
      LINES: |
        one
        two
      URL_EXPIRES: 90
    buckets: {files: [put, get, list, delete, multipart], old: {prefix: 2026/a-b/, allow: [get]}}
    log_retention: 365d
  worker: {package: worker, memory: 10240, timeout: 15m}
user_pools:
  users:
    name: People of the app
    sign_up: open
    sign_in_with: [phone_number, email]
    recovery: admin
    mfa: required
    email: {from: App <no-reply@mail.example.com>, identity: "arn:aws:ses:eu-west-1:123456789012:identity/example.com", reply_to: help@example.com}
    tier: plus
    password: {minimum_length: 99, lowercase: false, uppercase: false, digits: false, symbols: false, temporary_validity: 48h}
    deletion_protection: false
    groups: [admins, Team_A.1+=@-x]
    clients:
      web: {name: The site, access_token: 5m, id_token: 1d, refresh_token: 3650d, refresh_token_rotation: {grace: 0s}}
      app: {}
  empty:
apis:
  open:
    name: The open one
    stage: v1
    cors: {origins: [https://example.com, "http://localhost:5173"], max_age: 1d}
    authorizer: none
    throttling: {rate: 10000, burst: 5000}
    routes:
      GET /: all
      POST /files/{key+}: all
      DELETE /files/{key+}/: all
      HEAD /files: all
"#;
    let said = Function {
        role: None,
        name: Some(text("All_Of_It")),
        source: package_with("all-of-it", "small"),
        architecture: Architecture::Arm64,
        memory: Megabytes(1_024),
        timeout: Seconds(29),
        environment: map([
            ("ONE", "1".to_owned()),
            ("YES", "true".to_owned()),
            ("QUOTED", "a: b".to_owned()),
            ("EMPTY", String::new()),
            ("LINES", "one\ntwo\n".to_owned()),
            ("URL_EXPIRES", "90".to_owned()),
        ]),
        buckets: map([
            ("files", all_of([Grant::Put, Grant::Get, Grant::List, Grant::Delete, Grant::Multipart])),
            ("old", below("2026/a-b/", [Grant::Get])),
        ]),
        log_retention: RetentionDays(365),
    };
    let users = UserPool {
        existing: None,
        name: Some(text("People of the app")),
        sign_up: SignUp::Open,
        sign_in_with: BTreeSet::from([UsernameAttribute::Email, UsernameAttribute::PhoneNumber]),
        recovery: Some(Recovery::Admin),
        mfa: Some(Mfa::Required),
        email: Some(Email::Ses(Sender {
            from: text("App <no-reply@mail.example.com>"),
            identity: text("arn:aws:ses:eu-west-1:123456789012:identity/example.com"),
            reply_to: Some(text("help@example.com")),
        })),
        tier: Some(Tier::Plus),
        password: PasswordPolicy {
            minimum_length: 99,
            lowercase: false,
            uppercase: false,
            digits: false,
            symbols: false,
            temporary_validity: Seconds(2 * 86_400),
        },
        deletion_protection: false,
        groups: BTreeSet::from([text("admins"), text("Team_A.1+=@-x")]),
        clients: map([
            (
                "web",
                Client {
                    existing: None,
                    name: Some(text("The site")),
                    access_token: Seconds(300),
                    id_token: Seconds(86_400),
                    refresh_token: Seconds(315_360_000),
                    refresh_token_rotation: Some(Rotation { grace: Seconds(0) }),
                },
            ),
            ("app", client()),
        ]),
    };
    let open = Api {
        name: Some(text("The open one")),
        stage: text("v1"),
        cors: Some(ApiCors {
            origins: origins(["https://example.com", "http://localhost:5173"]),
            max_age: Seconds(86_400),
        }),
        authorizer: Authorizer::None,
        throttling: Throttling { rate: 10_000, burst: 5_000 },
        routes: BTreeMap::from([
            (Route { path: "/".to_owned(), method: Method::Get }, text("all")),
            (Route { path: "/files/{key+}".to_owned(), method: Method::Post }, text("all")),
            (Route { path: "/files/{key+}".to_owned(), method: Method::Delete }, text("all")),
            (Route { path: "/files".to_owned(), method: Method::Head }, text("all")),
        ]),
    };
    let tags = [("team", "web"), ("cost center", "0012"), ("on", "true"), ("a:b", "a+b@example.com")];
    let headers = ["content-type", "x-amz-*"].map(str::to_owned);
    let expected = Stack {
        boundary: Some(text("arn:aws:iam::123456789012:policy/team/boundary")),
        tags: tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        buckets: map([
            (
                "files",
                Bucket {
                    name: Some(text("files.of.everyone")),
                    cors: Some(BucketCors {
                        origins: Origins::Any,
                        headers: headers.into(),
                        max_age: Seconds(0),
                    }),
                    on_destroy: OnDestroy::Empty,
                    ..bucket()
                },
            ),
            ("old", Bucket { on_destroy: OnDestroy::Keep, ..bucket() }),
        ]),
        functions: map([
            ("all", said),
            ("worker", Function { memory: Megabytes(10_240), timeout: Seconds(900), ..function("worker") }),
        ]),
        user_pools: map([("users", users), ("empty", user_pool(BTreeMap::new()))]),
        apis: map([("open", open)]),
        ..stack("app")
    };
    check(file, None, expected);
}

#[test]
fn a_function_inside_stackctl() {
    let file = "
stack: app
region: eu-west-1
functions:
  presign: {builtin: presign, memory: 256}
  other: {package: other, profile: small}
envs:
  dev: {functions: {presign: {package: presign, profile: lambda}}}
  prod: {functions: {other: {builtin: presign}}}
";
    let expected = |name: &str, presign: Source, other: Source| Stack {
        functions: map([
            ("presign", Function { source: presign, memory: Megabytes(256), ..function("presign") }),
            ("other", Function { source: other, ..function("other") }),
        ]),
        ..stack(name)
    };
    let builtin = Source::Builtin(Builtin::Presign);
    let other = package_with("other", "small");
    check(file, None, expected("app", builtin.clone(), other.clone()));
    check(file, Some("dev"), expected("app-dev", package_with("presign", "lambda"), other));
    check(file, Some("prod"), expected("app-prod", builtin.clone(), builtin));
}

#[test]
fn a_function_in_another_language() {
    let file = "
stack: app
region: eu-west-1
functions:
  resize: {code: functions/resize, runtime: nodejs22.x, handler: index.handler, build: npm run build}
  index: {code: dist/index.zip, runtime: python3.13, handler: src/app.handler}
  go: {code: bin, runtime: provided.al2023}
envs:
  dev: {functions: {resize: {package: resize}, go: {runtime: python3.14, handler: app.main}}}
";
    let bundle = |path: &str, runtime: Runtime, handler: &str, build: Option<&str>| {
        let (path, handler, build) = (text(path), text(handler), build.map(text));
        Source::Code(Bundle { path, runtime, handler, build })
    };
    let expected = |name: &str, resize: Source, go: Source| Stack {
        functions: map([
            ("resize", Function { source: resize, ..function("resize") }),
            (
                "index",
                Function {
                    source: bundle("dist/index.zip", Runtime::Python313, "src/app.handler", None),
                    ..function("index")
                },
            ),
            ("go", Function { source: go, ..function("go") }),
        ]),
        ..stack(name)
    };
    let resize = bundle("functions/resize", Runtime::Nodejs22, "index.handler", Some("npm run build"));
    let go = bundle("bin", Runtime::ProvidedAl2023, "bootstrap", None);
    check(file, None, expected("app", resize, go));
    let go = bundle("bin", Runtime::Python314, "app.main", None);
    check(file, Some("dev"), expected("app-dev", package_with("resize", "release"), go));
}

#[test]
fn an_overlay() {
    let file = "
stack: app
region: eu-west-1
tags: {team: web, stage: none}
buckets:
  files:
    cors: {origins: ['http://localhost:5173'], max_age: 10s}
    expire: 365d
    abort_unfinished: 1d
    on_destroy: empty
envs:
  prod:
    region: eu-central-1
    tags: {stage: prod}
    buckets:
      files:
        cors: {origins: [https://example.com]}
        on_destroy: refuse
      backups: {versioning: true}
  test:
    buckets: {files: }
  same:
";
    let files = |origin: &str, on_destroy: OnDestroy| Bucket {
        cors: Some(BucketCors { max_age: Seconds(10), ..bucket_cors(origins([origin])) }),
        expire: Some(Seconds(365 * 86_400)),
        abort_unfinished: Seconds(86_400),
        on_destroy,
        ..bucket()
    };
    let tags = |stage: &str| {
        [("team", "web"), ("stage", stage)].map(|(key, value)| (key.into(), value.into())).into()
    };
    let base = |name: &str| Stack {
        tags: tags("none"),
        buckets: map([("files", files("http://localhost:5173", OnDestroy::Empty))]),
        ..stack(name)
    };
    check(file, None, base("app"));
    check(file, Some("same"), base("app-same"));
    check(file, Some("test"), base("app-test"));
    let prod = Stack {
        region: text("eu-central-1"),
        tags: tags("prod"),
        buckets: map([
            ("files", files("https://example.com", OnDestroy::Refuse)),
            ("backups", Bucket { versioning: true, ..bucket() }),
        ]),
        ..stack("app-prod")
    };
    check(file, Some("prod"), prod);
}

/// A webhook is a function with a name of its own, and events that call it.
#[test]
fn a_webhook() {
    let url = "https://example.com/hooks?of=uploads";
    let text = format!(
        "
stack: app
region: eu-west-1
buckets:
  uploads: {{ webhook: {{ url: '{url}' }} }}
  photos:
    events: {{ deleted: index }}
    webhook: {{ url: http://localhost:3000/hook, on: [created] }}
functions:
  index: {{ package: index }}
"
    );
    let hook = |url: &str, secret: &str| Function {
        source: Source::Builtin(Builtin::Webhook),
        timeout: Seconds(60),
        environment: map([
            ("WEBHOOK_SECRET", secret.to_owned()),
            ("WEBHOOK_URL", url.to_owned()),
            ("WEBHOOK_FOLDERS", r#"["uploads/{sub}/"]"#.to_owned()),
        ]),
        ..function("x")
    };
    let event = |on, call: &str| Event { on, prefix: None, suffix: None, call: self::text(call) };
    let with = |url: &str, events| {
        let webhook = Webhook { url: self::text(url), on: BTreeSet::from([On::Created]) };
        Bucket { events, webhook: Some(webhook), ..bucket() }
    };
    let local = "http://localhost:3000/hook";
    check(
        &text,
        None,
        Stack {
            buckets: map([
                ("uploads", with(url, vec![event(On::Created, "uploads-webhook")])),
                (
                    "photos",
                    with(local, vec![event(On::Deleted, "index"), event(On::Created, "photos-webhook")]),
                ),
            ]),
            functions: map([
                ("index", function("index")),
                ("uploads-webhook", hook(url, "/stackctl/app/uploads/webhook")),
                ("photos-webhook", hook(local, "/stackctl/app/photos/webhook")),
            ]),
            ..stack("app")
        },
    );
}
