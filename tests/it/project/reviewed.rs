//! `plan --out` and `apply --plan`: what was reviewed is what is done.

use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    trial::trial,
};

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets: { uploads: {} }
functions: { presign: { builtin: presign, buckets: { uploads: [put] }, environment: { TOKEN: s3cr3t } } }
envs: { prod: { buckets: { uploads: { versioning: true } } } }
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("reviewed::the_plan_of_a_file", move || the_plan_of_a_file(cloud))]
}

fn the_plan_of_a_file(cloud: &'static Cloud) {
    let copy = cloud.working_copy("reviewed", STACK);
    let stack = fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();
    let path = copy.folder.join("plan.json");
    // The folder may have the plan of an earlier run.
    let _ = fs::remove_file(&path);
    let plan = || copy.succeed(&["plan", "--out", "plan.json"]);
    let apply = ["apply", "--plan", "plan.json"];
    let refused = |code: u8, what: &str| {
        let said = copy.run(&apply);
        assert_eq!(i32::from(code), said.code, "{said:?}");
        assert!(said.stderr.contains(what), "{what}: {said:?}");
    };

    refused(64, "`stackctl plan --out plan.json` writes the plan to review");
    fs::write(&path, "{}").unwrap();
    refused(64, "plan.json: it is no plan of stackctl, or not the whole of one");
    let kept = copy.run(&["plan", "--out", "plan.json"]);
    assert!(kept.code == 64 && kept.stderr.contains("is no plan of stackctl"), "{kept:?}");
    fs::remove_file(&path).unwrap();
    plan();
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("s3cr3t"), "{text}");
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["plan"]["create"], 4);
    assert!(file["code_sha256"]["presign"].is_string());

    // Another file, another environment, another region: nothing is sent.
    copy.write(&stack.replace("s3cr3t", "another"));
    refused(64, "stack.yaml has changed since the plan was made");
    copy.write(&stack);
    let other = copy.run(&["apply", "--plan", "plan.json", "--env", "prod", "--region", "eu-central-1"]);
    assert_eq!(other.code, 64, "{other:?}");
    for what in ["it is for no environment, and this run for environment prod", "this run for eu-central-1"] {
        assert!(other.stderr.contains(what), "{what}: {other:?}");
    }

    // Other code than the reviewed one.
    let sha256 = file["code_sha256"]["presign"].as_str().unwrap();
    fs::write(&path, text.replace(sha256, "another")).unwrap();
    refused(1, "+ function.presign: its code is another one");
    let nothing = copy.run(&["outputs"]);
    assert!(nothing.stderr.contains("not applied yet"), "{nothing:?}");
    fs::write(&path, &text).unwrap();

    let applied = copy.succeed(&apply);
    assert!(!applied.stderr.contains("[y/N]"), "{applied:?}");
    copy.assert_settled();
    // A second run finds nothing to do, and in another account nothing that was reviewed.
    copy.succeed(&apply);
    fs::write(&path, text.replace("\"account\": \"000000000000\"", "\"account\": \"111111111111\"")).unwrap();
    refused(1, "- account 111111111111");

    // The bucket differs from the reviewed plan, which was to do nothing.
    plan();
    let aws = console(&copy, &cloud.url);
    let bucket = copy.outputs()["bucket"].as_str().unwrap().to_owned();
    wait_for(aws.s3.delete_public_access_block().bucket(&bucket).send()).unwrap();
    refused(1, "the plan is not the one of plan.json; no step of it was done");
    refused(1, "+ bucket.uploads: block public access");
    let still = copy.run(&["plan", "--check"]);
    assert_eq!(still.code, 2, "nothing was done");
    plan();
    copy.succeed(&apply);
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
}
