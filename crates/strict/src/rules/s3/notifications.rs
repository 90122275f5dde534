//! The notifications of a bucket: the input that S3 refuses, the permissions that it does not see yet, and how they read
//! back.

use stackctl_gateway::{CloudRequest, Refusal, elements};

use crate::{harness::settings::Rule, memory::functions::key, visit::Visit};

/// Refuses a configuration that S3 refuses.
pub(crate) async fn check(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<(), Refusal> {
    let body = request.read_text().await;
    let functions = ["CloudFunction", "LambdaFunctionArn"].into_iter().flat_map(|it| elements(&body, it));
    let functions: Vec<&str> = functions.collect();
    if visit.has(Rule::EventChecks) {
        check_input(&body, &functions)?;
    }
    let is_skipped = request.headers.get("x-amz-skip-destination-validation").is_some_and(|it| it == "true");
    if is_skipped || !visit.has(Rule::PermissionSpread) {
        return Ok(());
    }
    // S3-91
    let unseen = functions.iter().find(|arn| {
        let parts: Vec<&str> = arn.split(':').collect();
        let key = key(parts.get(3).unwrap_or(&""), parts.get(6).unwrap_or(&""));
        visit.memory.events.permissions.is_unseen(&key, &visit.memory.clock)
    });
    unseen.map_or(Ok(()), |arn| {
        let what = "Unable to validate the following destination configurations";
        Err(invalid(&format!("{what}: Not authorized to invoke function [{arn}]")))
    })
}

fn check_input(body: &str, functions: &[&str]) -> Result<(), Refusal> {
    for rule in elements(body, "FilterRule") {
        match (elements(rule, "Name").next(), elements(rule, "Value").next()) {
            (Some(name), Some(_)) if ["prefix", "suffix"].iter().any(|it| it.eq_ignore_ascii_case(name)) => {}
            (Some(_), Some(_)) => return Err(invalid("filter rule name must be either prefix or suffix")),
            (None, _) | (_, None) => {
                let text = "The XML you provided was not well-formed or did not validate against our published schema";
                return Err(Refusal::new(400, "MalformedXML", text));
            }
        }
    }
    let is_function = |arn: &&str| {
        let parts: Vec<&str> = arn.split(':').collect();
        matches!(parts[..], ["arn", _, "lambda", _, _, "function", _, ..])
    };
    match functions.iter().all(is_function) {
        true => Ok(()),
        false => Err(invalid("The ARN could not be parsed")),
    }
}

/// The names of filter rules as S3 reads them back, whatever was sent (S3-92).
pub(crate) fn show(xml: &str) -> Option<String> {
    let shown = ["prefix", "suffix"].iter().fold(xml.to_owned(), |xml, name| {
        let read = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        xml.replace(&format!("<Name>{name}</Name>"), &format!("<Name>{read}</Name>"))
    });
    (shown != xml).then_some(shown)
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, "InvalidArgument", text)
}
