//! Which process holds a lock, so that one that was killed on this machine is known to be gone.

use std::fs;

use serde::{Deserialize, Serialize};

/// A process, among all processes of all machines. Where the system does not tell (no `/proc`), all but the number is
/// empty, and no process is ever known to be dead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The machine's boot.
    boot: String,
    /// The namespace of process numbers: containers of one machine differ.
    namespace: String,
    /// The number.
    id: u32,
    /// When it started, in ticks since the boot: numbers are used again.
    started: String,
}

impl Process {
    /// This process.
    pub fn own() -> Process {
        let id = std::process::id();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        Process {
            boot: boot.trim().to_owned(),
            namespace: namespace.to_string_lossy().into_owned(),
            id,
            started: started(id).unwrap_or_default(),
        }
    }

    /// Whether it is a process of this machine that has ended.
    pub fn is_dead(&self) -> bool {
        self.is_of_this_machine() && started(self.id).as_ref() != Some(&self.started)
    }

    /// Whether it is a process of this machine that has not ended.
    pub fn is_running(&self) -> bool {
        self.is_of_this_machine() && started(self.id).as_ref() == Some(&self.started)
    }

    fn is_of_this_machine(&self) -> bool {
        let here = Process::own();
        let known = !self.boot.is_empty() && !self.namespace.is_empty() && !self.started.is_empty();
        known && (&self.boot, &self.namespace) == (&here.boot, &here.namespace)
    }
}

/// The 22nd field of `/proc/{id}/stat`; the second one may hold spaces and ends with the last `)`.
fn started(id: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn dead_only_when_that_is_certain() {
        let own = Process::own();
        assert!(!own.is_dead() && own.is_running());
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let dead = Process { id: child.id(), started: "1".to_owned(), ..own.clone() };
        child.wait().unwrap();
        assert!(dead.is_dead() && !dead.is_running());
        assert!(!Process { boot: "another".to_owned(), ..dead.clone() }.is_dead());
        assert!(!Process { namespace: "another".to_owned(), ..dead.clone() }.is_dead());
        assert!(!Process { started: String::new(), ..dead }.is_dead());
    }
}
