//! What stackctl made is released, and works without it.

use libtest_mimic::Trial;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    trial::trial,
};

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets: { uploads: { name: NAME-photos } }
functions: { presign: { builtin: presign, buckets: { uploads: [put] } } }
user_pools: { people: { groups: [admins], deletion_protection: false } }
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("release::what_was_made", move || what_was_made(cloud))]
}

fn what_was_made(cloud: &'static Cloud) {
    let copy = cloud.working_copy("release", STACK);
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let stack = copy.stack().name.to_string();
    let role = format!("{stack}-presign-eu-west-1");
    let release = |address: &str| copy.run(&["release", address, "--yes"]);

    for (address, code) in [("bucket.", 64), ("nothing", 64), ("user_pool_group.people/users", 64)] {
        let said = release(address);
        assert!(said.code == code && said.stderr.contains("the stack has no"), "{said:?}");
        assert!(said.stderr.contains("one that left the file is named"), "{said:?}");
    }

    // The function goes with its role and its log group, or the next apply would delete what it runs as.
    let asked = copy.run(&["release", "function.presign"]);
    assert!(asked.code == 64 && asked.stderr.contains("with --yes changes the tags above"), "{asked:?}");
    for address in ["role.presign", "log_group.presign", "function.presign"] {
        assert!(asked.stdout.contains(&format!("Releasing {address} removes these tags")), "{asked:?}");
    }
    assert_eq!(copy.plan(), Vec::<String>::new());
    assert_eq!(release("function.presign").code, 0);

    // A group has a description in place of tags.
    let pool = copy.outputs()["user_pool_id"].as_str().unwrap().to_owned();
    let description = || {
        let group = wait_for(aws.cognito.get_group().user_pool_id(&pool).group_name("admins").send());
        group.unwrap().group.unwrap().description.unwrap_or_default()
    };
    assert_ne!(description(), "");
    assert_eq!(release("user_pool_group.people/admins").code, 0);
    assert_eq!(description(), "");

    // A bucket that the file uses now is released by its address.
    let file = copy.text();
    let functions = file.lines().filter(|it| !it.starts_with("functions:")).collect::<Vec<_>>().join("\n");
    let used = functions.replace(&format!("name: {stack}-photos"), &format!("existing: {stack}-photos"));
    copy.write(&used.replace("groups: [admins], ", ""));
    let said = release("bucket.uploads");
    assert!(said.code == 0 && said.stdout.contains(&format!("{stack}-photos")), "{said:?}");

    assert_eq!(copy.plan(), ["bucket.uploads: use"]);
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
    let function =
        wait_for(aws.lambda.get_function().function_name(format!("{stack}-presign")).send()).unwrap();
    let runs_as = function.configuration.unwrap().role.unwrap();
    assert!(runs_as.ends_with(&role), "{runs_as}");
    wait_for(aws.iam.get_role().role_name(&role).send()).expect("the role is there");
    wait_for(aws.s3.head_bucket().bucket(format!("{stack}-photos")).send()).expect("the bucket is there");
}
