//! AWS's service models, held against each request that stackctl sent during the whole run.

use std::{env, fs, path::PathBuf, process::Command};

use crate::harness::{cloud::wait_for, program::target};

/// Where all clouds of this run record the requests; from this run alone.
pub fn recording() -> PathBuf {
    target().join("it").join(format!("requests-{}.jsonl", std::process::id()))
}

/// Whether every recorded request is valid; says what is wrong with which.
pub fn agrees() -> bool {
    let recording = recording();
    if !recording.exists() {
        return true;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/oracle/validate.py");
    let python = wait_for(stackctl_localcloud::python(&cache(), &mut |_| {})).unwrap();
    let agrees = Command::new(python).arg(script).arg(&recording).status().unwrap().success();
    if agrees {
        fs::remove_file(recording).unwrap();
    }
    agrees
}

/// Where stackctl installs emulators.
fn cache() -> PathBuf {
    let of = |name: &str| env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    of("XDG_CACHE_HOME").or_else(|| Some(of("HOME")?.join(".cache"))).expect("a home folder").join("stackctl")
}
