//! Deleting data is never a side effect: it is counted and said first, and done only where that was asked for.

use aws_sdk_cognitoidentityprovider::types::DeletionProtectionType;
use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

use crate::{
    access::policy::fill,
    harness::{
        cloud::{Cloud, console, wait_for},
        program::WorkingCopy,
        trial::trial,
    },
};

const STACK: &str = r#"
stack: NAME
region: eu-west-1
buckets:
  uploads: {}
user_pools:
  users: { clients: { web: {} } }
"#;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, test: fn(&Cloud)| trial(format!("data::{name}"), move || test(cloud));
    vec![
        trial("is_counted_and_said_before_it_is_deleted", is_counted_and_said),
        trial("stays_when_its_holder_leaves_the_file", stays_when_its_holder_leaves_the_file),
        trial("is_not_lost_to_another_pool", is_not_lost_to_another_pool),
        trial("is_protected_until_destroy", is_protected_until_destroy),
    ]
}

/// A stack whose bucket holds versions and an unfinished upload, and whose pool has a user.
fn with_data(cloud: &Cloud) -> (WorkingCopy, Clients, String) {
    let copy = cloud.working_copy("data", STACK);
    copy.apply();
    fill(&copy, cloud);
    copy.succeed(&["user", "add", "ada"]);
    let pool = copy.outputs()["user_pool_id"].as_str().unwrap().to_owned();
    let aws = console(&copy, &cloud.url);
    (copy, aws, pool)
}

/// No step is planned. Versioning, which `fill` turns on, is a difference that the plan lists.
fn assert_nothing_to_do(copy: &WorkingCopy) {
    assert_eq!(copy.plan(), Vec::<String>::new());
    let checked = copy.run(&["plan", "--check"]);
    assert_eq!(checked.code, 2, "{checked:?}");
    assert!(checked.stdout.contains("put-bucket-versioning"), "{checked:?}");
}

const CONTENTS: &str = "2 objects and 1 unfinished upload";

fn is_counted_and_said(cloud: &Cloud) {
    let (copy, aws, _) = with_data(cloud);
    let bucket = copy.outputs()["bucket"].as_str().unwrap().to_owned();
    let unasked = copy.run(&["destroy"]);
    assert_eq!(unasked.code, 64, "there is no terminal to ask, and no --yes: {unasked:?}");
    let refused = copy.run(&["destroy", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stdout.contains(&format!("holds {CONTENTS}")), "{refused:?}");
    assert!(refused.stdout.contains("permanently deletes 1 user"), "{refused:?}");
    assert_nothing_to_do(&copy);

    let told = copy.succeed(&["destroy", "--yes", "--empty-buckets", "--json"]).stdout;
    let events: Vec<Value> = told.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let place = |event: &str| events.iter().position(|it| it["event"] == event).unwrap();
    assert!(place("plan") < place("began"), "{told}");
    let plan = &events[place("plan")];
    let notes: Vec<&str> = plan["entries"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|it| it["steps"].as_array().unwrap())
        .filter_map(|it| it["note"].as_str())
        .filter(|it| it.contains("permanently"))
        .collect();
    assert!(notes.contains(&format!("permanently deletes {CONTENTS}").as_str()), "{notes:?}");
    assert!(notes.contains(&"permanently deletes 1 user"), "{notes:?}");
    wait_for(aws.s3.head_bucket().bucket(bucket).send()).unwrap_err();
    assert!(copy.succeed(&["destroy", "--yes"]).stdout.to_lowercase().contains("nothing to destroy"));
}

fn stays_when_its_holder_leaves_the_file(cloud: &Cloud) {
    let (copy, aws, pool) = with_data(cloud);
    let name = aws.stack.to_string();
    copy.write(&format!("stack: {name}\nregion: eu-west-1\n"));
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stdout.contains(&format!("holds {CONTENTS}")), "{refused:?}");
    assert!(refused.stdout.contains("is protected from deletion"), "{refused:?}");
    // Without protection it is its users that count.
    let lift = aws.cognito.update_user_pool().user_pool_id(&pool);
    wait_for(lift.deletion_protection(DeletionProtectionType::Inactive).send()).unwrap();
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stdout.contains("holds 1 user"), "{refused:?}");
    let users = wait_for(aws.cognito.list_users().user_pool_id(&pool).send()).unwrap();
    assert_eq!(users.users().len(), 1);
    // A bucket in which nothing but an unfinished upload is left is not empty.
    let bucket = format!("{name}-uploads-000000000000-eu-west-1");
    wait_for(async {
        let versions = aws.s3.list_object_versions().bucket(&bucket).send().await.unwrap();
        let all = versions.versions().iter().map(|it| (it.key(), it.version_id()));
        let all = all.chain(versions.delete_markers().iter().map(|it| (it.key(), it.version_id())));
        for (key, version) in all {
            let delete = aws.s3.delete_object().bucket(&bucket).set_key(key.map(str::to_owned));
            delete.set_version_id(version.map(str::to_owned)).send().await.unwrap();
        }
    });
    let refused = copy.run(&["apply", "--yes"]);
    assert!(refused.stdout.contains("1 unfinished upload"), "{refused:?}");
    copy.write(&STACK.replace("NAME", &name));
    copy.apply();
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
}

/// A change that needs a new pool is refused, together with any other change, and the users are still there.
fn is_not_lost_to_another_pool(cloud: &Cloud) {
    let (copy, aws, pool) = with_data(cloud);
    let name = aws.stack.to_string();
    let yaml = STACK.replace("NAME", &name);
    copy.write(&yaml.replace("users: { clients", "users: { sign_in_with: [email], clients"));
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stdout.contains("a new pool would lose all users"), "{refused:?}");
    // Under another logical name it is another pool, and the one that leaves the file is refused.
    copy.write(&yaml.replace("  users:", "  people:"));
    assert_eq!(copy.run(&["apply", "--yes"]).code, 1);
    copy.write(&yaml);
    assert_nothing_to_do(&copy);
    assert_eq!(copy.outputs()["user_pool_id"], pool.as_str());
    let users = wait_for(aws.cognito.list_users().user_pool_id(&pool).send()).unwrap();
    assert_eq!(users.users().len(), 1);
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
}

fn is_protected_until_destroy(cloud: &Cloud) {
    let (copy, aws, pool) = with_data(cloud);
    let protection = || {
        let described = wait_for(aws.cognito.describe_user_pool().user_pool_id(&pool).send()).unwrap();
        described.user_pool.unwrap().deletion_protection
    };
    assert_eq!(protection(), Some(DeletionProtectionType::Active));
    // The bucket refuses, so nothing of the stack is touched.
    assert_eq!(copy.run(&["destroy", "--yes"]).code, 1);
    assert_eq!(protection(), Some(DeletionProtectionType::Active));
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
    wait_for(aws.cognito.describe_user_pool().user_pool_id(&pool).send()).unwrap_err();
}
