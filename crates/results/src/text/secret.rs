//! The rotation of a webhook's secret, for people.

/// A rotation that began, and its next steps. `options` are those that chose the stack, as they stand in a command line,
/// each after a space.
pub fn rotated(address: &str, bucket: &str, options: &str) -> String {
    format!(
        "{address} has a new secret. The function signs with both within 5 minutes.\n\n\
         stackctl secret show{options} {bucket}             prints it: give it to the receiver\n\
         stackctl secret rotate{options} {bucket} --finish  then removes the previous one\n"
    )
}

/// A rotation that is finished.
pub fn finished(address: &str) -> String {
    format!("Removed the previous secret of {address}. The function stops using it within 5 minutes.\n")
}
