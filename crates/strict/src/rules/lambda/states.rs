//! Functions that are being created or changed, and the calls that Lambda refuses then.

use serde_json::{Value, json};
use stackctl_gateway::Refusal;

use crate::{
    harness::settings::Rule,
    memory::functions::{ChangeKind, LastChange, key},
    visit::Visit,
};

/// Whether the function can't be called yet, or never (LAM-32, LAM-33).
pub(crate) fn is_out_of_reach(visit: &Visit<'_>, region: &str, name: &str) -> bool {
    let last_change = visit.memory.functions.last_change(&key(region, name));
    visit.has(Rule::FunctionStates)
        && last_change
            .is_some_and(|it| it.kind == ChangeKind::Created && (visit.is_before(it.deadline) || it.fails))
}

pub(crate) fn pending() -> Refusal {
    let text = "The operation cannot be performed at this time. The function is currently in the following state: \
                Pending";
    Refusal::new(409, "ResourceConflictException", text)
}

/// Refuses a call while the function is being created (LAM-07, LAM-32) or changed (LAM-06).
pub(crate) fn check_settled(visit: &Visit<'_>, region: &str, name: &str) -> Result<(), Refusal> {
    match visit.memory.functions.last_change(&key(region, name)) {
        Some(last_change) if visit.has(Rule::FunctionStates) && visit.is_before(last_change.deadline) => {
            Err(match last_change.kind {
                ChangeKind::Created => pending(),
                ChangeKind::Updated => {
                    let arn = format!("arn:aws:lambda:{region}:000000000000:function:{name}");
                    let text = format!(
                        "The operation cannot be performed at this time. An update is in progress for resource: {arn}"
                    );
                    Refusal::new(409, "ResourceConflictException", text)
                }
            })
        }
        _ => Ok(()),
    }
}

/// LAM-30, LAM-36.
pub(crate) fn show_state(configuration: &mut Value, last_change: LastChange, settling: bool) {
    const CREATED: &str = "The function is being created.";
    let Value::Object(map) = configuration else { return };
    map.retain(|name, _| {
        name != "State" && !name.starts_with("StateReason") && !name.starts_with("LastUpdateStatus")
    });
    let shown = match last_change.kind {
        ChangeKind::Created if settling => {
            json!({ "State": "Pending", "StateReason": CREATED, "StateReasonCode": "Creating" })
        }
        ChangeKind::Created if last_change.fails => json!({
            "State": "Failed", "StateReason": "The function could not be created.", "StateReasonCode": "InternalError",
            "LastUpdateStatus": "Failed",
        }),
        ChangeKind::Updated if settling => json!({
            "State": "Active", "LastUpdateStatus": "InProgress", "LastUpdateStatusReason": CREATED,
            "LastUpdateStatusReasonCode": "Creating",
        }),
        ChangeKind::Created | ChangeKind::Updated => {
            json!({ "State": "Active", "LastUpdateStatus": "Successful" })
        }
    };
    if let Value::Object(shown) = shown {
        map.extend(shown);
    }
    // Each transition makes another revision (LAM-36); the emulator makes one for each change.
    if let Some(Value::String(revision)) = map.get_mut("RevisionId").filter(|_| settling) {
        *revision = revision.chars().rev().collect();
    }
}
