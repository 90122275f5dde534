//! The compiler's flags that keep the machine's folders out of an executable.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The folder of cargo's downloads, as cargo finds it.
pub fn cargo_home() -> Option<PathBuf> {
    let own = env::var_os("CARGO_HOME").filter(|it| !it.is_empty()).map(PathBuf::from);
    own.or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// The flags of rustc with which messages of panics name the sources of dependencies without the folder of cargo's
/// downloads. Cargo already names the sources of a workspace by their paths in it.
pub fn flags(cargo_home: &Path) -> Vec<String> {
    [("registry/src", "registry"), ("git/checkouts", "git")]
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", cargo_home.join(folder).display()))
        .into()
}
