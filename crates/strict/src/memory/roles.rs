//! The roles that Lambda does not see as they are.

use std::{collections::HashMap, sync::Mutex};

use super::clock::{Clock, Term};

/// The roles that Lambda does not see as they are.
#[derive(Debug, Default)]
pub struct Roles(Mutex<HashMap<String, Spreading>>);

#[derive(Debug, Clone, Copy)]
pub struct Spreading {
    term: Term,
    /// Whether Lambda could assume it as it was before.
    meanwhile: bool,
}

impl Roles {
    /// Role names are equal whatever their case.
    pub fn spread(&self, role: &str, term: Term, meanwhile: bool) {
        let spreading = Spreading { term, meanwhile };
        self.0.lock().expect("nobody panics while holding it").insert(role.to_lowercase(), spreading);
    }

    pub fn forget(&self, role: &str) {
        self.0.lock().expect("nobody panics while holding it").remove(&role.to_lowercase());
    }

    /// What Lambda still takes for true.
    pub fn outdated(&self, role: &str, clock: &Clock) -> Option<bool> {
        let roles = self.0.lock().expect("nobody panics while holding it");
        let spreading = roles.get(&role.to_lowercase())?;
        clock.lasts(spreading.term).then_some(spreading.meanwhile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_spreads() {
        let roles = Roles::default();
        let clock = Clock::default();
        roles.spread("Role", clock.term(60.0), false);
        assert_eq!(roles.outdated("role", &clock), Some(false));
        clock.set_scale(0.0);
        assert_eq!(roles.outdated("role", &clock), None);
    }
}
