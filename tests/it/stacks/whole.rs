//! Whole lives of stacks: applied, changed, taken over by another working copy, destroyed.

use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, BucketVersioningStatus, ExpirationStatus, LifecycleExpiration,
    LifecycleRule, LifecycleRuleFilter,
};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::{
    harness::{
        cloud::{Cloud, console, wait_for},
        program::{WorkingCopy, plan_in},
        trial::trial,
    },
    stacks::lifecycle::STACK,
};

const LARGE: &str = r#"
stack: NAME
region: eu-west-1
buckets:
  one: { cors: { origins: [http://a.example, http://b.example] } }
  two: {}
  three: { on_destroy: empty }
functions:
  f1: { package: presign, profile: lambda, buckets: { one: [put, get] } }
  f2: { package: presign, profile: lambda, buckets: { two: [list, multipart] } }
  f3: { package: presign, profile: lambda, memory: 256 }
  f4: { package: presign, profile: lambda, timeout: 29s }
  f5: { package: presign, profile: lambda, log_retention: 7d }
user_pools:
  staff: { clients: { web: {}, phone: { id_token: 2h, refresh_token: 1d } } }
  guests: { sign_up: open, clients: { web: {}, phone: {} } }
apis:
  inside:
    cors: { origins: [http://a.example, http://b.example] }
    authorizer: staff
    routes: { GET /: f1, GET /x: f2, POST /x: f3, "GET /x/{id}": f4, DELETE /x: f5, GET /y/z: f1 }
  outside:
    stage: v1
    authorizer: guests
    routes: { GET /: f1, GET /q: f2, POST /q: f3, PUT /q: f4, "GET /r/{key+}": f5, PATCH /s: f1 }
"#;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, test: fn(&Cloud)| trial(format!("whole::{name}"), move || test(cloud));
    vec![
        trial("first_apply_then_nothing_to_do", first_apply_then_nothing_to_do),
        trial("another_working_copy", another_working_copy),
        trial("destroy_leaves_nothing", destroy_leaves_nothing),
        trial("a_bucket_with_objects_is_refused", a_bucket_with_objects_is_refused),
        trial("every_argument_changed_in_the_file", every_argument_changed_in_the_file),
        trial("versions_and_when_objects_go", versions_and_when_objects_go),
        trial("a_large_stack", a_large_stack),
        trial("what_left_the_file_is_deleted", what_left_the_file_is_deleted),
        trial("somebody_elses_things_are_not_touched", somebody_elses_things_are_not_touched),
        trial("immutable_differences_are_refused", immutable_differences_are_refused),
        trial("found_twice_is_an_error", found_twice_is_an_error),
    ]
}

fn first_apply_then_nothing_to_do(cloud: &Cloud) {
    let copy = cloud.working_copy("reads", STACK);
    let first = copy.apply();
    let outputs = copy.outputs();
    for name in ["endpoint", "user_pool_id", "client_id"] {
        let value = outputs[name].as_str().unwrap();
        assert!(first.stdout.contains(value), "{name} {value} is printed:\n{}", first.stdout);
    }
    let again = copy.apply();
    assert!(again.stdout.to_lowercase().contains("nothing to do"), "{}", again.stdout);
}

fn another_working_copy(cloud: &Cloud) {
    let name = cloud.stack_name("copies");
    let yaml = STACK.replace("NAME", &name);
    let first = WorkingCopy::new(&name, &yaml, &cloud.url);
    first.apply();
    let second = WorkingCopy::new(&format!("{name}-elsewhere"), &yaml, &cloud.url);
    second.assert_settled();
    assert_eq!(second.outputs(), first.outputs());
    second.succeed(&["destroy", "--yes"]);
    assert!(!first.plan().is_empty());
}

fn destroy_leaves_nothing(cloud: &Cloud) {
    let copy = cloud.working_copy("gone", STACK);
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let stack = aws.stack.to_string();
    copy.succeed(&["destroy", "--yes"]);
    wait_for(async {
        let buckets = aws.s3.list_buckets().prefix(format!("{stack}-")).send().await.unwrap();
        assert!(buckets.buckets().is_empty());
        let roles = aws.iam.list_roles().path_prefix(format!("/stackctl/{stack}/")).send().await.unwrap();
        assert!(roles.roles().is_empty());
        let groups =
            aws.logs.describe_log_groups().log_group_name_prefix(format!("/aws/lambda/{stack}-")).send();
        assert!(groups.await.unwrap().log_groups().is_empty());
        let function = aws.lambda.get_function().function_name(format!("{stack}-presign")).send().await;
        assert!(function.unwrap_err().into_service_error().is_resource_not_found_exception());
        let apis = aws.apigateway.get_rest_apis().limit(500).send().await.unwrap();
        assert!(
            apis.items().iter().all(|api| !api.name().unwrap_or_default().starts_with(&format!("{stack}-")))
        );
        let pools = aws.cognito.list_user_pools().max_results(60).send().await.unwrap();
        assert!(
            pools
                .user_pools()
                .iter()
                .all(|pool| !pool.name().unwrap_or_default().starts_with(&format!("{stack}-")))
        );
        let lock = aws.ssm.get_parameter().name(format!("/stackctl/{stack}/lock")).send().await;
        assert!(lock.unwrap_err().into_service_error().is_parameter_not_found());
    });
    let again = copy.succeed(&["destroy", "--yes"]);
    assert!(again.stdout.to_lowercase().contains("nothing to destroy"), "{}", again.stdout);
}

fn a_bucket_with_objects_is_refused(cloud: &Cloud) {
    let copy = cloud.working_copy("full", &STACK.replace("    on_destroy: empty\n", ""));
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let outputs = copy.outputs();
    let bucket = outputs["bucket"].as_str().unwrap();
    let put = |key: &'static str| {
        let body = aws_sdk_s3::primitives::ByteStream::from_static(b"kept");
        wait_for(aws.s3.put_object().bucket(bucket).key(key).body(body).send()).unwrap()
    };
    put("one");
    put("two");
    let refused = copy.run(&["destroy", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    let told = refused.stdout + &refused.stderr;
    assert!(told.contains("2 objects") && told.contains("--empty-buckets"), "{told}");
    copy.assert_settled();
    copy.write(&std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap().replacen(
        "  uploads:\n    cors",
        "  uploads:\n    on_destroy: keep\n    cors",
        1,
    ));
    copy.succeed(&["destroy", "--yes"]);
    wait_for(aws.s3.head_bucket().bucket(bucket).send()).expect("kept, as the file says");
    copy.apply();
    copy.write(
        &std::fs::read_to_string(copy.folder.join("stack.yaml"))
            .unwrap()
            .replace("    on_destroy: keep\n", ""),
    );
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
    wait_for(aws.s3.head_bucket().bucket(bucket).send()).unwrap_err();
}

/// Each argument of the file, changed in the file: the plan names exactly that, apply does it, then nothing is to do.
fn every_argument_changed_in_the_file(cloud: &Cloud) {
    let rows: &[(&str, &str, &[&str])] = &[
        (
            "origins: [http://localhost:5173]\n    on",
            "origins: [http://localhost:4000]\n    on",
            &["bucket.uploads: cors.origins"],
        ),
        ("on_destroy: empty", "on_destroy: refuse", &[]),
        ("on_destroy: empty", "on_destroy: empty\n    expire: 30d", &["bucket.uploads: expire"]),
        (
            "on_destroy: empty",
            "on_destroy: empty\n    abort_unfinished: 1d",
            &["bucket.uploads: abort_unfinished"],
        ),
        ("URL_EXPIRES: 10s", "URL_EXPIRES: 20s", &["function.presign: environment.URL_EXPIRES"]),
        (
            "uploads: [put]",
            "uploads: [put, get]",
            &[
                "bucket.uploads: cors.methods",
                "role.presign: policy, policy",
                "function.presign: environment.GRANTS_UPLOADS",
            ],
        ),
        (
            "uploads: [put]",
            "uploads: { prefix: uploads/, allow: [put] }",
            &["role.presign: policy, policy", "function.presign: environment.PREFIX_UPLOADS"],
        ),
        (
            "stack: ",
            "boundary: arn:aws:iam::aws:policy/PowerUserAccess\nstack: ",
            &["role.presign: boundary"],
        ),
        ("profile: lambda", "profile: lambda\n    memory: 256MB", &["function.presign: memory"]),
        ("profile: lambda", "profile: lambda\n    timeout: 9s", &["function.presign: timeout"]),
        ("profile: lambda", "profile: lambda\n    log_retention: 7d", &["log_group.presign: log_retention"]),
        (
            "clients: { web: {} }",
            "clients: { web: { id_token: 2h } }",
            &["user_pool_client.users/web: id_token"],
        ),
        (
            "clients: { web: {} }",
            "sign_up: open\n    clients: { web: {} }",
            &["user_pool.users: sign_up, verify_email"],
        ),
        (
            "clients: { web: {} }",
            "password: { minimum_length: 12 }\n    clients: { web: {} }",
            &["user_pool.users: password.minimum_length"],
        ),
        (
            "clients: { web: {} }",
            "deletion_protection: false\n    clients: { web: {} }",
            &["user_pool.users: deletion_protection"],
        ),
        (
            "    authorizer: users",
            "    stage: next\n    authorizer: users",
            &[
                "rest_api.uploads: deploy, create the stage of, throttling.rate, throttling.burst, stage",
                "function.presign: permission.stackctl-uploads-next, permission.stackctl-uploads-production",
            ],
        ),
        (
            "    authorizer: users",
            "    throttling: { rate: 5 }\n    authorizer: users",
            &["rest_api.uploads: throttling.rate"],
        ),
        (
            "    authorizer: users",
            "    authorizer: none",
            &["rest_api.uploads: authorizer.users, GET /, deploy, set the stage of"],
        ),
        (
            "GET /: presign",
            "GET /: presign\n      POST /more: presign",
            &["rest_api.uploads: OPTIONS /more, POST /more, deploy, set the stage of"],
        ),
        (
            ", http://localhost:3000]",
            "]",
            &[
                "rest_api.uploads: OPTIONS /, response.DEFAULT_4XX, response.DEFAULT_5XX, deploy, variables.CORS_ORIGINS",
            ],
        ),
    ];
    let copy = cloud.working_copy("file", STACK);
    let yaml = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();
    copy.apply();
    for (from, to, expected) in rows {
        assert!(yaml.contains(from), "{from}");
        copy.write(&yaml.replacen(from, to, 1));
        assert_eq!(copy.plan(), *expected, "{to}");
        copy.apply();
        copy.assert_settled();
        copy.write(&yaml);
        copy.apply();
        // A setting that verification opened stays: it can't be distinguished from a person's.
        copy.assert_settled();
    }
    copy.write(&yaml.replace("team: web", "team: mobile"));
    let tagged = copy.plan();
    assert_eq!(tagged.len(), 6, "everything with tags, and the stage: {tagged:?}");
    assert!(tagged.iter().all(|entry| entry.contains("tags.team")), "{tagged:?}");
    copy.apply();
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
}

/// With versioning, expiry takes three rules; a rule of others stays through all changes; versioning can't be undone.
fn versions_and_when_objects_go(cloud: &Cloud) {
    const ONE: &str = "\nstack: NAME\nregion: eu-west-1\nbuckets:\n  files: { on_destroy: empty }\n";
    let copy = cloud.working_copy("versions", ONE);
    let yaml = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let bucket = copy.outputs()["bucket"].as_str().unwrap().to_owned();
    let rules = || {
        let asked = aws.s3.get_bucket_lifecycle_configuration().bucket(&bucket).send();
        wait_for(asked).unwrap().rules.unwrap_or_default()
    };
    let ids = || rules().iter().filter_map(|it| it.id().map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(ids(), ["stackctl-abort-unfinished"]);

    let foreign = LifecycleRule::builder()
        .id("logs")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("logs/").build())
        .expiration(LifecycleExpiration::builder().days(3).build())
        .build()
        .unwrap();
    let all = BucketLifecycleConfiguration::builder().set_rules(Some(rules())).rules(foreign.clone());
    let put = aws.s3.put_bucket_lifecycle_configuration().bucket(&bucket);
    wait_for(put.lifecycle_configuration(all.build().unwrap()).send()).unwrap();

    copy.write(&yaml.replace("{ on_destroy", "{ versioning: true, expire: 10d, on_destroy"));
    assert_eq!(copy.plan(), ["bucket.files: versioning, expire, expire_markers"]);
    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    let versioning = wait_for(aws.s3.get_bucket_versioning().bucket(&bucket).send()).unwrap();
    assert_eq!(versioning.status(), Some(&BucketVersioningStatus::Enabled));
    let own = ["stackctl-abort-unfinished", "stackctl-expire", "stackctl-expire-markers"];
    assert_eq!(ids(), [&["logs"], &own[..]].concat());

    copy.write(&yaml);
    copy.apply();
    assert_eq!(rules()[0], foreign);
    assert_eq!(ids(), ["logs", own[0]]);
    let checked = copy.run(&["plan", "--check"]);
    assert_eq!(checked.code, 2, "{checked:?}");
    for shown in ["lifecycle rules logs", "put-bucket-lifecycle-configuration", "Status=Suspended"] {
        assert!(checked.stdout.contains(shown), "{shown}: {checked:?}");
    }
    copy.succeed(&["destroy", "--yes"]);
}

fn a_large_stack(cloud: &Cloud) {
    let copy = cloud.working_copy("large", LARGE);
    copy.apply();
    copy.assert_settled();
    let outputs = copy.outputs();
    assert_eq!(outputs["endpoint"], Value::Null, "there are two");
    let count = |name: &str| outputs[name].as_object().unwrap().len();
    assert_eq!((count("buckets"), count("user_pools"), count("apis")), (3, 2, 2));
    assert_eq!(outputs["user_pools"]["staff"]["clients"].as_object().unwrap().len(), 2);
    let yaml = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();
    copy.write(
        &yaml
            .replace("memory: 256", "memory: 512")
            .replace("PATCH /s: f1", "PATCH /s: f2")
            .replace("[put, get]", "[put]"),
    );
    let plan = copy.plan();
    let addresses: Vec<&str> = plan.iter().map(|entry| entry.split(':').next().unwrap()).collect();
    assert_eq!(addresses, ["bucket.one", "rest_api.outside", "role.f1", "function.f1", "function.f3"]);
    copy.apply();
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
    assert!(copy.succeed(&["destroy", "--yes"]).stdout.to_lowercase().contains("nothing to destroy"));
}

fn what_left_the_file_is_deleted(cloud: &Cloud) {
    let copy = cloud.working_copy("left", LARGE);
    copy.apply();
    let name = copy.folder.file_name().unwrap().to_str().unwrap().to_owned();
    let small = LARGE
        .replace("NAME", &name)
        .lines()
        .filter(|line| !["  two:", "  f2:", "  three:"].iter().any(|gone| line.starts_with(gone)))
        .collect::<Vec<_>>()
        .join("\n")
        .replace(" GET /x: f2,", "")
        .replace(" GET /q: f2,", "")
        .replace(", phone: {} }", " }");
    copy.write(&small);
    let deleted: Vec<String> = copy.plan().into_iter().filter(|entry| entry.ends_with(": delete")).collect();
    let mut expected = vec![
        "function.f2",
        "user_pool_client.guests/phone",
        "log_group.f2",
        "role.f2",
        "bucket.three",
        "bucket.two",
    ];
    let mut seen: Vec<&str> = deleted.iter().map(|entry| entry.split(':').next().unwrap()).collect();
    expected.sort_unstable();
    seen.sort_unstable();
    assert_eq!(seen, expected);
    copy.apply();
    copy.assert_settled();
    copy.write(&format!("stack: {name}\nregion: eu-west-1\n"));
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "a pool under deletion protection is not a side effect: {}", refused.stdout);
    assert!((refused.stdout + &refused.stderr).contains("protected from deletion"));
    copy.succeed(&["destroy", "--yes"]);
    copy.assert_settled();
}

fn somebody_elses_things_are_not_touched(cloud: &Cloud) {
    let copy = cloud.working_copy("theirs", STACK);
    let aws = console(&copy, &cloud.url);
    let stack = aws.stack.to_string();
    let trust = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let role = wait_for(
        aws.iam
            .create_role()
            .role_name(format!("{stack}-presign-eu-west-1"))
            .path(format!("/stackctl/{stack}/eu-west-1/"))
            .assume_role_policy_document(trust)
            .send(),
    );
    role.unwrap();
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("exists already and does not belong to this stack"),
        "{}",
        refused.stderr
    );
    let outputs = copy.run(&["outputs"]);
    assert_eq!(outputs.code, 1);
    wait_for(aws.iam.delete_role().role_name(format!("{stack}-presign-eu-west-1")).send()).unwrap();
    copy.apply();
}

fn immutable_differences_are_refused(cloud: &Cloud) {
    let copy = cloud.working_copy("fixed", STACK);
    copy.apply();
    let yaml = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();
    copy.write(&yaml.replace("clients: { web: {} }", "sign_in_with: [email]\n    clients: { web: {} }"));
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    let told = refused.stdout + &refused.stderr;
    assert!(told.contains("sign_in_with") || told.contains("sign in with"), "{told}");
    copy.write(&yaml);
    copy.assert_settled();
}

fn found_twice_is_an_error(cloud: &Cloud) {
    let copy = cloud.working_copy("twice", STACK);
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let stack = aws.stack.to_string();
    let second = wait_for(
        aws.apigateway
            .create_rest_api()
            .name(format!("{stack}-uploads"))
            .tags("stackctl:stack", &stack)
            .tags("stackctl:address", "rest_api.uploads")
            .send(),
    );
    let second = second.unwrap().id.unwrap();
    let refused = copy.run(&["plan", "--json"]);
    assert_eq!(refused.code, 1);
    let failed = refused.stdout.lines().find(|line| line.contains(r#""event":"failed""#)).unwrap_or_default();
    assert!(failed.contains("there are 2 REST APIs") && failed.contains(&second), "{}", refused.stdout);
    wait_for(aws.apigateway.delete_rest_api().rest_api_id(second).send()).unwrap();
    copy.assert_settled();
    assert_eq!(plan_in(&copy.succeed(&["plan", "--json"]).stdout), Vec::<String>::new());
}
