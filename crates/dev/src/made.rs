//! The files that a build writes among the sources: they are no change that asks for another build.

use std::{collections::BTreeSet, path::PathBuf};

/// What builds have written so far.
#[derive(Debug, Default)]
pub struct Made {
    /// The first build ended: what changed during it is what it wrote.
    begun: bool,
    known: BTreeSet<PathBuf>,
    last: BTreeSet<PathBuf>,
}

impl Made {
    /// Takes the paths that changed during a build, and returns those that somebody else may have changed.
    ///
    /// A path that changed during two builds, of which the second one made the `same_code` as the first, is written by
    /// the build: otherwise a build that writes among its sources would never end.
    pub fn after_build(&mut self, changed: BTreeSet<PathBuf>, same_code: bool) -> BTreeSet<PathBuf> {
        if !self.begun {
            self.begun = true;
            self.known = changed;
            return BTreeSet::new();
        }
        if same_code {
            self.known.extend(changed.intersection(&self.last).cloned());
        }
        let others = changed.difference(&self.known).cloned().collect();
        self.last = changed;
        others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> BTreeSet<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_build_that_writes_among_its_sources_ends() {
        let mut made = Made::default();
        assert_eq!(made.after_build(paths(&["index.js"]), false), paths(&[]));
        assert_eq!(made.after_build(paths(&["index.js"]), false), paths(&[]));
        // The user saves while it builds, and the next build has another file.
        assert_eq!(made.after_build(paths(&["index.js", "index.ts"]), false), paths(&["index.ts"]));
        assert_eq!(made.after_build(paths(&["index.js", "part-1.js"]), false), paths(&["part-1.js"]));
        assert_eq!(made.after_build(paths(&["index.js", "part-1.js"]), true), paths(&[]));
    }
}
