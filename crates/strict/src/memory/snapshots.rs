//! The copies of APIs that deployments are, and the stages that they have not reached.

use std::{collections::HashMap, sync::Mutex};

use super::clock::Deadline;

/// The copy of each deployment, and the stages that still serve a former one.
#[derive(Debug, Default)]
pub struct Snapshots {
    /// By API and deployment.
    pub copies: Mutex<HashMap<String, String>>,
    /// By API and stage.
    behind: Mutex<HashMap<String, Behind>>,
    /// The regions of APIs, which calls of an API do not name.
    regions: Mutex<HashMap<String, String>>,
}

/// A stage that its deployment has not reached yet.
#[derive(Debug, Clone)]
pub struct Behind {
    pub deadline: Deadline,
    pub serves: Option<String>,
}

impl Snapshots {
    pub fn live_in(&self, api: &str, region: &str) {
        self.regions.lock().expect("no code panics while holding it").insert(api.into(), region.into());
    }

    pub fn region(&self, api: &str) -> Option<String> {
        self.regions.lock().expect("no code panics while holding it").get(api).cloned()
    }

    pub fn fall_behind(&self, stage: String, serves: Option<String>, deadline: Deadline) {
        let behind = Behind { deadline, serves };
        self.behind.lock().expect("no code panics while holding it").insert(stage, behind);
    }

    pub fn behind(&self, stage: &str) -> Option<Behind> {
        self.behind.lock().expect("no code panics while holding it").get(stage).cloned()
    }
}
