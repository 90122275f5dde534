//! The policies of `stackctl policy`, held by a user who has nothing else, where the local cloud enforces them.

mod boundary;
mod others;
mod simulated;

use std::collections::BTreeSet;

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

use crate::{
    harness::{
        cloud::{Cloud, console, wait_for},
        program::{Said, WorkingCopy, said},
        trial::trial,
    },
    stacks::lifecycle::{self, STACK},
};

/// An action that a policy has and that no request here needs, and when one does.
const UNSEEN: &[(&str, &str, &str)] = &[
    ("apply", "cognito-idp:UpdateGroup", "when a group that left the file is released"),
    ("verify", "cognito-idp:AdminGetUser", "when the answer to AdminCreateUser was lost"),
    ("verify", "s3:GetReplicationConfiguration", "when a bucket has versioning"),
    ("verify", "lambda:InvokeFunction", "with --events"),
    ("verify", "s3:PutObject", "with --events"),
    ("verify", "s3:ListBucket", "with --events, when a function that an event calls may write"),
];

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("policy::is_enough", move || is_enough(cloud)),
        trial("policy::every_action_is_asked_for", || {
            every_action_is_asked_for();
        }),
        trial("policy::doctor_names_missing_permissions", move || simulated::permissions_are_named(cloud)),
        trial("policy::what_is_not_the_stacks_is_out_of_reach", move || others::are_out_of_reach(cloud)),
        trial("policy::with_a_boundary_no_role_is_without", || {
            boundary::no_role_is_without();
        }),
        trial("policy::to_apply_is_not_too_much", move || none_is_too_much(cloud, "apply")),
        trial("policy::to_plan_is_not_too_much", move || none_is_too_much(cloud, "plan")),
        trial("policy::to_read_outputs_is_not_too_much", move || none_is_too_much(cloud, "outputs")),
    ]
}

/// A user of the account, with an access key and one policy.
pub struct Someone {
    console: Clients,
    name: String,
    key: (String, String),
}

impl Someone {
    pub fn new(copy: &WorkingCopy, cloud: &Cloud, name: &str) -> Someone {
        let console = console(copy, &cloud.url);
        let name = format!("{name}-{}", console.stack);
        let key = wait_for(async {
            console.iam.create_user().user_name(&name).send().await.unwrap();
            let made = console.iam.create_access_key().user_name(&name).send().await.unwrap();
            let key = made.access_key.unwrap();
            (key.access_key_id, key.secret_access_key)
        });
        Someone { console, name, key }
    }

    pub fn may(&self, policy: &Value) {
        let put = self.console.iam.put_user_policy().user_name(&self.name).policy_name("p");
        wait_for(put.policy_document(policy.to_string()).send()).unwrap();
    }

    pub fn run(&self, copy: &WorkingCopy, arguments: &[&str]) -> Said {
        let mut command = copy.command(arguments);
        let (id, secret) = &self.key;
        command.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
        said(command.output().unwrap())
    }

    fn succeed(&self, copy: &WorkingCopy, arguments: &[&str]) {
        let Said { code, stdout, stderr } = self.run(copy, arguments);
        assert_eq!(code, 0, "{arguments:?}\n{stdout}\n{stderr}");
    }
}

/// What `stackctl policy` prints.
pub fn policy(copy: &WorkingCopy, purpose: &str) -> Value {
    serde_json::from_str(&copy.succeed(&["policy", "--for", purpose]).stdout).unwrap()
}

/// The actions of a policy.
fn actions(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Statement"].as_array().unwrap().iter();
    let actions = statements.flat_map(|it| it["Action"].as_array().unwrap());
    actions.map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn is_enough(cloud: &Cloud) {
    let copy = cloud.working_copy("allowed", STACK);
    let ada = Someone::new(&copy, cloud, "ada");
    ada.may(&policy(&copy, "apply"));
    ada.succeed(&copy, &["apply", "--yes"]);
    ada.succeed(&copy, &["plan", "--check"]);
    copy.assert_settled();

    ada.may(&policy(&copy, "plan"));
    ada.succeed(&copy, &["plan", "--check"]);
    ada.may(&policy(&copy, "outputs"));
    ada.succeed(&copy, &["outputs"]);
    // Nothing is let through for which there is no permission.
    let refused = ada.run(&copy, &["destroy", "--yes"]);
    assert_eq!(refused.code, 1, "{}\n{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("have it allowed"), "{}", refused.stderr);

    ada.may(&policy(&copy, "apply"));
    ada.succeed(&copy, &["destroy", "--yes"]);
    assert!(!copy.plan().is_empty(), "destroy left something");
}

/// Without any one statement some command does not do what it should.
fn none_is_too_much(cloud: &Cloud, purpose: &str) {
    let copy = cloud.working_copy("denied", STACK);
    let ada = Someone::new(&copy, cloud, "ada");
    let whole = policy(&copy, purpose);
    if purpose != "apply" {
        copy.apply();
    }
    for missing in whole["Statement"].as_array().unwrap() {
        let sid = missing["Sid"].as_str().unwrap();
        let mut less = whole.clone();
        less["Statement"].as_array_mut().unwrap().retain(|it| it["Sid"] != sid);
        if purpose == "apply" {
            // A settled stack needs no writes.
            copy.succeed(&["destroy", "--yes"]);
        }
        ada.may(&less);
        let commands: &[&[&str]] = match purpose {
            "apply" => &[&["apply", "--yes"], &["destroy", "--yes"]],
            "plan" => &[&["plan"]],
            _ => &[&["outputs"]],
        };
        let all_went_well = commands.iter().all(|command| {
            if purpose == "apply" && command[0] == "destroy" {
                // Something to be deleted, as the console may leave it.
                put_object(&copy, cloud);
            }
            let Said { code, stderr, .. } = ada.run(&copy, command);
            assert!(code == 0 || stderr.contains("have it allowed"), "without {sid}: {stderr}");
            code == 0
        });
        assert!(!all_went_well, "nothing is missed without {sid}");
    }
    copy.succeed(&["destroy", "--yes"]);
}

/// An object in the bucket, if that is there.
fn put_object(copy: &WorkingCopy, cloud: &Cloud) {
    let aws = console(copy, &cloud.url);
    let bucket = format!("{}-uploads-000000000000-eu-west-1", aws.stack);
    let body = aws_sdk_s3::primitives::ByteStream::from_static(b"x");
    // A bucket that was not made has no object.
    let _ = wait_for(aws.s3.put_object().bucket(bucket).key("x").body(body).send());
}

/// Changes outside stackctl that the next apply has to repair, of every kind.
const CHANGES: &[&str] = &[
    "bucket: CORS deleted",
    "bucket: public access allowed",
    "bucket: policy deleted",
    lifecycle::PUBLIC_ACL,
    lifecycle::EVENT,
    "bucket: encryption changed",
    "bucket: a tag changed and one added",
    "role: trust changed",
    "role: a boundary put",
    "role: another policy put",
    "role: a managed policy attached",
    "role: a tag changed",
    "secret: a tag changed and one added",
    "log group: retention changed",
    "log group: a tag changed",
    "function: memory",
    "function: code",
    "function: a tag changed",
    "pool: protection lifted",
    "pool: a tag changed",
    "client: flows",
    "API: renamed",
    "API: a tag changed",
];

/// In the life of a stack, every action of a policy is needed: without any one of them, a request fails.
fn every_action_is_asked_for() {
    let own = Cloud::start();
    let yaml = lifecycle::with_webhook(&lifecycle::stack_with_groups());
    let copy = own.working_copy("life", &yaml.replace("URL_EXPIRES: 10s", "URL_EXPIRES: 3s"));
    let by_ses =
        "{ from: a@example.com, identity: \"arn:aws:ses:eu-west-1:000000000000:identity/example.com\" }";
    let of_pool = format!("    mfa: optional\n    email: {by_ses}\n    clients: {{");
    copy.write(&copy.text().replace("    clients: {", &of_pool));
    let yaml = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();
    let ada = Someone::new(&copy, &own, "ada");
    let runs = |purpose: &str, runs: &dyn Fn()| {
        copy.write(&yaml);
        let policy = policy(&copy, purpose);
        ada.may(&policy);
        let before = own.requests_so_far();
        runs();
        // Functions and the console send requests too.
        let by_stackctl = own.requests(before).into_iter().filter(|it| it.app.as_deref() == Some("stackctl"));
        let asked: BTreeSet<String> = by_stackctl.flat_map(|it| it.checked).collect();
        let (unseen, granted): (BTreeSet<String>, BTreeSet<String>) = actions(&policy)
            .into_iter()
            .partition(|it| UNSEEN.iter().any(|(of, action, _)| *of == purpose && action == it));
        let unasked: Vec<_> = granted.difference(&asked).collect();
        assert!(unasked.is_empty(), "to {purpose} no request needs {unasked:?}");
        assert!(asked.is_disjoint(&unseen), "{unseen:?} is asked for after all");
    };
    copy.apply();
    runs("outputs", &|| ada.succeed(&copy, &["outputs"]));
    runs("logs", &|| ada.succeed(&copy, &["logs"]));
    runs("secret", &|| {
        ada.succeed(&copy, &["secret", "show"]);
        ada.succeed(&copy, &["secret", "rotate"]);
        ada.succeed(&copy, &["secret", "rotate", "--finish"]);
    });
    runs("user", &|| {
        ada.succeed(&copy, &["user", "add", "bob", "--group", "admins", "--email", "bob@example.com"]);
        ada.succeed(&copy, &["group", "list"]);
        ada.succeed(&copy, &["group", "remove", "admins", "bob"]);
        ada.succeed(&copy, &["user", "add", "bob", "--reset"]);
        ada.succeed(&copy, &["user", "list"]);
        // Cognito resets permanent passwords only.
        let (aws, pool) = (console(&copy, &own.url).cognito, copy.outputs()["user_pool_id"].take());
        let set = aws.admin_set_user_password().user_pool_id(pool.as_str().unwrap()).username("bob");
        wait_for(set.password("Lovelace-1815").permanent(true).send()).unwrap();
        for change in ["reset-mfa", "disable", "enable", "sign-out", "reset-password"] {
            ada.succeed(&copy, &["user", change, "bob"]);
        }
        ada.succeed(&copy, &["user", "remove", "bob", "--yes"]);
    });
    runs("verify", &|| ada.succeed(&copy, &["verify"]));
    fill(&copy, &own);
    runs("plan", &|| {
        record_a_failure(&copy, &own);
        ada.succeed(&copy, &["status"]);
        ada.succeed(&copy, &["plan"]);
        copy.write(&yaml.replace("admins, team-a", "admins"));
        ada.succeed(&copy, &["plan"]);
        // The contents to delete are counted first.
        copy.write(&format!("stack: {}\nregion: eu-west-1\n", console(&copy, &own.url).stack));
        let refused = ada.run(&copy, &["plan"]);
        assert!(refused.stdout.contains("holds 2 objects and 1 unfinished upload"), "{refused:?}");
    });
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
    runs("apply", &|| {
        let more =
            yaml.replace("team: web", "team: web, gone: soon").replace("web: {} }", "web: {}, old: {} }");
        copy.write(&more.replace("authorizer: users", "stage: first\n    authorizer: users"));
        ada.succeed(&copy, &["apply", "--yes"]);
        copy.write(&yaml.replace("admins, team-a", "admins"));
        ada.succeed(&copy, &["apply", "--yes"]);
        copy.write(&yaml);
        ada.succeed(&copy, &["apply", "--yes"]);
        lifecycle::change(&copy, &own, CHANGES);
        ada.succeed(&copy, &["apply", "--yes"]);
        fill(&copy, &own);
        record_a_failure(&copy, &own);
        ada.succeed(&copy, &["status"]);
        ada.succeed(&copy, &["destroy", "--yes"]);
    });
}

/// A record of an event that a function failed to handle, which `status` reads.
fn record_a_failure(copy: &WorkingCopy, cloud: &Cloud) {
    let bucket = copy.outputs()["bucket"].as_str().unwrap().replace("-uploads-", "--failed-");
    let put = console(copy, &cloud.url).s3.put_object().bucket(bucket).key("aws/lambda/async/f/1");
    wait_for(put.send()).unwrap();
}

/// Objects of several versions, and an upload that was never finished.
pub fn fill(copy: &WorkingCopy, cloud: &Cloud) {
    let aws = console(copy, &cloud.url);
    let bucket = copy.outputs()["bucket"].as_str().unwrap().to_owned();
    let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    wait_for(async {
        aws.s3
            .put_bucket_versioning()
            .bucket(&bucket)
            .versioning_configuration(enabled)
            .send()
            .await
            .unwrap();
        aws.s3.put_object().bucket(&bucket).key("x").send().await.unwrap();
        aws.s3.delete_object().bucket(&bucket).key("x").send().await.unwrap();
        aws.s3.create_multipart_upload().bucket(&bucket).key("y").send().await.unwrap();
    });
}
