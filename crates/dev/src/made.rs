//! The files that a build writes among the sources: they are no change that asks for another build.

use std::{collections::BTreeSet, path::PathBuf};

/// What builds have written so far.
#[derive(Debug, Default)]
pub struct Made {
    /// Whether the first build ended.
    begun: bool,
    known: BTreeSet<PathBuf>,
    last: BTreeSet<PathBuf>,
}

impl Made {
    /// Takes the paths that changed during a build, and returns those that the user may have saved. What changed in the
    /// folders of the projects during the first build is what it wrote.
    ///
    /// A path that changed during two builds, of which the second one made the `same_code` as the first, is written by
    /// the build: otherwise a build that writes among its sources would never end.
    pub fn after_build(
        &mut self,
        changed: BTreeSet<PathBuf>,
        projects: &[PathBuf],
        same_code: bool,
    ) -> BTreeSet<PathBuf> {
        if !std::mem::replace(&mut self.begun, true) {
            let in_project = |it: &&PathBuf| projects.iter().any(|project| it.starts_with(project));
            self.known = changed.iter().filter(in_project).cloned().collect();
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
        let mut after = |changed: &[&str], same| made.after_build(paths(changed), &["app".into()], same);
        assert_eq!(after(&["app/index.js", "log.txt"], false), paths(&["log.txt"]));
        assert_eq!(after(&["app/index.js", "log.txt"], true), paths(&[]));
        // The user saves while it builds, and the next build has another file.
        let saved = after(&["app/index.js", "app/index.ts", "log.txt"], false);
        assert_eq!(saved, paths(&["app/index.ts"]));
        assert_eq!(after(&["app/index.js", "app/part-1.js", "log.txt"], false), paths(&["app/part-1.js"]));
        assert_eq!(after(&["app/index.js", "app/part-1.js", "log.txt"], true), paths(&[]));
    }
}
