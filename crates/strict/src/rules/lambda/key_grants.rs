//! The role that may read a function's variables: the one that it had when Lambda made the grant, by its id. A new role
//! of the same name has another id; then the function fails, though its configuration looks correct (IAM-10, LAM-40).

use serde_json::Value;
use stackctl_gateway::Refusal;

use crate::{
    harness::settings::Rule,
    memory::functions::key,
    rules::{iam, lambda::configuration::configuration},
    visit::Visit,
};

/// The id of the role that a change of a function's configuration grants it to anew: of another role than it has, or of
/// its own for its first variables. The same role once more changes nothing.
pub(crate) async fn granted(
    visit: &Visit<'_>,
    region: &str,
    function: &str,
    body: &Value,
) -> Result<Option<String>, Refusal> {
    let now = configuration(visit, region, function).await?;
    match &body["Role"] {
        Value::String(role) if now["Role"] != body["Role"] || !has_variables(&now) => {
            iam::role_id(visit, role).await
        }
        Value::Null if !has_variables(&now) => {
            iam::role_id(visit, now["Role"].as_str().unwrap_or_default()).await
        }
        _ => Ok(None),
    }
}

/// Whether the function cannot read its variables.
pub(crate) async fn is_broken(visit: &Visit<'_>, region: &str, function: &str) -> Result<bool, Refusal> {
    let Some(granted) = visit.memory.key_grants.id(&key(region, function)) else {
        return Ok(false);
    };
    if !visit.has(Rule::RoleIds) {
        return Ok(false);
    }
    let now = configuration(visit, region, function).await?;
    let id = iam::role_id(visit, now["Role"].as_str().unwrap_or_default()).await?;
    Ok(has_variables(&now) && id.is_some_and(|it| it != granted))
}

pub(crate) fn denied() -> Refusal {
    let text = "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the \
                function's KMS key settings.";
    Refusal::new(502, "KMSAccessDeniedException", text)
}

fn has_variables(configuration: &Value) -> bool {
    configuration["Environment"]["Variables"].as_object().is_some_and(|it| !it.is_empty())
}
