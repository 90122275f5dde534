//! More than one region of an account: what is elsewhere is named or left alone.

use aws_sdk_s3::{
    config::Region,
    types::{BucketLocationConstraint, CreateBucketConfiguration},
};
use libtest_mimic::Trial;
use serde_json::json;
use stackctl_aws::clients::Clients;

use crate::{
    cloud::{console, wait_for},
    lifecycle::{STACK, send},
    program::WorkingCopy,
    strict::Strict,
};

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn()| {
        Trial::test(format!("regions::{name}"), move || {
            test();
            Ok(())
        })
    };
    vec![
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
    let cloud = Strict::borrow();
    let stack = STACK.replace("package: presign", "package: tiny");
    let stack = stack.replace("region: eu-west-1", &format!("region: {region}"));
    let copy = cloud.working_copy("regions", &stack).with_tiny_package();
    (cloud, copy)
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
                        "another `name:`, or use the stack in the region {elsewhere} (`region:` or --region)"
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
