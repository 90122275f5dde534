//! What the code of a stack's functions needs, checked before anything is created.

use std::{
    collections::BTreeMap,
    env,
    error::Error as _,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use stackctl_reproducible::cargo_home;
use stackctl_stackfile::{
    Problem, did_you_mean,
    function::{Architecture, Builtin, Bundle, Language},
    names::{LogicalName, PackageName},
    problem_at,
    stack::Stack,
};

use crate::{
    bundle,
    cargo::{self, Workspace},
    earlier::Earlier,
    error::PackageError,
    origin::{Origin, Recipe},
    place::CodePlace,
};

/// The text of a stack's file, and the environment that was chosen.
#[derive(Debug, Clone, Copy)]
pub struct FileText<'a> {
    /// The text.
    pub text: &'a str,
    /// The environment.
    pub environment: Option<&'a str>,
}

/// What a function's code needs and this machine, the workspace or the program does not have: all of it, at its places in
/// the file. Nothing is built and no request is sent. A build whose inputs have not changed needs nothing.
pub async fn missing(stack: &Stack, place: &CodePlace, file: FileText<'_>) -> Vec<Problem> {
    let mut missing = Missing { file, problems: Vec::new() };
    let mut builds = Vec::new();
    for (name, function) in &stack.functions {
        match Origin::of(function) {
            Origin::Builtin { builtin, architecture } => {
                missing.check_builtin(name, builtin, architecture, place);
            }
            Origin::Bundle { bundle, architecture } => {
                missing.check_bundle(name, &bundle, architecture, place);
            }
            Origin::Package(recipe) => {
                let earlier = Earlier::of(&place.cache, &place.folder, &recipe.to_string());
                if earlier.recall().is_none() {
                    builds.push((name, recipe));
                }
            }
        }
    }
    if !builds.is_empty() {
        missing.check_builds(&builds, &place.folder).await;
    }
    missing.problems.sort_by_key(|it| it.span);
    missing.problems
}

/// Collects the problems.
struct Missing<'a> {
    file: FileText<'a>,
    problems: Vec<Problem>,
}

impl Missing<'_> {
    fn tell(&mut self, function: &LogicalName, key: &str, [title, label, help]: [String; 3]) {
        let FileText { text, environment } = self.file;
        let path = ["functions", function.as_str(), key];
        let problem = problem_at(text, environment, &path, title, label);
        self.problems.push(Problem { help: Some(help), ..problem });
    }

    fn check_builtin(
        &mut self,
        name: &LogicalName,
        builtin: Builtin,
        architecture: Architecture,
        place: &CodePlace,
    ) {
        if (place.builtins)(builtin, architecture).is_some() {
            return;
        }
        let title = format!("no {builtin} for {architecture}");
        let label = "this stackctl was built without it".to_owned();
        let others = Architecture::ALL.iter().find(|it| (place.builtins)(builtin, **it).is_some());
        let help = match others {
            Some(other) => format!("write `architecture: {other}`"),
            None => "use a released stackctl, which has its functions for x86_64".to_owned(),
        };
        self.tell(name, "architecture", [title, label, help]);
    }

    /// Checks code that no build makes; and, for the local cloud, the program that runs it.
    fn check_bundle(
        &mut self,
        name: &LogicalName,
        bundle: &Bundle,
        architecture: Architecture,
        place: &CodePlace,
    ) {
        let found = match bundle.build {
            Some(_) => None,
            None => bundle::find(bundle, architecture, &place.folder, false).err(),
        };
        if let Some(error) = found {
            let label = match error.source() {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            };
            let help = error.hint().unwrap_or_else(|| "make it readable".to_owned());
            self.tell(name, error.key(), [format!("no usable code in {}", bundle.path), label, help]);
        }
        // The emulator runs Python functions with its own Python.
        if place.local && bundle.runtime.language() == Language::Node && !is_on_path("node") {
            let title = format!("no Node.js for {}", bundle.runtime);
            let label = "the local cloud runs it with this machine's `node`, which is not on PATH".to_owned();
            let help = "install Node.js (https://nodejs.org), then start the local cloud again: `stackctl local down`, \
                        `stackctl local up`";
            self.tell(name, "runtime", [title, label, help.to_owned()]);
        }
    }

    async fn check_builds(&mut self, builds: &[(&LogicalName, Recipe)], folder: &Path) {
        let workspace = match Workspace::read(folder).await {
            Ok(workspace) => workspace,
            Err(error) => {
                // It is the same for all functions, so it is shown once.
                let (name, recipe) =
                    builds.iter().find(|(_, it)| is_builtin(&it.package)).unwrap_or(&builds[0]);
                return self.tell(name, "package", no_workspace(&error, &recipe.package, folder));
            }
        };
        let mut profiles: BTreeMap<&PackageName, bool> = BTreeMap::new();
        let mut has_cargo_lambda = None;
        for (name, recipe) in builds {
            if let Err(error) = workspace.binary(&recipe.package) {
                self.tell(name, "package", no_package(&error, &recipe.package));
            }
            if !profiles.contains_key(&recipe.profile) {
                profiles.insert(&recipe.profile, workspace.has_profile(&recipe.profile, folder).await);
            }
            if profiles.get(&recipe.profile) == Some(&false) {
                self.tell(name, "profile", no_profile(&recipe.profile));
            }
            let Some((key, message)) = no_tools(recipe, folder) else { continue };
            if has_cargo_lambda.is_none() {
                has_cargo_lambda = Some(cargo::has_cargo_lambda(folder).await);
            }
            if has_cargo_lambda == Some(false) {
                self.tell(name, key, message);
            }
        }
    }
}

/// A title, a label and a way out.
type Message = [String; 3];

fn is_builtin(package: &PackageName) -> bool {
    package.as_str().parse::<Builtin>().is_ok()
}

/// The way out that begins with the function inside the program, where it is the wanted one.
fn or_builtin(package: &PackageName, other: &str) -> String {
    if is_builtin(package) {
        format!(
            "write `builtin: {package}` in place of `package` and `profile`: it needs no Rust; or {other}"
        )
    } else {
        other.to_owned()
    }
}

fn no_workspace(error: &PackageError, package: &PackageName, folder: &Path) -> Message {
    let PackageError::NoWorkspace { said, .. } = error else {
        let label = "building a package needs cargo, which could not be run".to_owned();
        let help = or_builtin(package, "install Rust: https://rustup.rs");
        return ["no cargo".to_owned(), label, help];
    };
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if folder.ancestors().all(|it| !it.join("Cargo.toml").exists()) {
        let label = format!("there is no Cargo.toml in {} or above it", folder.display());
        let other = "move stack.yaml into the folder of the package's workspace";
        return ["no cargo workspace".to_owned(), label, or_builtin(package, other)];
    }
    let said = said.lines().find_map(|it| it.strip_prefix("error: "));
    let label = said.unwrap_or("cargo could not read the workspace").to_owned();
    let help = "`cargo metadata` in this folder says more".to_owned();
    ["no cargo workspace".to_owned(), label, help]
}

fn no_package(error: &PackageError, package: &PackageName) -> Message {
    let PackageError::NoPackage { others, .. } = error else {
        let title = format!("no function in the package {package}");
        return [title, error.to_string(), "give the package a src/main.rs".to_owned()];
    };
    let label = "the cargo workspace has no package of this name".to_owned();
    let other = did_you_mean(package.as_str(), others.iter().map(String::as_str))
        .unwrap_or_else(|| format!("name one of its packages: {}", others.join(", ")));
    [format!("unknown package {package}"), label, or_builtin(package, &other)]
}

fn no_profile(profile: &PackageName) -> Message {
    let label = format!("Cargo.toml of the workspace has no `[profile.{profile}]`");
    let help = format!("take `profile` away, or add `[profile.{profile}]` with `inherits = \"release\"`");
    [format!("unknown profile {profile}"), label, help]
}

/// What cargo alone can't do for a package on this machine, and the key that asks for it.
fn no_tools(recipe: &Recipe, folder: &Path) -> Option<(&'static str, Message)> {
    if let Some(error) = cargo::other_machine(recipe) {
        let lambda = "install cargo-lambda: https://www.cargo-lambda.info";
        let title = format!("no build for {}", recipe.architecture);
        return Some(("architecture", [title, error.to_string(), or_builtin(&recipe.package, lambda)]));
    }
    if has_linker(folder) {
        return None;
    }
    let label = "building a package needs the linker `cc`, which is not on PATH".to_owned();
    let help = or_builtin(&recipe.package, "install a C compiler, such as gcc");
    Some(("package", ["no linker".to_owned(), label, help]))
}

/// Whether a folder of PATH has a program.
fn is_on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|it| it.join(program).is_file())
}

/// Whether rustc finds a linker: `cc`, or one that cargo's configuration names.
fn has_linker(folder: &Path) -> bool {
    if is_on_path("cc") {
        return true;
    }
    let named = |(name, _): (OsString, _)| {
        let name = name.to_string_lossy().into_owned();
        name.starts_with("CARGO_TARGET_") && name.ends_with("_LINKER")
    };
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let folders = folder.ancestors().map(|it| it.join(".cargo")).chain(cargo_home());
    let files: Vec<_> = folders.flat_map(|it| ["config.toml", "config"].map(|name| it.join(name))).collect();
    let configured = |file: &PathBuf| {
        fs::read_to_string(file).is_ok_and(|it| it.contains("linker") || it.contains("rustflags"))
    };
    env::vars_os().any(named) || files.iter().any(configured)
}
