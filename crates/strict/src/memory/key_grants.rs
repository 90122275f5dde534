//! The roles that may read the variables of functions.

use std::{collections::HashMap, sync::Mutex};

/// The ids of the roles, by region and function.
#[derive(Debug, Default)]
pub struct KeyGrants(Mutex<HashMap<String, String>>);

impl KeyGrants {
    pub fn id(&self, key: &str) -> Option<String> {
        self.0.lock().expect("no code panics while holding it").get(key).cloned()
    }

    pub fn forget(&self, key: &str) {
        self.0.lock().expect("no code panics while holding it").remove(key);
    }

    /// Grants it to the role of that id.
    pub fn grant(&self, key: String, id: String) {
        self.0.lock().expect("no code panics while holding it").insert(key, id);
    }
}
