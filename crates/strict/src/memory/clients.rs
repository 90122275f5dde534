//! The pools of app clients, which requests of users do not name.

use std::{collections::HashMap, sync::Mutex};

/// The pool of each app client that was created or found since this cloud began, by the client's id.
#[derive(Debug, Default)]
pub(crate) struct Clients(Mutex<HashMap<String, String>>);

impl Clients {
    pub(crate) fn add(&self, client: &str, pool: &str) {
        self.0.lock().expect("no code panics while holding it").insert(client.to_owned(), pool.to_owned());
    }

    pub(crate) fn forget(&self, client: &str) {
        self.0.lock().expect("no code panics while holding it").remove(client);
    }

    /// Forgets all clients of a pool.
    pub(crate) fn forget_pool(&self, pool: &str) {
        self.0.lock().expect("no code panics while holding it").retain(|_, it| it != pool);
    }

    pub(crate) fn pool(&self, client: &str) -> Option<String> {
        self.0.lock().expect("no code panics while holding it").get(client).cloned()
    }
}
