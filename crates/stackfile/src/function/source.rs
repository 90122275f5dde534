//! Where a function's code comes from.

use serde_json::{Value as Json, json};

use super::{
    builtin::Builtin,
    code::{BOOTSTRAP, Bundle},
    runtime::Runtime,
};

use stackctl_yaml::{
    problem::Problem,
    tree::{Entry, Node, Value},
};

use crate::{
    read::{
        existing::EXISTING,
        reader::{Read, Reader},
        record::{Field, Group, absent},
    },
    values::names::{FunctionName, PackageName},
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
    /// A folder or a zip file with code for a runtime of Lambda.
    Code(Bundle),
}

/// The keys of a function that name its code; one of them is needed.
const SOURCES: [&str; 3] = ["package", "builtin", "code"];

const PROFILE: &str = "release";

impl Group for Source {
    fn fields() -> Vec<Field> {
        let field = |key, doc, default, schema| Field { key, doc, default, schema, required: || false };
        let mut fields = vec![
            field(
                "package",
                "The cargo package of this workspace whose binary is the function. A function has one of \
                 `package`, `builtin` and `code`.",
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
        ];
        fields.extend(Bundle::fields());
        fields.push(field(
            EXISTING,
            "The name of a function that others made: the target of routes and events. The stack uses it, and changes and \
             deletes nothing of it. No other key may stand beside it.",
            None,
            <FunctionName as Read>::schema,
        ));
        fields
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Source> {
        let sources: Vec<&Entry> = SOURCES.iter().filter_map(|key| node.entry(key)).collect();
        let source = match sources.as_slice() {
            [source] => *source,
            // The misspelt key is the problem.
            [] if SOURCES.iter().any(|key| reader.is_misspelt(node, key)) => return None,
            [] => {
                let label = "a function has `builtin`, `package` or `code`";
                let help = "add `builtin: presign`, which comes with stackctl, `package: NAME`, a cargo package of this \
                            workspace, or `code: FOLDER` with a `runtime`";
                reader.tell(Problem::new(node.span, "no code", label).help(help));
                return None;
            }
            [first, rest @ ..] => {
                rest.iter().for_each(|second| reader.tell(both(first, second)));
                return None;
            }
        };
        let mut fits = true;
        for (of, keys, said) in [
            ("package", &["profile"] as &[_], "cargo alone has profiles"),
            ("code", &Bundle::KEYS, "it belongs to `code`"),
        ] {
            let strange = keys.iter().filter_map(|key| node.entry(key)).filter(|_| source.key != of);
            for entry in strange {
                reader.tell(surplus(entry, source, said));
                fits = false;
            }
        }
        let read = match source.key.as_str() {
            "package" => {
                let package = <PackageName as Read>::read(&source.value, reader);
                let profile = match node.entry("profile") {
                    Some(profile) => <PackageName as Read>::read(&profile.value, reader),
                    None => absent::<PackageName>(Some(PROFILE)),
                };
                package.zip(profile).map(|(package, profile)| Source::Package { package, profile })
            }
            "builtin" => <Builtin as Read>::read(&source.value, reader).map(Source::Builtin),
            _ => Bundle::read(node, reader).map(Source::Code),
        };
        read.filter(|_| fits)
    }

    fn rules() -> Json {
        let no =
            |keys: &[&str]| -> Json { keys.iter().map(|key| ((*key).to_owned(), json!(false))).collect() };
        let other = no(&Bundle::KEYS);
        let mut builtin = no(&Bundle::KEYS);
        builtin["profile"] = json!(false);
        let existing = json!({ "required": [EXISTING], "maxProperties": 1 });
        json!({
            "oneOf": [
                { "required": ["package"], "properties": other },
                { "required": ["builtin"], "properties": builtin },
                Bundle::rules(),
                existing,
            ],
        })
    }
}

impl Source {
    /// The runtime of Lambda.
    pub fn runtime(&self) -> Runtime {
        match self {
            Source::Package { .. } | Source::Builtin(_) => Runtime::ProvidedAl2023,
            Source::Code(bundle) => bundle.runtime,
        }
    }

    /// What Lambda calls in the code.
    pub fn handler(&self) -> &str {
        match self {
            Source::Package { .. } | Source::Builtin(_) => BOOTSTRAP,
            Source::Code(bundle) => bundle.handler.as_str(),
        }
    }
}

/// Whether a function names its code, or is one that others made.
pub(crate) fn is_named(function: &Node) -> bool {
    SOURCES.iter().chain([&EXISTING]).any(|key| function.entry(key).is_some())
}

/// Whether a key is one of those that say where the code comes from.
pub(crate) fn has_key(key: &str) -> bool {
    SOURCES.contains(&key) || ["profile", EXISTING].contains(&key) || Bundle::KEYS.contains(&key)
}

/// A key that belongs to another source.
fn surplus(entry: &Entry, source: &Entry, said: &str) -> Problem {
    let Entry { key, key_span, value: _ } = entry;
    let title = match source.key.as_str() {
        "builtin" => format!("`{key}` of a built-in function"),
        other => format!("`{key}` beside `{other}`"),
    };
    let (label, help) = match source.key.as_str() {
        "builtin" => ("nothing is built", format!("take `{key}` away: stackctl has the function compiled")),
        _ => (said, format!("take `{key}` away")),
    };
    Problem::new(*key_span, title, label).help(help)
}

/// The later of two sources, where one is wanted.
fn both(one: &Entry, other: &Entry) -> Problem {
    let (first, second) = if one.key_span < other.key_span { (one, other) } else { (other, one) };
    let label = format!("`{}` in line {} is its code already", first.key, first.key_span.line);
    let is_builtin = |it: &&Entry| {
        it.key == "builtin"
            && matches!(&it.value.value, Value::Scalar { text, .. } if text.parse::<Builtin>().is_ok())
    };
    let help = if [one, other].iter().any(is_builtin) {
        "keep one of the two; `builtin` needs no build and no Rust"
    } else {
        "keep one of the two"
    };
    Problem::new(second.key_span, "two sources of code", label).help(help)
}
