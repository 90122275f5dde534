//! Things with the names of a stack that are not the stack's: named, and not touched.

use libtest_mimic::Trial;
use stackctl_aws_client::clients::Clients;

use crate::{
    harness::{
        cloud::{console, wait_for},
        program::WorkingCopy,
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::{EMPTY_ZIP, STACK},
};

/// Makes one thing under the stack's name for it, with tags, and returns that name.
type Make = fn(&Clients, &str, Tags) -> String;
type Tags = &'static [(&'static str, &'static str)];

macro_rules! send {
    ($request:expr) => {
        wait_for($request.send()).unwrap_or_else(|error| panic!("{error:?}"))
    };
}

const KINDS: &[(&str, Make)] = &[
    ("bucket", |aws, stack, tags| {
        use aws_sdk_s3::types as s3;
        let name = format!("{stack}-uploads-000000000000-eu-west-1");
        let place = s3::CreateBucketConfiguration::builder()
            .location_constraint(s3::BucketLocationConstraint::EuWest1)
            .build();
        send!(aws.s3.create_bucket().bucket(&name).create_bucket_configuration(place));
        if !tags.is_empty() {
            let tag =
                |(key, value): &(&str, &str)| s3::Tag::builder().key(*key).value(*value).build().unwrap();
            let tags = s3::Tagging::builder().set_tag_set(Some(tags.iter().map(tag).collect()));
            send!(aws.s3.put_bucket_tagging().bucket(&name).tagging(tags.build().unwrap()));
        }
        name
    }),
    ("role", |aws, stack, tags| {
        let name = format!("{stack}-presign-eu-west-1");
        let tag = |(key, value): &(&str, &str)| {
            aws_sdk_iam::types::Tag::builder().key(*key).value(*value).build().unwrap()
        };
        let tags = tags.iter().map(tag).collect();
        let role = aws.iam.create_role().role_name(&name).assume_role_policy_document(TRUST);
        send!(role.set_tags(Some(tags)));
        name
    }),
    ("log group", |aws, stack, tags| {
        let name = format!("/aws/lambda/{stack}-presign");
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        send!(aws.logs.create_log_group().log_group_name(&name).set_tags(Some(tags)));
        name
    }),
    ("function", |aws, stack, tags| {
        use aws_sdk_lambda::{primitives::Blob, types as lambda};
        let name = format!("{stack}-presign");
        let role = format!("{stack}-another");
        send!(aws.iam.create_role().role_name(&role).assume_role_policy_document(TRUST));
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let code = lambda::FunctionCode::builder().zip_file(Blob::new(EMPTY_ZIP)).build();
        send!(
            aws.lambda
                .create_function()
                .function_name(&name)
                .role(format!("arn:aws:iam::000000000000:role/{role}"))
                .runtime(lambda::Runtime::Providedal2023)
                .handler("bootstrap")
                .code(code)
                .set_tags(Some(tags))
        );
        name
    }),
    ("user pool", |aws, stack, tags| {
        let name = format!("{stack}-users");
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        send!(aws.cognito.create_user_pool().pool_name(&name).set_user_pool_tags(Some(tags)));
        name
    }),
    ("REST API", |aws, stack, tags| {
        let name = format!("{stack}-uploads");
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        send!(aws.apigateway.create_rest_api().name(&name).set_tags(Some(tags)));
        name
    }),
];

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// Who made them, with which tags, and what is said about whose they are.
const MAKERS: &[(&str, Tags, &str)] = &[
    ("by_hand", &[], "does not belong to this stack"),
    ("by_another_tool", &[("managed-by", "terraform"), ("stack", "web")], "does not belong to this stack"),
    (
        "by_another_stack",
        &[("stackctl:stack", "other"), ("stackctl:address", "bucket.uploads")],
        "belongs to the stack other",
    ),
];

pub fn trials() -> Vec<Trial> {
    let everything = MAKERS.iter().map(|(maker, tags, whose)| {
        trial(format!("foreign::everything_made_{maker}"), move || {
            is_named_and_not_touched(KINDS, tags, whose)
        })
    });
    let others = [
        trial("foreign::half_finished_by_hand", || {
            is_named_and_not_touched(&KINDS[..2], &[], "does not belong to this stack");
        }),
        trial("foreign::each_kind_alone", || {
            for kind in KINDS {
                is_named_and_not_touched(&[*kind], &[("made-by", "ada")], "does not belong to this stack");
            }
        }),
    ];
    everything.chain(others).collect()
}

fn is_named_and_not_touched(kinds: &[(&str, Make)], tags: Tags, whose: &str) {
    let cloud = Strict::borrow();
    let copy: WorkingCopy = cloud.working_copy("foreign", STACK).with_tiny_package();
    let aws = console(&copy, &cloud.url);
    let stack = aws.stack.to_string();
    let made = kinds.iter().map(|(kind, make)| (*kind, make(&aws, &stack, tags)));
    // A log group without any tag may have been made by Lambda for this very function.
    let made: Vec<_> = made.filter(|(kind, _)| *kind != "log group" || !tags.is_empty()).collect();
    let before = cloud.requests_so_far();
    for arguments in [["apply", "--yes"].as_slice(), &["destroy", "--yes"], &["plan"], &["outputs"]] {
        let said = copy.run(arguments);
        assert_eq!(said.code, 1, "{arguments:?} {said:?}");
        if arguments == ["outputs"] {
            // Roles, functions and their logs have none, and are not looked at.
            continue;
        }
        let words = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        for (kind, name) in &made {
            let expected = format!("the {kind} {name} exists already and {whose}");
            assert!(words.contains(&expected), "{arguments:?} {expected}\n{}", said.stderr);
        }
    }
    let writes = cloud.requests(before).into_iter().filter(|it| it.write).map(|it| it.operation);
    assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new());
}
