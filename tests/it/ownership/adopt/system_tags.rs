//! A bucket with tags of AWS's own keeps them when it is adopted, changed and released (S3-26).

use super::{made, seen};
use crate::harness::{cloud::console, program::WorkingCopy, strict::Strict};

pub fn bucket() {
    let cloud = Strict::borrow();
    let stack = cloud.stack_name("adopt");
    let name = format!("legacy-{stack}");
    let file = format!(
        "stack: {stack}\nregion: eu-west-1\ntags: {{ project: shop }}\nbuckets:\n  uploads: {{ name: {name}, versioning: true }}\n"
    );
    let copy = WorkingCopy::new(&stack, &file, &cloud.url);
    let aws = console(&copy, &cloud.url);
    made::bucket(&aws, &name);
    let tags = [("team", "photos"), ("aws:servicecatalog:productArn", "arn:of:a:product")];
    made::tag_bucket_as_aws(&cloud, &aws, &name, &tags);
    let before = seen::bucket(&aws, &name);

    copy.succeed(&["adopt", "bucket.uploads", &name, "--yes"]);
    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    // A change of the stack's own tags.
    copy.write(&file.replace("project: shop", "project: garden"));
    assert_eq!(copy.plan(), ["bucket.uploads: tags.project"]);
    copy.apply();
    let tags = &seen::bucket(&aws, &name)["tags"];
    for part in ["garden", "arn:of:a:product", "photos"] {
        assert!(tags.iter().any(|it| it.contains(part)), "{part}: {tags:?}");
    }

    copy.succeed(&["release", "bucket.uploads", "--yes"]);
    let after = &seen::bucket(&aws, &name)["tags"];
    let left: Vec<&String> = after.iter().filter(|it| !before["tags"].contains(it)).collect();
    assert!(left.iter().all(|it| it.contains("project") || it.contains("garden")), "{left:?}");
    assert!(before["tags"].iter().all(|it| after.contains(it)), "{after:?}");
}
