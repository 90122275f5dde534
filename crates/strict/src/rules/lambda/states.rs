//! Functions that are being made or changed, and what Lambda refuses meanwhile.

use serde_json::{Value, json};
use stackctl_gateway::Refusal;

use crate::{
    harness::settings::Rule,
    memory::functions::{Change, Life, key},
    visit::Visit,
};

/// Whether it cannot be called yet, or ever (LAM-32, LAM-33).
pub(crate) fn is_out_of_reach(visit: &Visit<'_>, region: &str, name: &str) -> bool {
    let life = visit.memory.functions.life(&key(region, name));
    visit.has(Rule::FunctionStates)
        && life.is_some_and(|it| it.change == Change::Made && (visit.lasts(it.term) || it.fails))
}

pub(crate) fn pending() -> Refusal {
    let text = "The operation cannot be performed at this time. The function is currently in the following state: \
                Pending";
    Refusal::new(409, "ResourceConflictException", text)
}

/// Refuses what cannot be done while the function is made (LAM-07, LAM-32) or changed (LAM-06).
pub(crate) fn check_settled(visit: &Visit<'_>, region: &str, name: &str) -> Result<(), Refusal> {
    match visit.memory.functions.life(&key(region, name)) {
        Some(life) if visit.has(Rule::FunctionStates) && visit.lasts(life.term) => Err(match life.change {
            Change::Made => pending(),
            Change::Updated => {
                let arn = format!("arn:aws:lambda:{region}:000000000000:function:{name}");
                let text = format!(
                    "The operation cannot be performed at this time. An update is in progress for resource: {arn}"
                );
                Refusal::new(409, "ResourceConflictException", text)
            }
        }),
        _ => Ok(()),
    }
}

/// LAM-30, LAM-36.
pub(crate) fn show_state(configuration: &mut Value, life: Life, settling: bool) {
    const CREATED: &str = "The function is being created.";
    let Value::Object(map) = configuration else { return };
    map.retain(|name, _| {
        name != "State" && !name.starts_with("StateReason") && !name.starts_with("LastUpdateStatus")
    });
    let shown = match life.change {
        Change::Made if settling => {
            json!({ "State": "Pending", "StateReason": CREATED, "StateReasonCode": "Creating" })
        }
        Change::Made if life.fails => json!({
            "State": "Failed", "StateReason": "The function could not be created.", "StateReasonCode": "InternalError",
            "LastUpdateStatus": "Failed",
        }),
        Change::Updated if settling => json!({
            "State": "Active", "LastUpdateStatus": "InProgress", "LastUpdateStatusReason": CREATED,
            "LastUpdateStatusReasonCode": "Creating",
        }),
        Change::Made | Change::Updated => json!({ "State": "Active", "LastUpdateStatus": "Successful" }),
    };
    if let Value::Object(shown) = shown {
        map.extend(shown);
    }
    // Each transition makes another revision (LAM-36); the emulator makes one for each change.
    if let Some(Value::String(revision)) = map.get_mut("RevisionId").filter(|_| settling) {
        *revision = revision.chars().rev().collect();
    }
}
