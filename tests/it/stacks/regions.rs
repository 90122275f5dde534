//! More than one region of an account: what is elsewhere is named or left alone.

use aws_sdk_s3::{
    config::Region,
    types::{BucketLocationConstraint, CreateBucketConfiguration},
};
use libtest_mimic::Trial;
use serde_json::json;
use stackctl_aws_client::clients::Clients;

use crate::{
    harness::{
        cloud::{console, wait_for},
        inventory::{everything, left, nothing_twice},
        program::WorkingCopy,
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::{STACK, send},
};

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn()| trial(format!("regions::{name}"), test);
    vec![
        trial("side_by_side", side_by_side),
        trial("roles_of_an_earlier_version", roles_of_an_earlier_version),
        trial("a_role_of_the_stack_in_another_region", a_role_of_the_stack_in_another_region),
        trial("a_bucket_elsewhere_whose_name_begins_so", a_bucket_elsewhere_whose_name_begins_so),
        trial("a_named_bucket_elsewhere", a_named_bucket_elsewhere),
        trial("a_log_group_that_is_named_like_no_function", a_log_group_that_is_named_like_no_function),
    ]
}

/// The stack's region, the bucket's, and what S3 answers at the former of the latter (S3-19).
const ELSEWHERE: [(&str, &str, &str); 3] = [
    ("eu-west-1", "us-west-2", "PermanentRedirect"),
    ("us-east-1", "eu-west-1", "AuthorizationHeaderMalformed"),
    ("eu-west-1", "af-south-1", "IllegalLocationConstraintException"),
];

fn begin(region: &str) -> (Strict, WorkingCopy) {
    Strict::with_stack("regions", &STACK.replace("region: eu-west-1", &format!("region: {region}")))
}

fn make_bucket(aws: &Clients, name: &str, region: &str) -> aws_sdk_s3::Client {
    let config = aws.s3.config().to_builder().region(Region::new(region.to_owned())).build();
    let s3 = aws_sdk_s3::Client::from_conf(config);
    let place = BucketLocationConstraint::from(region);
    let place = CreateBucketConfiguration::builder().location_constraint(place).build();
    send!(s3.create_bucket().bucket(name).create_bucket_configuration(place));
    s3
}

/// It does not stop a command and is not touched, whether or not the list says where it is.
fn a_bucket_elsewhere_whose_name_begins_so() {
    for (region, elsewhere, answer) in ELSEWHERE {
        for listed in [true, false] {
            let (cloud, copy) = begin(region);
            cloud.set(
                json!({ "time_scale": 0, "new_bucket_misses": 0, "rules": { "listed_regions": listed } }),
            );
            let aws = console(&copy, &cloud.url);
            let name = format!("{}-{elsewhere}", aws.stack);
            let s3 = make_bucket(&aws, &name, elsewhere);
            let refused = wait_for(aws.s3.get_bucket_tagging().bucket(&name).send()).unwrap_err();
            assert!(format!("{refused:?}").contains(answer), "{refused:?}");
            copy.apply();
            copy.assert_settled();
            copy.outputs();
            copy.succeed(&["destroy", "--yes"]);
            send!(s3.delete_bucket().bucket(&name));
            cloud.assert_nothing_left(&copy);
        }
    }
}

/// It is named with its region and the way out, and nothing is written.
fn a_named_bucket_elsewhere() {
    for (region, elsewhere, _) in ELSEWHERE {
        for begins_so in [true, false] {
            let (cloud, copy) = begin(region);
            let aws = console(&copy, &cloud.url);
            let stack = &aws.stack;
            let name = if begins_so { format!("{stack}-x") } else { format!("x-{stack}") };
            let s3 = make_bucket(&aws, &name, elsewhere);
            copy.write(
                &copy
                    .text()
                    .replace("  uploads:\n    cors", &format!("  uploads:\n    name: {name}\n    cors")),
            );
            let before = cloud.requests_so_far();
            for arguments in [["plan"].as_slice(), &["apply", "--yes"], &["destroy", "--yes"], &["outputs"]] {
                let said = copy.run(arguments);
                assert_eq!(said.code, 1, "{arguments:?} {said:?}");
                let words = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
                for expected in [
                    format!("the bucket {name} is in another region, {elsewhere}"),
                    format!(
                        "use the stack in the region {elsewhere} (`region:` or --region), or give the stack's own another `name:`"
                    ),
                ] {
                    assert!(words.contains(&expected), "{arguments:?} {expected}\n{words}");
                }
            }
            let writes = cloud.requests(before).into_iter().filter(|it| it.write).map(|it| it.operation);
            assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new());
            send!(s3.delete_bucket().bucket(&name));
        }
    }
}

/// LOG-07: no function is asked for by the rest of its name.
fn a_log_group_that_is_named_like_no_function() {
    let (cloud, copy) = begin("eu-west-1");
    let aws = console(&copy, &cloud.url);
    let groups = ["x/y", "x.y", "x#y"].map(|it| format!("/aws/lambda/{}-{it}", aws.stack));
    for group in &groups {
        send!(aws.logs.create_log_group().log_group_name(group));
    }
    copy.apply();
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
    for group in &groups {
        send!(aws.logs.delete_log_group().log_group_name(group));
    }
    cloud.assert_nothing_left(&copy);
}

/// Creating, changing and destroying a stack in one region does not touch the same stack in another.
fn side_by_side() {
    let (cloud, here) = begin("eu-west-1");
    cloud.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "rules": { "list_order": false } }));
    let stack = here.stack().name;
    let there =
        WorkingCopy::new(&format!("{stack}-there"), &in_virginia(&here), &cloud.url).with_tiny_package();
    let names = |region: &str| {
        [format!("{stack}-presign-{region}"), format!("{stack}-uploads-000000000000-{region}")]
    };
    let left = |copy: &WorkingCopy| {
        let mut all = left(copy, &cloud.url);
        all.sort();
        all
    };
    here.apply();
    for (one, other, region) in [(&here, &there, "eu-west-1"), (&there, &here, "us-east-1")] {
        let before = everything(one, &cloud.url);
        assert!(before.len() > 20, "{before:?}");
        let unchanged = |what: &str| {
            let now = everything(one, &cloud.url);
            assert_eq!(now.len(), before.len(), "{region} after {what}");
            for (now, before) in now.iter().zip(&before) {
                assert_eq!(now, before, "{region} after {what}");
            }
            one.assert_settled();
        };
        let plan = other.plan();
        assert_eq!(plan.len(), 7, "{plan:?}");
        assert!(
            plan.iter().all(|it| it.split(": ").nth(1).is_some_and(|it| it.starts_with("create"))),
            "{plan:?}"
        );
        unchanged("a plan elsewhere");
        other.apply();
        unchanged("an apply elsewhere");
        other.assert_settled();
        for copy in [one, other] {
            nothing_twice(copy, &cloud.url);
            let aws = console(copy, &cloud.url);
            send!(aws.lambda.invoke().function_name(format!("{stack}-presign")));
        }
        assert_ne!(one.outputs()["user_pool_id"], other.outputs()["user_pool_id"]);
        other.write(&other.text().replace("localhost:5173", "localhost:4173"));
        other.apply();
        unchanged("a change elsewhere");
        other.succeed(&["destroy", "--yes"]);
        unchanged("a destroy elsewhere");
        assert_eq!(left(other), names(region), "only what the other region has");
        // And the other way round.
        other.apply();
        one.succeed(&["destroy", "--yes"]);
        other.assert_settled();
    }
    here.succeed(&["destroy", "--yes"]);
    for copy in [&here, &there] {
        cloud.assert_nothing_left(copy);
    }
}

/// The same stack, in us-east-1.
fn in_virginia(copy: &WorkingCopy) -> String {
    copy.text().replace("region: eu-west-1", "region: us-east-1")
}

/// A role was named as its function and stood at the stack's path in all regions. The function gets the role of its
/// region; the other one is deleted in the region that it serves, and in no other.
fn roles_of_an_earlier_version() {
    // Where the log is that the role lets the function write; whether it goes.
    for (log, goes) in [(Some("eu-west-1"), true), (Some("us-east-1"), false), (None, true)] {
        let (cloud, copy) = begin("eu-west-1");
        copy.apply();
        let aws = console(&copy, &cloud.url);
        make_earlier(&aws, log);
        let former = format!("{}-presign", aws.stack);
        let stands = || wait_for(aws.iam.get_role().role_name(&former).send()).is_ok();

        let there =
            WorkingCopy::new(&format!("{former}-there"), &in_virginia(&copy), &cloud.url).with_tiny_package();
        if log == Some("eu-west-1") {
            there.apply();
            there.assert_settled();
            there.succeed(&["destroy", "--yes"]);
            assert!(stands(), "it serves another region");
        }
        let mut expected =
            vec!["role.presign: create, policy, policy", "function.presign: role, description"];
        expected.extend(goes.then_some("role.presign: delete"));
        assert_eq!(copy.plan(), expected, "{log:?}");
        copy.apply();
        copy.assert_settled();
        assert_eq!(stands(), !goes, "{log:?}");
        let function = send!(aws.lambda.get_function_configuration().function_name(&former));
        let role =
            format!("arn:aws:iam::000000000000:role/stackctl/{}/eu-west-1/{former}-eu-west-1", aws.stack);
        assert_eq!(function.role(), Some(role.as_str()));
        send!(aws.lambda.invoke().function_name(&former));

        // And a destroy that finds it.
        make_earlier(&aws, log);
        copy.succeed(&["destroy", "--yes"]);
        assert_eq!(stands(), !goes, "{log:?}");
        if !goes {
            there.apply();
            assert!(!stands(), "the region that it serves takes it away");
            there.succeed(&["destroy", "--yes"]);
        }
        cloud.assert_nothing_left(&copy);
    }
}

/// Has the function run as a role without a region, as an earlier version made it, and deletes its own.
fn make_earlier(aws: &Clients, log: Option<&str>) {
    let stack = &aws.stack;
    let function = format!("{stack}-presign");
    let own = format!("{function}-eu-west-1");
    let made = send!(aws.iam.get_role().role_name(&own)).role.unwrap();
    if wait_for(aws.iam.get_role().role_name(&function).send()).is_err() {
        let tags = made.tags().iter().filter(|it| it.key() != "stackctl:region").cloned().collect();
        let create = aws.iam.create_role().role_name(&function).path(format!("/stackctl/{stack}/"));
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
        send!(create.assume_role_policy_document(trust).set_tags(Some(tags)));
    }
    let role = send!(aws.iam.get_role().role_name(&function)).role.unwrap();
    if let Some(region) = log {
        let log = format!("arn:aws:logs:{region}:000000000000:log-group:/aws/lambda/{function}:*");
        let policy = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": log } ] });
        let put = aws.iam.put_role_policy().role_name(&function).policy_name("stackctl");
        send!(put.policy_document(policy.to_string()));
    }
    let update = aws.lambda.update_function_configuration().function_name(&function).role(role.arn);
    send!(update.description(format!("Runs as the role {}", role.role_id)));
    send!(aws.iam.delete_role_policy().role_name(&own).policy_name("stackctl"));
    send!(aws.iam.delete_role().role_name(&own));
}

/// Its tags name its owner, even where its name suggests another.
fn a_role_of_the_stack_in_another_region() {
    let (cloud, copy) = begin("eu-west-1");
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let role = format!("{}-presign-eu-west-1", aws.stack);
    let tag = |region: &str| {
        let tag = aws_sdk_iam::types::Tag::builder().key("stackctl:region").value(region).build().unwrap();
        send!(aws.iam.tag_role().role_name(&role).tags(tag));
    };
    tag("us-east-1");
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let expected =
        format!("the role {role} exists already and belongs to the stack {} in us-east-1", aws.stack);
    let words = refused.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(&expected), "{words}");
    tag("eu-west-1");
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}
