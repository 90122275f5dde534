//! The code of a stack while it is developed: built again when its sources change.

use std::{collections::BTreeSet, path::PathBuf};

use stackctl_dev::{made::Made, watch::Watch};
use stackctl_package::Packages;
use stackctl_stackfile::function::Source;

use crate::{error::Error, stack_file::StackFile};

/// The file's text and the digest of each function's code: what is equal in this needs no apply.
pub type Fingerprint = (String, Vec<String>);

/// The builds so far.
#[derive(Default)]
pub struct Builds {
    made: Made,
    latest: Option<Vec<String>>,
}

/// The end of a build.
pub enum Built {
    /// The code is built.
    Code(Fingerprint),
    /// Sources changed since it began.
    Superseded,
}

impl Builds {
    /// Builds all code of a stack. A change of its sources ends the build, unless a command of the file builds: it may write
    /// among them, so only its end tells.
    ///
    /// # Errors
    /// A build that fails, and the system's errors.
    pub async fn build(
        &mut self,
        file: &StackFile,
        packages: &Packages,
        watch: &mut Watch,
    ) -> Result<Built, Error> {
        let written = folders_of_commands(file);
        let code = packages.all();
        let building = async {
            let mut digests = Vec::new();
            for code in &code {
                digests.push(code.zip().await.map_err(Error::Code)?.sha256.clone());
            }
            Ok(digests)
        };
        let mut building = std::pin::pin!(building);
        let mut changed = BTreeSet::new();
        let built: Result<Vec<String>, Error> = loop {
            tokio::select! {
                biased;
                built = &mut building => break built,
                more = watch.changed() => {
                    changed.extend(more.map_err(Error::Watch)?);
                    if written.is_empty() {
                        return Ok(Built::Superseded);
                    }
                }
            }
        };
        if !written.is_empty() {
            changed.extend(watch.settled().await.map_err(Error::Watch)?);
            let same = built.as_ref().is_ok_and(|it| self.latest.as_ref() == Some(it));
            if !self.made.after_build(changed, &written, same).is_empty() {
                self.latest = built.ok();
                return Ok(Built::Superseded);
            }
        }
        let digests = built?;
        self.latest = Some(digests.clone());
        Ok(Built::Code((file.text().to_owned(), digests)))
    }
}

/// The folders in which commands of the file make code.
fn folders_of_commands(file: &StackFile) -> Vec<PathBuf> {
    let folder = file.folder.canonicalize().unwrap_or_else(|_| file.folder.clone());
    let sources = file.stack.functions.values().map(|it| &it.source);
    let bundles = sources.filter_map(|source| match source {
        Source::Code(bundle) => bundle.build.as_ref().map(|_| bundle),
        Source::Package { .. } | Source::Builtin(_) => None,
    });
    bundles.map(|it| stackctl_package::project_folder(it, &folder)).collect()
}
