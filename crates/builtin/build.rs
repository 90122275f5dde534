//! Compiles the functions inside stackctl, `lambda/presign` and `lambda/webhook`, with the profile `lambda`, for each
//! architecture.
//!
//! Linux builds the function of its own architecture, and of the other one where rustup's target and a cross linker are
//! installed (`rustup target add aarch64-unknown-linux-gnu`, `apt install gcc-aarch64-linux-gnu`). The zips are also in
//! `target/stackctl/`, under the names below.
//!
//! `STACKCTL_BUILTIN_DIR` names a folder with zips that another machine built: `presign-x86_64.zip` and
//! `webhook-x86_64.zip`, and those for arm64 if there are any. Nothing is compiled then. A release for macOS or Windows
//! needs it, because neither can build for Lambda. Without it, stackctl has no functions there.
//!
//! The compiler's working folder, flags and settings are always the same, so the bytes are the same in each folder, from
//! each command (`build`, `clippy`, `install`), and when stackctl itself builds the package.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use stackctl_reproducible::{Zip, cargo_home, flags};

/// The functions: their cargo package, and their variant of `Builtin`.
const FUNCTIONS: [(&str, &str); 2] = [("presign", "Presign"), ("webhook", "Webhook")];

/// An architecture: as stack.yaml writes it, its variant of `Architecture`, its target, and its cross linker.
struct Architecture {
    word: &'static str,
    variant: &'static str,
    target: &'static str,
    linker: &'static str,
}

const ARCHITECTURES: [Architecture; 2] = [
    Architecture {
        word: "x86_64",
        variant: "X86_64",
        target: "x86_64-unknown-linux-gnu",
        linker: "x86_64-linux-gnu-gcc",
    },
    Architecture {
        word: "arm64",
        variant: "Arm64",
        target: "aarch64-unknown-linux-gnu",
        linker: "aarch64-linux-gnu-gcc",
    },
];

const READY: &str = "STACKCTL_BUILTIN_DIR";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={READY}");
    if let Err(error) = write() {
        for line in error.lines() {
            println!("cargo::error={line}");
        }
    }
}

/// Writes the list of functions that the crate includes.
fn write() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo set no OUT_DIR")?);
    let ready = env::var_os(READY).filter(|it| !it.is_empty()).map(PathBuf::from);
    let mut list = String::new();
    for (package, builtin) in FUNCTIONS {
        for architecture in ARCHITECTURES {
            let zip = match &ready {
                Some(folder) => read(folder, package, &architecture)?,
                None => build(&out, package, &architecture)?,
            };
            let Some(zip) = zip else { continue };
            let name = file_name(package, &architecture);
            fs::write(out.join(&name), &zip.bytes).map_err(told(&name))?;
            let Architecture { variant, .. } = architecture;
            let sha256 = zip.sha256;
            list += &format!(
                "BuiltinFunction {{ builtin: Builtin::{builtin}, architecture: Architecture::{variant}, \
                 zip: include_bytes!({:?}), sha256: {sha256:?} }},\n",
                out.join(&name)
            );
        }
    }
    fs::write(out.join("functions.rs"), format!("&[\n{list}]\n")).map_err(told("functions.rs"))
}

fn file_name(package: &str, architecture: &Architecture) -> String {
    format!("{package}-{}.zip", architecture.word)
}

fn told(what: &str) -> impl Fn(io::Error) -> String {
    move |error| format!("{what}: {error}")
}

/// Reads a zip that another machine built; the one for arm64 may be missing.
fn read(folder: &Path, package: &str, architecture: &Architecture) -> Result<Option<Zip>, String> {
    let path = folder.join(file_name(package, architecture));
    println!("cargo::rerun-if-changed={}", path.display());
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(Zip::new(bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && architecture.word != "x86_64" => Ok(None),
        Err(error) => Err(format!("{READY}: {}: {error}", path.display())),
    }
}

/// Builds and zips a function, where this machine can.
fn build(out: &Path, package: &str, architecture: &Architecture) -> Result<Option<Zip>, String> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo set no CARGO_MANIFEST_DIR")?);
    let root = manifest.ancestors().nth(2).ok_or("the crate is not in its workspace")?;
    let source = root.join("lambda").join(package);
    let inputs =
        [source.join("src"), source.join("Cargo.toml"), root.join("Cargo.toml"), root.join("Cargo.lock")];
    for input in inputs {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    let Some(cross) = cross(architecture) else {
        if architecture.word == "x86_64" {
            println!(
                "cargo::warning=stackctl will not have the function {package}: this machine can't build for {}; \
                 {READY} can name a folder with zips",
                architecture.target
            );
        }
        return Ok(None);
    };
    // target/PROFILE/build/CRATE/out. Cargo holds the lock of the folder that it builds in, so it can't be that one.
    let target = out.ancestors().nth(4).ok_or("cargo's OUT_DIR is too short")?.join("stackctl");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([
        "build",
        "--locked",
        "--quiet",
        "--profile",
        "lambda",
        "--package",
        package,
        "--bin",
        package,
    ]);
    cargo.arg("--target-dir").arg(&target).current_dir(root).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(changes_the_build) {
            cargo.env_remove(name);
        }
    }
    // They take the place of all flags of the environment and of cargo's configuration.
    let flags = cargo_home().map(|it| flags(&it)).unwrap_or_default();
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let mut folder = target.clone();
    if let Cross::Cross = cross {
        let linker = linker_variable(architecture);
        if env::var_os(&linker).is_none() {
            cargo.env(linker, architecture.linker);
        }
        cargo.args(["--target", architecture.target]);
        folder.push(architecture.target);
    }
    let output = cargo.output().map_err(told("cargo"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo could not build {package} for {}:\n{}",
            architecture.target,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let executable = folder.join("lambda").join(package);
    let zip = Zip::of(&fs::read(&executable).map_err(told(&executable.display().to_string()))?);
    let zip = zip.map_err(told(package))?;
    let shared = target.join(file_name(package, architecture));
    // Another build may do the same now.
    let new = shared.with_extension(format!("{}.new", std::process::id()));
    fs::write(&new, &zip.bytes).and_then(|()| fs::rename(&new, &shared)).map_err(told("target/stackctl"))?;
    Ok(Some(zip))
}

/// How a machine builds for an architecture.
enum Cross {
    /// It is the machine's own. Naming the target would give other bytes.
    Native,
    /// With a target of rustup's and a linker.
    Cross,
}

/// How this machine builds for an architecture, if it can.
fn cross(architecture: &Architecture) -> Option<Cross> {
    let host = env::var("HOST").ok()?;
    if host == architecture.target {
        return Some(Cross::Native);
    }
    if !host.contains("-linux-") {
        return None;
    }
    let rustc = env::var_os("RUSTC")?;
    let said = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", architecture.target])
        .output()
        .ok()?;
    let is_installed = Path::new(String::from_utf8(said.stdout).ok()?.trim()).is_dir();
    let variable = linker_variable(architecture);
    println!("cargo::rerun-if-env-changed={variable}");
    let path = env::var_os("PATH").unwrap_or_default();
    let has_linker = env::var_os(variable).is_some()
        || env::split_paths(&path).any(|folder| folder.join(architecture.linker).is_file());
    (is_installed && has_linker).then_some(Cross::Cross)
}

fn linker_variable(architecture: &Architecture) -> String {
    format!("CARGO_TARGET_{}_LINKER", architecture.target.to_uppercase().replace('-', "_"))
}

/// Whether a variable of cargo's changes what a nested cargo builds. The outer cargo sets some for its build scripts, and
/// the user's own are for stackctl.
fn changes_the_build(name: &str) -> bool {
    const EXACT: [&str; 6] = [
        "RUSTC",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTFLAGS",
        "CARGO_INCREMENTAL",
        "CARGO_TARGET_DIR",
        "CARGO_MANIFEST_DIR",
    ];
    EXACT.contains(&name)
        || ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_UNSTABLE_"].iter().any(|it| name.starts_with(it))
}
