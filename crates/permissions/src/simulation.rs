//! The permissions that the credentials lack, by IAM's simulation (IAM-32).

use std::collections::BTreeSet;

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType};
use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::AwsError,
        operation::{Purpose, Scope, Target},
        wait,
    },
};
use stackctl_aws_data::account::Arn;
use stackctl_lambda::role::operations::{GET_ROLE, SIMULATE_PRINCIPAL_POLICY};
use stackctl_stackfile::stack::Stack;

use crate::allowed;

/// The result of a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Simulated {
    /// The actions that are denied.
    Missing(BTreeSet<&'static str>),
    /// The root user of an account may do everything.
    Root,
    /// IAM does not simulate the owner of the credentials.
    Unknown,
}

/// Asks IAM which actions of a purpose the owner of the credentials, with the ARN that STS names, may not do. Each action is
/// tried on one resource that it is needed for.
///
/// # Errors
/// The errors of IAM, among them a missing permission to simulate.
pub async fn simulate(
    purpose: Purpose,
    stack: &Stack,
    caller: &str,
    aws: &Aws,
) -> Result<Simulated, AwsError> {
    let principal = match Caller::of(caller) {
        Caller::Entity => Arn(caller.to_owned()),
        Caller::Role(name) => role(&name, aws).await?,
        Caller::Root => return Ok(Simulated::Root),
        Caller::Other => return Ok(Simulated::Unknown),
    };
    let scope = Scope { stack, account: &aws.account, boundary: stack.boundary.as_ref() };
    let mut missing = BTreeSet::new();
    // One after the other: IAM's rates are small, and unconfirmed (IAM-05).
    for (target, actions) in allowed(purpose, scope.boundary).into_values() {
        let Some(resource) = resource(target, &scope) else { continue };
        let names: Vec<String> = actions.iter().map(|it| (*it).to_owned()).collect();
        let context = (target.condition)(&scope).map(|(key, value)| {
            ContextEntry::builder()
                .context_key_name(key)
                .context_key_type(ContextKeyTypeEnum::String)
                .context_key_values(value)
                .build()
        });
        let ask = || {
            let simulate = aws.iam.simulate_principal_policy().policy_source_arn(&principal.0);
            let simulate = simulate.set_action_names(Some(names.clone())).resource_arns(&resource);
            simulate.set_context_entries(context.clone().map(|it| vec![it])).max_items(1_000).send()
        };
        let answer = wait::read(&SIMULATE_PRINCIPAL_POLICY, ask).await?;
        let denied = answer.evaluation_results().iter().filter(|it| is_denied(it));
        let denied = denied.filter_map(|it| actions.get(it.eval_action_name()).copied());
        missing.extend(denied);
    }
    Ok(Simulated::Missing(missing))
}

fn is_denied(result: &EvaluationResult) -> bool {
    *result.eval_decision() != PolicyEvaluationDecisionType::Allowed
}

/// A resource of a target, in which a name stands for a pattern.
fn resource(target: &Target, scope: &Scope<'_>) -> Option<String> {
    let first = (target.resources)(scope).into_iter().next()?;
    Some(match first.as_str() {
        "*" => first,
        _ if target.is_new => "*".to_owned(),
        _ => first.replace('*', "x"),
    })
}

/// The owner of credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Caller {
    /// A user.
    Entity,
    /// A session of the role with this name, whose path the session's ARN does not have.
    Role(String),
    Root,
    Other,
}

impl Caller {
    fn of(arn: &str) -> Caller {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        match parts[..] {
            ["arn", _, "iam", _, _, "root"] => Caller::Root,
            ["arn", _, "iam", _, _, name] if name.starts_with("user/") || name.starts_with("role/") => {
                Caller::Entity
            }
            ["arn", _, "sts", _, _, session] => {
                let name = session.strip_prefix("assumed-role/").and_then(|it| it.split('/').next());
                name.map_or(Caller::Other, |it| Caller::Role(it.to_owned()))
            }
            _ => Caller::Other,
        }
    }
}

/// The ARN of a role. Where it can't be read, the role is at no path.
async fn role(name: &str, aws: &Aws) -> Result<Arn, AwsError> {
    let ask = || aws.iam.get_role().role_name(name).send();
    match wait::read(&GET_ROLE, ask).await {
        Ok(found) => Ok(Arn(found.role.map(|it| it.arn).unwrap_or_default())),
        Err(error) if error.answer().is_some() => Ok(aws.account.role_arn_at(&format!("/{name}"))),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers() {
        for (arn, caller) in [
            ("arn:aws:iam::123456789012:user/team/ada", Caller::Entity),
            ("arn:aws:iam::123456789012:root", Caller::Root),
            ("arn:aws:sts::123456789012:assumed-role/admin/ada", Caller::Role("admin".to_owned())),
            ("arn:aws:sts::123456789012:federated-user/ada", Caller::Other),
            ("", Caller::Other),
        ] {
            assert_eq!(Caller::of(arn), caller, "{arn}");
        }
    }
}
