//! Where a function's code comes from.

use serde_json::{Value as Json, json};

use crate::{
    read::{
        choice::choice,
        reader::{Read, Reader},
        record::{Field, Group, absent},
    },
    text::{
        problem::Problem,
        yaml::{Entry, Node, Value},
    },
    values::names::PackageName,
};

/// Where a function's code comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A package of the cargo workspace, which stackctl builds.
    Package {
        /// The package, whose binary is the function.
        package: PackageName,
        /// The cargo profile it is built with.
        profile: PackageName,
    },
    /// A function that is inside stackctl, compiled ahead.
    Builtin(Builtin),
}

choice! {
    "a built-in function";
    /// A function that is inside stackctl.
    pub enum Builtin {
        /// Signs URLs for uploads, downloads, lists and deletes of the caller's own files.
        Presign = "presign",
    }
}

/// The keys of a function that name its code; one of them is needed.
const SOURCES: [&str; 2] = ["package", "builtin"];

const PROFILE: &str = "release";

impl Group for Source {
    fn fields() -> Vec<Field> {
        let field = |key, doc, default, schema| Field { key, doc, default, schema, required: || false };
        vec![
            field(
                "package",
                "The cargo package of this workspace whose binary is the function. A function has either \
                 `package` or `builtin`.",
                None,
                <PackageName as Read>::schema,
            ),
            field(
                "builtin",
                "The function inside stackctl that this function is: it needs no build and no Rust.",
                None,
                <Builtin as Read>::schema,
            ),
            field(
                "profile",
                "The cargo profile that `package` is built with. Default: `release`.",
                Some(PROFILE),
                <PackageName as Read>::schema,
            ),
        ]
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Source> {
        let package = node.entry("package");
        let builtin = node.entry("builtin");
        let profile = node.entry("profile");
        match (package, builtin) {
            (Some(package), None) => {
                let package = <PackageName as Read>::read(&package.value, reader);
                let profile = match profile {
                    Some(profile) => <PackageName as Read>::read(&profile.value, reader),
                    None => absent::<PackageName>(Some(PROFILE)),
                };
                Some(Source::Package { package: package?, profile: profile? })
            }
            (None, Some(builtin)) => {
                let builtin = <Builtin as Read>::read(&builtin.value, reader);
                if let Some(profile) = profile {
                    reader.tell(
                        Problem::new(
                            profile.key_span,
                            "`profile` of a built-in function",
                            "nothing is built",
                        )
                        .help("take `profile` away: stackctl has the function compiled"),
                    );
                    return None;
                }
                builtin.map(Source::Builtin)
            }
            (Some(package), Some(builtin)) => {
                reader.tell(both(package, builtin));
                None
            }
            // The misspelt key is the problem.
            (None, None) if reader.is_misspelt(node, "package") || reader.is_misspelt(node, "builtin") => {
                None
            }
            (None, None) => {
                let label = "a function has `package` or `builtin`";
                let help = "add `builtin: presign`, which comes with stackctl, or `package: NAME`, a cargo package \
                            of this workspace";
                reader.tell(Problem::new(node.span, "no code", label).help(help));
                None
            }
        }
    }

    fn rules() -> Json {
        json!({
            "oneOf": [
                { "required": ["package"] },
                { "required": ["builtin"], "properties": { "profile": false } },
            ],
        })
    }
}

/// Whether a function names its code.
pub(crate) fn is_named(function: &Node) -> bool {
    SOURCES.iter().any(|key| function.entry(key).is_some())
}

/// Whether a key is one of those that say where the code comes from.
pub(crate) fn has_key(key: &str) -> bool {
    SOURCES.contains(&key) || key == "profile"
}

/// The second of two sources, where one is wanted.
fn both(package: &Entry, builtin: &Entry) -> Problem {
    let (first, second) =
        if package.key_span < builtin.key_span { (package, builtin) } else { (builtin, package) };
    let label = format!("`{}` in line {} is its code already", first.key, first.key_span.line);
    let known = matches!(&builtin.value.value, Value::Scalar { text, .. } if text.parse::<Builtin>().is_ok());
    let help = if known {
        "keep one of the two; `builtin` needs no build and no Rust"
    } else {
        "keep one of the two"
    };
    Problem::new(second.key_span, "two sources of code", label).help(help)
}
