//! Adopted resources that leave the file.

use std::collections::BTreeMap;

use super::{
    lines::{only_tags, writes},
    made,
    seen::{self, Seen, differences},
};
use crate::harness::{
    cloud::console,
    program::{WorkingCopy, plan_in},
    strict::Strict,
};

/// What leaves the file is released with `--keep`, and what was adopted stays without it too.
pub fn orphans() {
    let cloud = Strict::borrow();
    let file = "stack: NAME\nregion: eu-west-1\nbuckets:\n  a: {}\n  b: {}\n  legacy: { name: NAME-legacy, versioning: true }\n  \
                far: { name: MADE, versioning: true }\n";
    let stack = cloud.stack_name("adopt");
    let (near, far) = (format!("{stack}-legacy"), format!("legacy-{stack}"));
    let copy = WorkingCopy::new(&stack, &file.replace("NAME", &stack).replace("MADE", &far), &cloud.url);
    let aws = console(&copy, &cloud.url);
    for (name, address) in [(&near, "bucket.legacy"), (&far, "bucket.far")] {
        made::bucket(&aws, name);
        copy.succeed(&["adopt", address, name, "--yes"]);
    }
    copy.apply();
    copy.write(&format!("stack: {stack}\nregion: eu-west-1\nbuckets:\n  a: {{}}\n"));
    let (b, seen) = (format!("{stack}-b-000000000000-eu-west-1"), |name: &str| seen::bucket(&aws, name));
    let before: BTreeMap<&String, Seen> = [&near, &far, &b].into_iter().map(|it| (it, seen(it))).collect();

    // Without --keep, the stack's own bucket would go, and the adopted one stays.
    let plan = copy.plan();
    assert_eq!(
        plan,
        [
            "bucket.b: delete".to_owned(),
            "bucket.legacy: stays, since the stack adopted it; `stackctl release bucket.legacy` ends that"
                .to_owned(),
        ]
    );
    let so_far = cloud.requests_so_far();
    let told = copy.succeed(&["apply", "--yes", "--keep", "--json"]).stdout;
    assert_eq!(plan_in(&told), ["bucket.b: release", "bucket.legacy: release"]);
    let mut written = writes(&cloud, so_far);
    written.sort();
    assert_eq!(written, ["s3:DeleteBucketTagging", "s3:PutBucketTagging"]);
    assert_eq!(copy.plan(), Vec::<String>::new());
    for (name, before) in &before {
        let now = seen(name);
        assert!(only_tags(before, &now), "{name}: {:?}", differences(before, &now));
        let is_ours = now["tags"].iter().any(|it| it.contains("stackctl:"));
        assert_eq!(is_ours, *name == &far, "{name}: {:?}", now["tags"]);
    }
    // A name without the prefix of the stack is in no list, so it is named.
    let said = copy.succeed(&["release", &format!("bucket.{far}"), "--yes"]);
    assert!(said.stdout.contains("stays in AWS") && !said.stdout.contains("Take it out"), "{said:?}");
    assert_eq!(seen(&far)["tags"], seen(&near)["tags"]);
}
