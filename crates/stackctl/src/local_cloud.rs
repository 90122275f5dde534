//! The local cloud of this user.

use crate::{error::Error, interrupt::Interrupt, report::Report};

/// Starts the local cloud unless it runs, and returns its address.
///
/// # Errors
/// Why it does not run.
pub async fn up(_region: &str, _report: &mut Report, _interrupt: &mut Interrupt) -> Result<String, Error> {
    Ok("http://127.0.0.1:4599".to_owned())
}
