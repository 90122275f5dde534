//! The copies of APIs that deployments are, and the stages that they have not reached.

use std::{collections::HashMap, sync::Mutex};

use super::clock::Term;

/// Which copy is whose, and which stage is still behind.
#[derive(Debug, Default)]
pub struct Snapshots {
    /// By API and deployment.
    pub copies: Mutex<HashMap<String, String>>,
    /// By API and stage.
    behind: Mutex<HashMap<String, Behind>>,
    /// The regions of APIs: who calls one does not say.
    regions: Mutex<HashMap<String, String>>,
}

/// A stage that a deployment has not reached.
#[derive(Debug, Clone)]
pub struct Behind {
    pub term: Term,
    pub serves: Option<String>,
}

impl Snapshots {
    pub fn live_in(&self, api: &str, region: &str) {
        self.regions.lock().expect("nobody panics while holding it").insert(api.into(), region.into());
    }

    pub fn region(&self, api: &str) -> Option<String> {
        self.regions.lock().expect("nobody panics while holding it").get(api).cloned()
    }

    pub fn fall_behind(&self, stage: String, serves: Option<String>, term: Term) {
        let behind = Behind { term, serves };
        self.behind.lock().expect("nobody panics while holding it").insert(stage, behind);
    }

    pub fn behind(&self, stage: &str) -> Option<Behind> {
        self.behind.lock().expect("nobody panics while holding it").get(stage).cloned()
    }
}
