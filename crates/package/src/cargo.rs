//! Building a package with cargo, or with cargo-lambda where that is installed.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use stackctl_reproducible::{cargo_home, flags};
use stackctl_stackfile::names::PackageName;
use tokio::process::Command;

use super::{earlier::Origins, environment, error::PackageError, group, origin::Recipe};

/// Builds a package of the workspace at or above `folder`; returns the executable, and the file that lists its inputs.
///
/// # Errors
/// Cargo's.
pub async fn build(recipe: &Recipe, folder: &Path) -> Result<(PathBuf, Option<Origins>), PackageError> {
    let workspace = Workspace::read(folder).await?;
    let binary = workspace.binary(&recipe.package)?;
    let (path, dep_info) = if has_cargo_lambda(folder).await {
        with_cargo_lambda(recipe, folder, &workspace, &binary).await?
    } else {
        with_cargo(recipe, folder, &workspace.target_directory, &binary).await?
    };
    Ok((path.clone(), workspace.origins(path, dep_info)))
}

/// What cargo says of a workspace.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Workspace {
    /// Reads the workspace at or above a folder, offline.
    ///
    /// # Errors
    /// Cargo's.
    pub async fn read(folder: &Path) -> Result<Workspace, PackageError> {
        let mut cargo = Command::new("cargo");
        cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
        let (said, output) = run(cargo, folder).await?;
        let no_workspace = |said| PackageError::NoWorkspace { folder: folder.to_owned(), said };
        let output = output.ok_or_else(|| no_workspace(said))?;
        serde_json::from_slice(&output).map_err(|error| no_workspace(error.to_string()))
    }

    /// Whether cargo knows a profile, from Cargo.toml, its configuration or the environment.
    pub async fn has_profile(&self, profile: &PackageName, folder: &Path) -> bool {
        if ["release", "dev"].contains(&profile.as_str()) {
            return true;
        }
        // The quickest command that reads profiles. It deletes nothing, and would find nothing to delete.
        let mut cargo = Command::new("cargo");
        cargo.args(["clean", "--dry-run", "--offline", "--profile", profile.as_str()]);
        cargo.arg("--target-dir").arg(self.target_directory.join("stackctl").join("none"));
        match run(cargo, folder).await {
            Ok((said, None)) => !said.contains("is not defined"),
            Ok((_, Some(_))) | Err(_) => true,
        }
    }

    /// The inputs of the build; none when build scripts run, which may depend on anything.
    fn origins(&self, binary: PathBuf, dep_info: PathBuf) -> Option<Origins> {
        let mut kinds = self.packages.iter().flat_map(|it| &it.targets).flat_map(|it| &it.kind);
        let manifests = self.packages.iter().map(|it| it.manifest_path.clone()).collect();
        let origins = Origins { binary, dep_info, root: self.workspace_root.clone(), manifests };
        (!kinds.any(|it| it == "custom-build")).then_some(origins)
    }

    /// The name of the binary that is the function.
    ///
    /// # Errors
    /// A package that is not there, or whose binary is not clear.
    pub fn binary(&self, package: &PackageName) -> Result<String, PackageError> {
        let is_binary = |target: &&Target| target.kind.iter().any(|kind| kind == "bin");
        let Some(found) = self.packages.iter().find(|it| it.name == package.as_str()) else {
            let others = self.packages.iter().filter(|it| it.targets.iter().any(|it| is_binary(&it)));
            let others = others.map(|it| it.name.clone()).collect();
            return Err(PackageError::NoPackage { package: package.clone(), others });
        };
        let binaries: Vec<&Target> = found.targets.iter().filter(is_binary).collect();
        let of_its_name = binaries.iter().find(|it| it.name == found.name);
        match (of_its_name, binaries.as_slice()) {
            (Some(one), _) | (None, [one]) => Ok(one.name.clone()),
            (None, several) => Err(PackageError::NoBinary { package: package.clone(), count: several.len() }),
        }
    }
}

/// The folder of the workspace at or above a folder, if cargo finds one.
pub async fn workspace_root(folder: &Path) -> Option<PathBuf> {
    Workspace::read(folder).await.ok().map(|it| it.workspace_root)
}

/// Whether cargo-lambda is installed.
pub async fn has_cargo_lambda(folder: &Path) -> bool {
    let mut cargo = Command::new("cargo");
    cargo.args(["lambda", "--version"]);
    matches!(run(cargo, folder).await, Ok((_, Some(_))))
}

async fn with_cargo_lambda(
    recipe: &Recipe,
    folder: &Path,
    Workspace { packages: _, target_directory: target, workspace_root }: &Workspace,
    binary: &str,
) -> Result<(PathBuf, PathBuf), PackageError> {
    let lambda_folder = target.join("lambda");
    let mut cargo = Command::new("cargo");
    cargo.args(["lambda", "build", "--package", recipe.package.as_str(), "--bin", binary]);
    cargo.args([
        "--profile",
        recipe.profile.as_str(),
        if recipe.is_arm64() { "--arm64" } else { "--x86-64" },
    ]);
    // Unlike cargo, it looks for the manifest in the folder alone.
    cargo.arg("--manifest-path").arg(workspace_root.join("Cargo.toml"));
    cargo.arg("--lambda-dir").arg(&lambda_folder).env("CARGO_TARGET_DIR", target);
    match run(cargo, folder).await? {
        (_, Some(_)) => {
            let triple =
                if recipe.is_arm64() { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };
            // Cargo's own name for the folder of one profile is another.
            let profile = recipe.profile.as_str();
            let profile = if profile == "dev" { "debug" } else { profile };
            let dep_info = target.join(triple).join(profile).join(binary).with_extension("d");
            Ok((lambda_folder.join(binary).join("bootstrap"), dep_info))
        }
        (said, None) => Err(PackageError::Failed { package: recipe.package.clone(), said }),
    }
}

/// Why cargo alone can't build on this machine, if it can't: the functions' processor or system is another.
pub fn other_machine(recipe: &Recipe) -> Option<PackageError> {
    let (wanted, rust) = if recipe.is_arm64() { ("arm64", "aarch64") } else { ("x86_64", "x86_64") };
    let is_other = std::env::consts::ARCH != rust || std::env::consts::OS != "linux";
    is_other.then_some(PackageError::OtherMachine { wanted })
}

/// Builds with cargo alone; returns the executable, and where cargo says what that was made from.
///
/// The build has flags of its own, and therefore a folder of its own: in that of the user's builds, each of the two would
/// build again what the other built.
async fn with_cargo(
    recipe: &Recipe,
    folder: &Path,
    target: &Path,
    binary: &str,
) -> Result<(PathBuf, PathBuf), PackageError> {
    if let Some(error) = other_machine(recipe) {
        return Err(error);
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--package", recipe.package.as_str(), "--bin", binary]);
    cargo.args(["--profile", recipe.profile.as_str(), "--message-format", "json-render-diagnostics"]);
    cargo.arg("--target-dir").arg(target.join("stackctl"));
    let flags = cargo_home().map(|it| flags(&it)).unwrap_or_default();
    cargo.arg("--config").arg(format!("build.rustflags={flags:?}"));
    let failed = |said| PackageError::Failed { package: recipe.package.clone(), said };
    let (said, output) = run(cargo, folder).await?;
    let output = output.ok_or_else(|| failed(said))?;
    let path = output.split(|byte| *byte == b'\n').rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_slice(line).ok()?;
        let is_ours = message["target"]["name"] == binary;
        message["executable"].as_str().filter(|_| is_ours).map(PathBuf::from)
    });
    let path = path.ok_or_else(|| failed("cargo named no executable".to_owned()))?;
    let dep_info = path.with_extension("d");
    Ok((path, dep_info))
}

/// Runs cargo; returns the end of what it said, and its output when it succeeded.
async fn run(mut cargo: Command, folder: &Path) -> Result<(String, Option<Vec<u8>>), PackageError> {
    const LAST_LINES: usize = 60;
    cargo.current_dir(folder);
    for name in environment::credentials() {
        cargo.env_remove(name);
    }
    let output = group::output(&mut cargo).await;
    let output = output.map_err(|source| PackageError::NoCargo { program: "cargo", source })?;
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().collect();
    let said = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
    Ok((said, output.status.success().then_some(output.stdout)))
}
