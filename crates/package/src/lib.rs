//! A function's code: built from a package of the cargo workspace, checked, zipped; each package once.

mod cargo;
mod earlier;
pub mod elf;
mod environment;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;

use std::{
    collections::BTreeMap,
    fmt,
    io::{Cursor, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use stackctl_engine::Fault;
use stackctl_stackfile::{
    function::{Architecture, Function},
    names::PackageName,
    stack::Stack,
};
use thiserror::Error;
use tokio::sync::{Mutex, OnceCell};

use self::earlier::Earlier;

/// Lambda takes no larger zip in a request (LAM-15).
const MOST_BYTES: usize = 52_428_800;

/// The code of a stack's functions; each package is built once, when it is first asked for.
#[derive(Debug)]
pub struct Packages(BTreeMap<Recipe, Code>);

/// What a build depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Recipe {
    package: PackageName,
    profile: PackageName,
    arm64: bool,
}

/// The code of one function, built when it is first asked for.
#[derive(Debug, Clone)]
pub struct Code(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    recipe: Recipe,
    /// None: the command needs no code.
    place: Option<Place>,
    /// One cargo at a time: two would wait for each other anyway.
    cargo: Arc<Mutex<()>>,
    zip: OnceCell<Result<Zip, Arc<PackageError>>>,
}

/// Where code is built.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder of stack.yaml, which is that of the cargo workspace or below it.
    pub folder: PathBuf,
    /// Where it is remembered what was built.
    pub cache: PathBuf,
}

/// A function's code as Lambda takes it.
#[derive(Debug, Clone)]
pub struct Zip {
    /// The zip file.
    pub bytes: Vec<u8>,
    /// What Lambda calls `CodeSha256`: base64 of the zip's SHA-256 (LAM-43).
    pub sha256: String,
}

/// Why there is no code.
#[derive(Debug, Error)]
pub enum PackageError {
    /// Cargo could not be started.
    #[error("could not run {program}")]
    NoCargo {
        /// The program.
        program: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Cargo did not understand the workspace.
    #[error("cargo found no workspace in {}:\n{said}", folder.display())]
    NoWorkspace {
        /// Where it looked.
        folder: PathBuf,
        /// Its own words.
        said: String,
    },
    /// The workspace has no such package.
    #[error("the cargo workspace has no package {package}; it has {}", others.join(", "))]
    NoPackage {
        /// The package of stack.yaml.
        package: PackageName,
        /// The packages there are.
        others: Vec<String>,
    },
    /// It is not clear which binary is the function.
    #[error("the package {package} needs one binary, or one of its own name; it has {count}")]
    NoBinary {
        /// The package.
        package: PackageName,
        /// How many binaries it has.
        count: usize,
    },
    /// The machine can't build for this processor.
    #[error("cargo alone can't build {wanted} on {}-{}", std::env::consts::ARCH, std::env::consts::OS)]
    OtherMachine {
        /// The architecture of stack.yaml.
        wanted: &'static str,
    },
    /// The build failed.
    #[error("building the package {package} failed:\n{said}")]
    Failed {
        /// The package.
        package: PackageName,
        /// The end of what cargo said.
        said: String,
    },
    /// The binary could not be read, or not zipped.
    #[error("could not read {}", path.display())]
    Unreadable {
        /// The binary.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The binary would not run on Lambda.
    #[error("{} would not run on Lambda", path.display())]
    Unfit {
        /// The binary.
        path: PathBuf,
        /// Why.
        #[source]
        source: elf::Unfit,
    },
    /// The zip is too large.
    #[error("the zip of {package} has {bytes} bytes; Lambda takes {MOST_BYTES}")]
    TooBig {
        /// The package.
        package: PackageName,
        /// Its size.
        bytes: usize,
    },
    /// The command said that it needs no code and then asked for it.
    #[error("this command builds no code")]
    NotNeeded,
}

impl Fault for PackageError {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            PackageError::NoCargo { .. } => "install Rust: https://rustup.rs",
            PackageError::NoWorkspace { .. } => {
                "stack.yaml stands in the folder of the workspace's Cargo.toml, or below it"
            }
            PackageError::NoPackage { .. } => "`package:` names a package of the workspace",
            PackageError::NoBinary { .. } => "give the package a src/main.rs",
            PackageError::OtherMachine { .. } => {
                "install cargo-lambda, which builds for Lambda on any machine: https://www.cargo-lambda.info"
            }
            PackageError::Unfit { source, .. } => source.hint(),
            PackageError::TooBig { .. } => {
                "build it smaller: strip, opt-level = \"z\", lto = \"fat\" in its profile"
            }
            PackageError::Failed { .. } | PackageError::Unreadable { .. } | PackageError::NotNeeded => {
                return None;
            }
        };
        Some(hint.to_owned())
    }
}

impl Zip {
    /// One executable `bootstrap` (LAM-42); the same binary gives the same bytes.
    ///
    /// # Errors
    /// A binary that no zip can hold.
    pub fn of(binary: &[u8]) -> Result<Zip, std::io::Error> {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o755);
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("bootstrap", options).map_err(std::io::Error::other)?;
        writer.write_all(binary)?;
        let bytes = writer.finish().map_err(std::io::Error::other)?.into_inner();
        Ok(Zip::new(bytes))
    }

    fn new(bytes: Vec<u8>) -> Zip {
        Zip { sha256: BASE64_STANDARD.encode(Sha256::digest(&bytes)), bytes }
    }
}

impl Packages {
    /// The packages of a stack.
    pub fn new(stack: &Stack, place: Place) -> Packages {
        Packages::of(stack, Some(place))
    }

    /// For commands that need no code: asking for it is an error.
    pub fn not_needed(stack: &Stack) -> Packages {
        Packages::of(stack, None)
    }

    fn of(stack: &Stack, place: Option<Place>) -> Packages {
        let cargo = Arc::default();
        let code = |function: &Function| {
            let recipe = Recipe::of(function);
            let inner = Inner {
                recipe: recipe.clone(),
                place: place.clone(),
                cargo: Arc::clone(&cargo),
                zip: OnceCell::new(),
            };
            (recipe, Code(Arc::new(inner)))
        };
        Packages(stack.functions.values().map(code).collect())
    }

    /// The code of a function of the stack.
    pub fn code(&self, function: &Function) -> Code {
        self.0[&Recipe::of(function)].clone()
    }
}

impl Recipe {
    fn of(function: &Function) -> Recipe {
        Recipe {
            package: function.package.clone(),
            profile: function.profile.clone(),
            arm64: function.architecture == Architecture::Arm64,
        }
    }

    fn architecture(&self) -> Architecture {
        if self.arm64 { Architecture::Arm64 } else { Architecture::X86_64 }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recipe { package, profile, arm64 } = self;
        write!(out, "{package} {profile} {}", if *arm64 { "arm64" } else { "x86_64" })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "package {}", self.0.recipe.package)
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
        let Inner { recipe, place, cargo, zip } = &*self.0;
        let built = zip.get_or_init(async || {
            let Place { folder, cache } = place.as_ref().ok_or(PackageError::NotNeeded)?;
            let earlier = Earlier::of(cache, folder, &recipe.to_string());
            let recalling = earlier.clone();
            if let Some(zip) = aside(move || recalling.recall().map(Zip::new)).await {
                return Ok(zip);
            }
            let _alone = cargo.lock().await;
            build(recipe, folder, &earlier).await.map_err(Arc::new)
        });
        built.await.as_ref().map_err(Arc::clone)
    }
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
    elf::check(&bytes, recipe.architecture())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_binary_gives_the_same_zip() {
        let one = Zip::of(b"\x7fELF one").unwrap();
        assert_eq!(one.bytes, Zip::of(b"\x7fELF one").unwrap().bytes);
        assert_ne!(one.sha256, Zip::of(b"\x7fELF two").unwrap().sha256);
        let mut archive = zip::ZipArchive::new(Cursor::new(one.bytes)).unwrap();
        assert_eq!(archive.len(), 1);
        let file = archive.by_index(0).unwrap();
        assert_eq!((&*file.name().unwrap(), file.unix_mode()), ("bootstrap", Some(0o100_755)));
    }
}
