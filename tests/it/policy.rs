//! The policies of `stackctl policy`, held by a user who has nothing else, where the emulator enforces them.
//!
//! What it does not enforce as AWS does is put right in `for_the_emulator`, and left out in `UNENFORCED`.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use stackctl_aws::clients::Clients;

use crate::{
    cloud::{Cloud, console, wait_for},
    lifecycle::STACK,
    program::{Said, WorkingCopy, said},
};

/// Statements that may go and nothing is missed: PassRole is not asked for, and the tags that a thing is born with are
/// not either.
const UNENFORCED: &[&str] = &["RolesForLambda", "ApiTags"];

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        Trial::test("policy::is_enough", move || {
            is_enough(cloud);
            Ok(())
        }),
        Trial::test("policy::to_apply_is_not_too_much", move || {
            none_is_too_much(cloud, "apply");
            Ok(())
        }),
        Trial::test("policy::to_plan_is_not_too_much", move || {
            none_is_too_much(cloud, "plan");
            Ok(())
        }),
        Trial::test("policy::to_read_outputs_is_not_too_much", move || {
            none_is_too_much(cloud, "outputs");
            Ok(())
        }),
    ]
}

/// A user of the account, with an access key and one policy.
struct Someone {
    console: Clients,
    name: String,
    key: (String, String),
}

impl Someone {
    fn new(copy: &WorkingCopy, cloud: &Cloud, name: &str) -> Someone {
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

    fn may(&self, policy: &Value) {
        let put = self.console.iam.put_user_policy().user_name(&self.name).policy_name("p");
        wait_for(put.policy_document(policy.to_string()).send()).unwrap();
    }

    fn run(&self, copy: &WorkingCopy, arguments: &[&str]) -> Said {
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
fn policy(copy: &WorkingCopy, cloud: &Cloud, purpose: &str) -> Value {
    let printed = copy.succeed(&["policy", "--for", purpose]).stdout;
    for_the_emulator(serde_json::from_str(&printed).unwrap(), console(copy, &cloud.url).stack.as_str())
}

/// The emulator knows roles by their names alone, and a function that is being created not at all.
fn for_the_emulator(policy: Value, stack: &str) -> Value {
    let text = policy.to_string().replace(&format!("role/stackctl/{stack}/*"), &format!("role/{stack}-*"));
    let mut policy: Value = serde_json::from_str(&text).unwrap();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        let actions = statement["Action"].as_array().unwrap().clone();
        if statement["Sid"] == "Functions" && actions.contains(&json!("lambda:CreateFunction")) {
            statement["Resource"] = json!("*");
        }
    }
    policy
}

fn is_enough(cloud: &Cloud) {
    let copy = cloud.working_copy("allowed", STACK);
    let ada = Someone::new(&copy, cloud, "ada");
    ada.may(&policy(&copy, cloud, "apply"));
    ada.succeed(&copy, &["apply", "--yes"]);
    ada.succeed(&copy, &["plan", "--check"]);
    copy.assert_settled();

    ada.may(&policy(&copy, cloud, "plan"));
    ada.succeed(&copy, &["plan", "--check"]);
    ada.may(&policy(&copy, cloud, "outputs"));
    ada.succeed(&copy, &["outputs"]);
    // Nothing is let through for which there is no permission.
    let refused = ada.run(&copy, &["destroy", "--yes"]);
    assert_eq!(refused.code, 1, "{}\n{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("have it allowed"), "{}", refused.stderr);

    ada.may(&policy(&copy, cloud, "apply"));
    ada.succeed(&copy, &["destroy", "--yes"]);
    assert!(!copy.plan().is_empty(), "destroy left something");
}

/// Without any one statement some command does not do what it should.
fn none_is_too_much(cloud: &Cloud, purpose: &str) {
    let copy = cloud.working_copy("denied", STACK);
    let ada = Someone::new(&copy, cloud, "ada");
    let whole = policy(&copy, cloud, purpose);
    if purpose != "apply" {
        copy.apply();
    }
    for missing in whole["Statement"].as_array().unwrap() {
        let sid = missing["Sid"].as_str().unwrap();
        if UNENFORCED.contains(&sid) {
            continue;
        }
        let mut less = whole.clone();
        less["Statement"].as_array_mut().unwrap().retain(|it| it["Sid"] != sid);
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
