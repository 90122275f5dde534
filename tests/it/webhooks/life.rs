//! The life of a stack with a webhook.

use libtest_mimic::Trial;

use super::{
    receiver::Language,
    stack::{STACK, Stack, gets, secret},
};
use crate::harness::{
    cloud::{Cloud, eventually, wait_for},
    trial::trial,
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("webhooks::a_life_with_node", move || life(cloud, Language::Node)),
        trial("webhooks::a_life_with_python", move || life(cloud, Language::Python)),
        trial("webhooks::one_that_leaves_the_file", move || leaves_the_file(cloud)),
        trial("webhooks::http_is_for_the_local_cloud", move || http_on_aws(cloud)),
    ]
}

fn life(cloud: &Cloud, language: Language) {
    let stack = Stack::apply(cloud);
    let old = secret(&stack.copy);
    assert_eq!(stack.parameter().as_deref(), Some(old.as_str()));

    // One verified call for one upload.
    let receiver = stack.receiver(language);
    stack.put("uploads/8d7f/c0/a b@c.txt");
    gets(&receiver, "uploads/8d7f/c0/a b@c.txt");
    let events = receiver.events();
    let event = &events[0];
    assert_eq!(event["type"], "file.created");
    let data = &event["data"];
    assert_eq!(data["bucket"], stack.bucket.as_str());
    assert_eq!(
        (&data["name"], &data["sub"], &data["size"]),
        (&"a b@c.txt".into(), &"8d7f".into(), &12.into())
    );

    // Both secrets sign: the receiver has the old one, then the new one.
    let said = stack.copy.succeed(&["secret", "rotate", "uploads"]);
    let new = secret(&stack.copy);
    assert!(new != old && !said.stdout.contains("whsec_") && !said.stderr.contains("whsec_"));
    assert_eq!(stack.parameter(), Some(format!("{new}\n{old}")));
    stack.copy.assert_settled();
    let again = stack.copy.run(&["secret", "rotate"]);
    assert_eq!(again.code, 64, "{}", again.stderr);
    assert_eq!(stack.parameter(), Some(format!("{new}\n{old}")));
    stack.put("rotated-1");
    gets(&receiver, "rotated-1");
    drop(receiver);
    let receiver = stack.receiver(language);
    stack.put("rotated-2");
    gets(&receiver, "rotated-2");
    stack.copy.succeed(&["secret", "rotate", "uploads-webhook", "--finish"]);
    assert_eq!(stack.parameter(), Some(new));
    let again = stack.copy.run(&["secret", "rotate", "--finish"]);
    assert_eq!(again.code, 64, "{}", again.stderr);
    stack.put("rotated-3");
    gets(&receiver, "rotated-3");
    assert_eq!(receiver.events().len(), 2, "one call for each: {:?}", receiver.events());

    // A receiver that is down for a moment.
    drop(receiver);
    stack.put("while-down");
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let receiver = stack.receiver(language);
    gets(&receiver, "while-down");

    let delete = stack.console.s3.delete_object().bucket(&stack.bucket).key("while-down");
    wait_for(delete.send()).unwrap();
    eventually("the deletion arrives", || receiver.events().iter().any(|it| it["type"] == "file.deleted"));
    stack.destroy(cloud);
}

/// The secret of a webhook that left the file is found by its function, and goes with it.
fn leaves_the_file(cloud: &Cloud) {
    let stack = Stack::apply(cloud);
    let text = stack.copy.text();
    let (before, _) = text.split_once("    webhook:").unwrap();
    stack.copy.write(before);
    let plan = stack.copy.plan();
    assert!(plan.iter().any(|it| it.starts_with("secret.uploads-webhook: ")), "{plan:?}");
    stack.copy.apply();
    assert_eq!(stack.parameter(), None);
    stack.copy.assert_settled();
    stack.destroy(cloud);
}

fn http_on_aws(cloud: &Cloud) {
    let copy = cloud.working_copy("hook", &STACK.replace("PORT", "3000"));
    let mut command = copy.command(&["plan", "--endpoint-url", "https://aws.example"]);
    let said = crate::harness::program::said(command.output().unwrap());
    assert_eq!(said.code, 64, "{}", said.stderr);
    assert!(said.stderr.contains("the webhook of `uploads` is at http://localhost:3000"), "{}", said.stderr);
}
