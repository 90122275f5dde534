//! A function's code: built from a package of the cargo workspace, checked and zipped, each package once; a folder or a zip
//! file in another language; or a function inside the program.

mod bundle;
mod cargo;
mod earlier;
pub mod elf;
mod environment;
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod group;
mod needs;
mod origin;
mod place;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use stackctl_reproducible::MOST_BYTES;
pub use stackctl_reproducible::Zip;
use stackctl_stackfile::{
    function::{Architecture, Builtin, Bundle, Function, ShellCommand},
    stack::Stack,
};
use tokio::sync::{Mutex, OnceCell};

pub use self::{
    bundle::build::project as project_folder,
    bundle::error::BundleError,
    cargo::workspace_root,
    environment::credentials,
    error::PackageError,
    needs::{FileText, missing},
    place::{Builtins, CodePlace},
};
use self::{
    earlier::Earlier,
    origin::{Origin, Recipe},
};

/// The code of a stack's functions; each package is built once, when it is first asked for.
#[derive(Debug)]
pub struct Packages(BTreeMap<Origin, Code>);

/// The code of one function, built when it is first asked for.
#[derive(Debug, Clone)]
pub struct Code(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origin: Origin,
    /// None: the command needs no code.
    place: Option<CodePlace>,
    /// One build at a time: two of cargo would wait for each other anyway, and two of a project may write the same files.
    builds: Arc<Mutex<Builds>>,
    zip: OnceCell<Result<Zip, Arc<PackageError>>>,
}

/// The commands that have made code ready in this run, each with the folder of its project: several functions may have
/// one.
type Builds = BTreeSet<(PathBuf, ShellCommand)>;

impl Packages {
    /// The packages of a stack.
    pub fn new(stack: &Stack, place: CodePlace) -> Packages {
        Packages::of(stack, Some(place))
    }

    /// For commands that need no code: asking for it is an error.
    pub fn not_needed(stack: &Stack) -> Packages {
        Packages::of(stack, None)
    }

    fn of(stack: &Stack, place: Option<CodePlace>) -> Packages {
        let builds = Arc::default();
        let code = |function: &Function| {
            let origin = Origin::of(function);
            let inner = Inner {
                origin: origin.clone(),
                place: place.clone(),
                builds: Arc::clone(&builds),
                zip: OnceCell::new(),
            };
            (origin, Code(Arc::new(inner)))
        };
        Packages(stack.functions.values().map(code).collect())
    }

    /// The code of a function of the stack.
    pub fn code(&self, function: &Function) -> Code {
        self.0[&Origin::of(function)].clone()
    }

    /// The code of all functions.
    pub fn all(&self) -> Vec<Code> {
        self.0.values().cloned().collect()
    }

    /// The codes of folders and zip files, which a command of the file may make.
    pub fn bundles(&self) -> Vec<Code> {
        let is_bundle = |origin: &Origin| matches!(origin, Origin::Bundle { .. });
        self.0.iter().filter(|(origin, _)| is_bundle(origin)).map(|(_, code)| code.clone()).collect()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.origin.fmt(out)
    }
}

impl Code {
    /// The zip, if it was asked for before.
    pub fn ready(&self) -> Option<&Zip> {
        self.0.zip.get()?.as_ref().ok()
    }

    /// The zip, built now if it was not yet.
    ///
    /// # Errors
    /// Why it could not be built; the same for everybody who asks.
    pub async fn zip(&self) -> Result<&Zip, Arc<PackageError>> {
        let Inner { origin, place, builds, zip } = &*self.0;
        let made = zip.get_or_init(async || {
            let CodePlace { folder, cache, builtins, local: _ } =
                place.as_ref().ok_or(PackageError::NotNeeded)?;
            let recipe = match origin {
                Origin::Package(recipe) => recipe,
                Origin::Builtin { builtin, architecture } => {
                    return Ok(inside(*builtin, *architecture, *builtins)?);
                }
                Origin::Bundle { bundle, architecture } => {
                    let made = bundled(bundle, *architecture, folder, builds).await;
                    let failed = |source| PackageError::Bundle { path: bundle.path.clone(), source };
                    return Ok(made.map_err(failed)?);
                }
            };
            let earlier = Earlier::of(cache, folder, &recipe.to_string());
            let recalling = earlier.clone();
            if let Some(zip) = aside(move || recalling.recall().map(Zip::new)).await {
                return Ok(zip);
            }
            let _alone = builds.lock().await;
            build(recipe, folder, &earlier).await.map_err(Arc::new)
        });
        made.await.as_ref().map_err(Arc::clone)
    }
}

/// The code of a function inside the program.
fn inside(builtin: Builtin, architecture: Architecture, builtins: Builtins) -> Result<Zip, PackageError> {
    let zip = builtins(builtin, architecture);
    zip.map(|it| Zip::new(it.to_owned())).ok_or(PackageError::NoBuiltin { builtin, architecture })
}

/// The code of a folder or a zip file, after its build.
async fn bundled(
    bundle: &Bundle,
    architecture: Architecture,
    folder: &Path,
    builds: &Mutex<Builds>,
) -> Result<Zip, BundleError> {
    let mut done = builds.lock().await;
    if let Some(command) = &bundle.build {
        let project = bundle::build::project(bundle, folder);
        let build = (project.clone(), command.clone());
        if !done.contains(&build) {
            bundle::build::run(command, &project).await?;
            done.insert(build);
        }
    }
    let (bundle, folder) = (bundle.clone(), folder.to_owned());
    // The next build may replace the files, so the lock is kept until they are read.
    aside(move || {
        let built = bundle.build.is_some();
        bundle::find(&bundle, architecture, &folder, built)?.zip(&bundle)
    })
    .await
}

/// Does the work beside the thread that sends requests, which has better things to do.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

async fn build(recipe: &Recipe, folder: &Path, earlier: &Earlier) -> Result<Zip, PackageError> {
    let began = SystemTime::now();
    let (path, origins) = cargo::build(recipe, folder).await?;
    let bytes = tokio::fs::read(&path).await;
    let bytes = bytes.map_err(|source| PackageError::Unreadable { path: path.clone(), source })?;
    elf::check(&bytes, recipe.architecture)
        .map_err(|source| PackageError::Unfit { path: path.clone(), source })?;
    let zip = aside(move || Zip::of(&bytes)).await;
    let zip = zip.map_err(|source| PackageError::Unreadable { path, source })?;
    if zip.bytes.len() > MOST_BYTES {
        return Err(PackageError::TooBig { package: recipe.package.clone(), bytes: zip.bytes.len() });
    }
    if let Some(origins) = origins {
        // The next run is slower without it, and nothing else.
        let _ = earlier.remember(folder, &origins, began, &zip.bytes);
    }
    Ok(zip)
}
