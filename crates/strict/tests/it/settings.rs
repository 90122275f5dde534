//! Strict clouds for tests, and their settings.

use std::time::Duration;

use serde_json::{Value, json};

use crate::running::Running;

impl Running {
    /// A strict cloud with these settings.
    pub async fn strict(settings: Value) -> Running {
        let running = Running::new().await;
        running.settings(settings).await;
        running
    }

    /// Sets the behaviour of the strict cloud from now on.
    pub async fn settings(&self, settings: Value) -> Value {
        let answer = self.send("POST /_stackctl/strict", settings.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

/// Nothing but one rule, and time that does not pass, so that a slow machine makes no difference.
pub async fn only(rule: &str) -> Running {
    Running::strict(settings_of(rule, 10_000.0)).await
}

/// From now on AWS's delays are zero.
pub async fn at_once(cloud: &Running, rule: &str) {
    cloud.settings(settings_of(rule, 0.0)).await;
}

pub fn settings_of(rule: &str, time_scale: f64) -> Value {
    let seconds = json!({ "write_takes": 0.00005 });
    json!({ "time_scale": time_scale, "seconds": seconds, "rules": { "*": false, rule: true } })
}

/// Begins while another operation, which takes half a second, is in progress.
pub async fn after_a_moment<T>(other: impl Future<Output = T>) -> T {
    tokio::time::sleep(Duration::from_millis(150)).await;
    other.await
}
