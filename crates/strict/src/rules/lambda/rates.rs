//! The request rates of Lambda's control plane.

use crate::memory::tokens::Rate;

/// LAM-50; invocations are not calls of the control plane.
pub(crate) fn rates(operation: &str) -> Vec<Rate> {
    match operation {
        "GetFunction" => vec![Rate::new("lambda GetFunction", 100.0, 100.0)],
        "GetPolicy" => vec![Rate::new("lambda GetPolicy", 15.0, 15.0)],
        "Invoke" => Vec::new(),
        _ => vec![Rate::new("lambda", 15.0, 15.0)],
    }
}
