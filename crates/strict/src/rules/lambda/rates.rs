//! How often Lambda's control plane lets things be asked.

use crate::memory::tokens::Rate;

/// LAM-50; calls of functions are no calls of the control plane.
pub(crate) fn rates(operation: &str) -> Vec<Rate> {
    match operation {
        "GetFunction" => vec![Rate::new("lambda GetFunction", 100.0, 100.0)],
        "GetPolicy" => vec![Rate::new("lambda GetPolicy", 15.0, 15.0)],
        "Invoke" => Vec::new(),
        _ => vec![Rate::new("lambda", 15.0, 15.0)],
    }
}
