//! The parameter of a webhook's secret, when others made it.

use aws_sdk_ssm::types::{ParameterType, ResourceTypeForTagging, Tag};
use libtest_mimic::Trial;

use crate::{
    harness::{
        cloud::{Cloud, console},
        program::Said,
        trial::trial,
    },
    stacks::lifecycle::{send, stack_with_webhook},
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("webhooks::a_parameter_of_others", move || of_others(cloud))]
}

/// It is named and left alone, also by the commands about secrets. Its value is not printed, not even after stackctl may
/// have the parameter.
fn of_others(cloud: &Cloud) {
    let copy = cloud.working_copy("hook", &stack_with_webhook());
    let aws = console(&copy, &cloud.url);
    let name = format!("/stackctl/{}/uploads/webhook", aws.stack);
    send!(aws.ssm.put_parameter().name(&name).r#type(ParameterType::String).value("theirs"));
    let value = || send!(aws.ssm.get_parameter().name(&name)).parameter.unwrap().value.unwrap();
    let theirs = format!("the parameter {name} exists already and does not belong to this stack");
    let fails = |arguments: &[&str], why: &str| {
        let Said { code, stdout, stderr } = copy.run(arguments);
        assert_eq!(code, 1, "{arguments:?}\n{stdout}\n{stderr}");
        let words = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(why), "{arguments:?}\n{stderr}");
        assert!(!stdout.contains("theirs"), "{stdout}");
        assert_eq!(value(), "theirs");
    };
    for arguments in [["apply", "--yes"].as_slice(), &["secret", "show"], &["secret", "rotate"]] {
        fails(arguments, &theirs);
    }

    let tag = |key, value: &str| Tag::builder().key(key).value(value).build().unwrap();
    let add = aws.ssm.add_tags_to_resource().resource_type(ResourceTypeForTagging::Parameter);
    let add = add.resource_id(&name).tags(tag("stackctl:stack", aws.stack.as_str()));
    send!(add.tags(tag("stackctl:address", "secret.uploads-webhook")));
    copy.apply();
    copy.assert_settled();
    for arguments in [["secret", "show"], ["secret", "rotate"]] {
        fails(&arguments, &format!("the value of the parameter {name} is no secret of a webhook"));
    }
    send!(aws.ssm.delete_parameter().name(&name));
    copy.apply();
    assert!(copy.succeed(&["secret", "show"]).stdout.starts_with("whsec_"));
    copy.succeed(&["destroy", "--yes"]);
}
