//! IAM: other services see its changes after a delay.

use hyper::Response;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use stackctl_gateway::{Body, CloudRequest, Refusal};

use crate::{
    harness::settings::Rule,
    read::{element, list, parameter},
    visit::Visit,
};

/// A new role and a new trust policy propagate after a delay (IAM-07, IAM-08).
pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let name = request.operation.name.clone().unwrap_or_default();
    let form = match name.as_ref() {
        "CreateRole" | "UpdateAssumeRolePolicy" | "DeleteRole" | "PutRolePolicy" => request.read_text().await,
        _ => return Ok(visit.pass(request).await),
    };
    let role = parameter(&form, "RoleName").unwrap_or_default();
    if name == "CreateRole" && visit.has(Rule::RoleNames) {
        check_name(visit, &role).await?;
    }
    let could_assume = name == "UpdateAssumeRolePolicy" && lambda_sees(visit, &role).await?;
    let response = visit.pass(request).await;
    if response.status().is_success() {
        match name.as_ref() {
            "DeleteRole" => visit.memory.roles.forget(&role),
            "PutRolePolicy" => {
                let deadline = visit.deadline(|it| it.iam_propagation);
                visit.memory.events.role_policies.begin(&role.to_lowercase(), deadline);
            }
            _ => visit.memory.roles.spread(&role, visit.deadline(|it| it.iam_propagation), could_assume),
        }
    }
    Ok(response)
}

/// Refuses a name that differs from another role's by its case alone.
async fn check_name(visit: &Visit<'_>, name: &str) -> Result<(), Refusal> {
    let form = [("Action", "ListRoles"), ("Version", "2010-05-08"), ("MaxItems", "1000")];
    let (_, xml) = visit.backend.upstream.query("iam", &form).await?;
    let mut names = xml.split("<RoleName>").skip(1).filter_map(|it| it.split('<').next());
    match names.any(|it| it.eq_ignore_ascii_case(name)) {
        true => {
            Err(Refusal::new(409, "EntityAlreadyExists", format!("Role with name {name} already exists.")))
        }
        false => Ok(()),
    }
}

/// Refuses a role that Lambda cannot assume, or not yet, with the same message (LAM-01).
pub(crate) async fn check_role(visit: &Visit<'_>, arn: &str) -> Result<(), Refusal> {
    let role = arn.rsplit('/').next().unwrap_or_default();
    if !visit.has(Rule::IamPropagation) || lambda_sees(visit, role).await? {
        return Ok(());
    }
    Err(Refusal::new(
        400,
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    ))
}

async fn lambda_sees(visit: &Visit<'_>, role: &str) -> Result<bool, Refusal> {
    if let Some(could_assume) = visit.memory.roles.outdated(role, &visit.memory.clock) {
        return Ok(could_assume);
    }
    let xml = read(visit, role).await?.unwrap_or_default();
    let document = element(&xml, "AssumeRolePolicyDocument").unwrap_or_default();
    let document = percent_decode_str(document).decode_utf8_lossy();
    Ok(serde_json::from_str(&document).is_ok_and(|it| trusts_lambda(&it)))
}

/// Whether the other services see the current inline policies of a role (IAM-02).
pub(crate) fn policies_are_seen(visit: &Visit<'_>, arn: &str) -> bool {
    let role = arn.rsplit('/').next().unwrap_or_default().to_lowercase();
    !visit.memory.events.role_policies.is_unseen(&role, &visit.memory.clock)
}

/// Whether the policies of a role allow an action on a resource. The emulator finds a role by its name, and takes the path
/// for a part of it.
pub(crate) async fn may(
    visit: &Visit<'_>,
    role: &str,
    action: &str,
    resource: &str,
) -> Result<bool, Refusal> {
    let source = match role.split_once(":role/") {
        Some((account, path)) => format!("{account}:role/{}", path.rsplit('/').next().unwrap_or_default()),
        None => role.to_owned(),
    };
    let form = [
        ("Action", "SimulatePrincipalPolicy"),
        ("Version", "2010-05-08"),
        ("PolicySourceArn", &source),
        ("ActionNames.member.1", action),
        ("ResourceArns.member.1", resource),
    ];
    let (_, xml) = visit.backend.upstream.query("iam", &form).await?;
    Ok(element(&xml, "EvalDecision") == Some("allowed"))
}

/// The current id of the role of that name; a new role of the same name has another id (IAM-10).
pub(crate) async fn role_id(visit: &Visit<'_>, arn: &str) -> Result<Option<String>, Refusal> {
    let xml = read(visit, arn.rsplit('/').next().unwrap_or_default()).await?;
    Ok(xml.and_then(|it| element(&it, "RoleId").map(str::to_owned)))
}

async fn read(visit: &Visit<'_>, role: &str) -> Result<Option<String>, Refusal> {
    let form = [("Action", "GetRole"), ("Version", "2010-05-08"), ("RoleName", role)];
    let (status, xml) = visit.backend.upstream.query("iam", &form).await?;
    Ok(status.is_success().then_some(xml))
}

fn trusts_lambda(policy: &Value) -> bool {
    list(&policy["Statement"]).iter().any(|it| {
        let has = |value: &Value, texts: &[&str]| {
            list(value).iter().filter_map(Value::as_str).any(|it| texts.contains(&it))
        };
        it["Effect"] == "Allow"
            && has(&it["Action"], &["sts:AssumeRole", "sts:*", "*"])
            && has(&it["Principal"]["Service"], &["lambda.amazonaws.com"])
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_trusts_lambda() {
        let trusts = |principal: Value, action: Value| {
            trusts_lambda(
                &json!({ "Statement": { "Effect": "Allow", "Principal": principal, "Action": action } }),
            )
        };
        assert!(trusts(json!({ "Service": "lambda.amazonaws.com" }), json!("sts:AssumeRole")));
        assert!(trusts(
            json!({ "Service": ["a", "lambda.amazonaws.com"] }),
            json!(["sts:TagSession", "sts:AssumeRole"])
        ));
        assert!(!trusts(json!({ "Service": "ec2.amazonaws.com" }), json!("sts:AssumeRole")));
        assert!(!trusts(json!({ "Service": "lambda.amazonaws.com" }), json!("sts:TagSession")));
    }
}
