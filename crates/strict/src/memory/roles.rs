//! The roles whose current state Lambda does not see yet.

use std::{collections::HashMap, sync::Mutex};

use super::clock::{Clock, Deadline};

/// The roles whose current state Lambda does not see yet.
#[derive(Debug, Default)]
pub struct Roles(Mutex<HashMap<String, Propagation>>);

#[derive(Debug, Clone, Copy)]
pub struct Propagation {
    deadline: Deadline,
    /// Whether Lambda could assume the role in its former state.
    could_assume: bool,
}

impl Roles {
    /// Role names are compared without case.
    pub fn spread(&self, role: &str, deadline: Deadline, could_assume: bool) {
        let propagation = Propagation { deadline, could_assume };
        self.0.lock().expect("no code panics while holding it").insert(role.to_lowercase(), propagation);
    }

    pub fn forget(&self, role: &str) {
        self.0.lock().expect("no code panics while holding it").remove(&role.to_lowercase());
    }

    /// Whether Lambda can assume the role, while it does not see its current state.
    pub fn outdated(&self, role: &str, clock: &Clock) -> Option<bool> {
        let roles = self.0.lock().expect("no code panics while holding it");
        let propagation = roles.get(&role.to_lowercase())?;
        clock.is_before(propagation.deadline).then_some(propagation.could_assume)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_spreads() {
        let roles = Roles::default();
        let clock = Clock::default();
        roles.spread("Role", clock.deadline(60.0), false);
        assert_eq!(roles.outdated("role", &clock), Some(false));
        clock.set_scale(0.0);
        assert_eq!(roles.outdated("role", &clock), None);
    }
}
