//! The one place that sleeps.

use std::time::Duration;

/// Sleeps for so long. The caller bounds and reports the wait.
#[expect(clippy::disallowed_methods, reason = "every wait goes through here")]
pub async fn pause(long: Duration) {
    tokio::time::sleep(long).await;
}
