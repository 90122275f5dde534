//! What can't be adopted is refused with a way out, and nothing is written.

use super::{
    lines::writes,
    made,
    rows::{ROWS, Row, begin},
    seen,
};
use crate::harness::{cloud::wait_for, strict::Strict};

pub fn refusals() {
    let cloud = Strict::borrow();
    let (copy, aws, name) = begin(&ROWS[0], &cloud);
    let before = seen::bucket(&aws, &name);
    let refused = |arguments: &[&str], code: i32, words: &[&str]| {
        let said = copy.run(&[&["adopt"], arguments, &["--yes"]].concat());
        assert_eq!(said.code, code, "{arguments:?} {said:?}");
        for word in words {
            assert!(said.stderr.contains(word), "{arguments:?}: {word}\n{said:?}");
        }
    };
    let so_far = cloud.requests_so_far();
    refused(
        &["bucket.upload", &name],
        64,
        &["the file has no bucket.upload", "the file has bucket.other, bucket.uploads"],
    );
    refused(
        &["bucket.uploads", "legacy-nothing"],
        1,
        &["eu-west-1 has no bucket legacy-nothing", "aws s3 ls"],
    );
    refused(&["bucket.uploads", ""], 1, &["eu-west-1 has no bucket"]);
    refused(&["bucket.uploads", &format!("arn:aws:s3:::{name}/key")], 1, &["eu-west-1 has no bucket"]);
    let plan = copy.run(&["plan"]);
    let command = format!("`stackctl adopt bucket.uploads {name}`");
    assert!(format!("{plan:?}").contains(&command), "{plan:?}");
    let line = format!("write `name: {name}` below `buckets.other`");
    refused(&["bucket.other", &name], 64, &[&format!("the bucket is called {name}"), &line]);
    let text = copy.text();
    copy.write(&text.replace("  other: {}", "  other: { existing: legacy-of-others }"));
    refused(&["bucket.other", "legacy-of-others"], 64, &["with `existing:`", "write `name:` in its place"]);
    copy.write(&text);
    let elsewhere = "arn:aws:lambda:us-east-1:000000000000:function:resize";
    refused(&["bucket.uploads", elsewhere], 64, &["in another region, us-east-1", "region: us-east-1"]);
    refused(&["bucket.uploads", "arn:aws:s3::123456789012:a"], 64, &["another account"]);
    assert_eq!(writes(&cloud, so_far), Vec::<String>::new());

    for (tags, words) in [
        (&[("stackctl:stack", "shop")][..], &["belongs to the stack shop", "stackctl release"][..]),
        (
            &[("aws:cloudformation:stack-name", "media")],
            &["CloudFormation stack media", "DeletionPolicy: Retain"],
        ),
    ] {
        made::tag_bucket_as_aws(&cloud, &aws, &name, tags);
        refused(&["bucket.uploads", &name], 1, words);
    }
    made::tag_bucket_as_aws(&cloud, &aws, &name, &[("team", "photos")]);
    assert_eq!(seen::bucket(&aws, &name), before);

    // What can't be changed is said before.
    let pool =
        "stack: NAME\nregion: eu-west-1\nuser_pools: { people: { name: MADE, sign_in_with: [email] } }\n";
    let (copy, aws, id) = begin(&Row { file: pool, ..ROWS[1] }, &cloud);
    let before = seen::user_pool(&aws, &id);
    let said = copy.run(&["adopt", "user_pool.people", &id, "--yes"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("its user names can't be changed"), "{said:?}");
    assert!(said.stdout.contains("leave out `sign_in_with`, as the pool has it"), "{said:?}");
    assert_eq!(seen::user_pool(&aws, &id), before);
    let other = copy.run(&["adopt", "user_pool.people", "us-east-1_AbCdEfGhI", "--yes"]);
    assert!(other.code == 1 && other.stderr.contains("in another region, us-east-1"), "{other:?}");
    // Names of pools are not unique.
    let name = format!("legacy-{}", copy.stack().name);
    wait_for(aws.cognito.create_user_pool().pool_name(&name).send()).unwrap();
    let two = copy.run(&["adopt", "user_pool.people", &name, "--yes"]);
    assert!(two.code == 64 && two.stderr.contains("2 user pools have the name"), "{two:?}");
    assert!(two.stderr.contains(&id) && two.stderr.contains("by its id"), "{two:?}");
}
