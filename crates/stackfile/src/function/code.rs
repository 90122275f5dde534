//! Code that is ready to be sent, or that a command makes ready: a folder or a zip file with a runtime and a handler.

use serde_json::{Value as Json, json};

use super::runtime::{Language, Runtime};

use stackctl_yaml::{
    problem::{Problem, quoted},
    tree::Node,
};

use crate::{
    read::{
        reader::{Read, Reader},
        record::Field,
        scalar::{Invalid, Scalar},
    },
    values::names::{names, only},
};

/// Code in a folder or a zip file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bundle {
    /// The folder or the zip file.
    pub path: CodePath,
    /// The runtime.
    pub runtime: Runtime,
    /// The handler; `bootstrap` for an executable.
    pub handler: Handler,
    /// The command that makes the code ready.
    pub build: Option<ShellCommand>,
}

names! {
    /// A folder or a zip file below the folder of stack.yaml, as a path with `/`.
    CodePath = "a path below the folder of stack.yaml", 1 to 512 of "^(?![/~])(?!(.*/)?\\.\\.(/|$))[^\\\\]+$", code_path;
    /// What Lambda calls: 1 to 128 characters without spaces.
    Handler = "a handler", 1 to 128 of "^[^\\s]+$", |text| {
        only::<Handler>(text, |it| !it.is_whitespace() && !it.is_control(), "write it as `file.function`")
    };
    /// A command of the shell.
    ShellCommand = "a command", 1 to 4096 of "^[^\\u0000]+$", |text| {
        only::<ShellCommand>(text, |it| !it.is_control() || "\n\t".contains(it), "write a command of the shell `sh`")
    };
}

fn code_path(text: &str) -> Result<(), Invalid> {
    let help = "write it from the folder of stack.yaml, as in `functions/resize`";
    if text.starts_with(['/', '~']) {
        return Err(CodePath::invalid("it must not begin with `/` or `~`").fix(help));
    }
    if text.split('/').any(|it| it == "..") {
        let why = "`..` may lead out of the folder of stack.yaml";
        return Err(
            CodePath::invalid(why).fix("move the code below that folder, or stack.yaml above the code")
        );
    }
    let is_wrong = |it: char| it.is_control() || it == '\\';
    match text.chars().any(is_wrong) {
        true => Err(CodePath::invalid("no `\\` and no control characters here").fix(help)),
        false => Ok(()),
    }
}

impl Bundle {
    /// The keys of a bundle beside `code`.
    pub(super) const KEYS: [&str; 3] = ["runtime", "handler", "build"];

    pub(super) fn fields() -> Vec<Field> {
        let field = |key, doc, schema| Field { key, doc, default: None, schema, required: || false };
        vec![
            field(
                "code",
                "The folder or the zip file with the code, from the folder of stack.yaml. It needs a `runtime`.",
                <CodePath as Read>::schema,
            ),
            field("runtime", "The runtime of Lambda that `code` is for.", <Runtime as Read>::schema),
            field(
                "handler",
                "What Lambda calls in `code`: `index.handler` is the function `handler` of the file `index`. \
                 `provided.al2023` needs none: it runs the executable `bootstrap`.",
                <Handler as Read>::schema,
            ),
            field(
                "build",
                "The command that makes `code` ready, such as `npm run build`. `sh` runs it before each plan, without \
                 AWS credentials.",
                <ShellCommand as Read>::schema,
            ),
        ]
    }

    /// Reads a function that has the key `code`.
    pub(super) fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Bundle> {
        let path = node.entry("code").map(|it| <CodePath as Read>::read(&it.value, reader))?;
        let runtime = match node.entry("runtime") {
            Some(runtime) => <Runtime as Read>::read(&runtime.value, reader),
            None => {
                let help = "add `runtime: nodejs22.x`, or another runtime of Lambda";
                missing("runtime", help, node, reader)
            }
        };
        let handler = match (node.entry("handler"), runtime) {
            (Some(handler), runtime) => {
                let read = <Handler as Read>::read(&handler.value, reader);
                let checked = read.zip(runtime).map(|(it, runtime)| (it.check(runtime.language()), it));
                match checked {
                    Some((Err(invalid), _)) => {
                        reader.tell(invalid.at(handler.value.span));
                        None
                    }
                    Some((Ok(()), handler)) => Some(handler),
                    None => None,
                }
            }
            (None, Some(runtime)) if runtime.language() == Language::Executable => {
                Some(Handler(BOOTSTRAP.to_owned()))
            }
            (None, Some(_)) => {
                let help =
                    "add `handler: index.handler`: the file without its ending, and the function in it";
                missing("handler", help, node, reader)
            }
            (None, None) => None,
        };
        let build = node.entry("build").map(|it| <ShellCommand as Read>::read(&it.value, reader));
        let build = match build {
            Some(build) => Some(build?),
            None => None,
        };
        Some(Bundle { path: path?, runtime: runtime?, handler: handler?, build })
    }

    pub(super) fn rules() -> Json {
        json!({
            "required": ["code"],
            "properties": { "profile": false },
            "if": { "properties": { "runtime": { "const": Runtime::ProvidedAl2023.as_str() } }, "required": ["runtime"] },
            "else": { "required": ["runtime", "handler"] },
        })
    }
}

/// The executable that `provided.al2023` runs (LAM-42).
pub const BOOTSTRAP: &str = "bootstrap";

impl Handler {
    /// Checks its form for a language.
    fn check(&self, language: Language) -> Result<(), Invalid> {
        let Handler(text) = self;
        let (file, function) = self.parts(language);
        let right = !file.is_empty() && !file.ends_with('/') && !function.is_empty();
        match language {
            Language::Executable if text == BOOTSTRAP => Ok(()),
            Language::Executable => {
                let why = "`provided.al2023` runs the executable `bootstrap`";
                Err(Handler::invalid(why).fix("take `handler` away"))
            }
            Language::Node | Language::Python
                if text.starts_with('/') || text.split('/').any(|it| it == "..") =>
            {
                Err(Handler::invalid("the file stands in the code")
                    .fix("write its path from the root of the code"))
            }
            Language::Node | Language::Python if right => Ok(()),
            Language::Node => {
                let why = "it names a file and a function, with a dot between them";
                let fix = "write `index.handler` for `exports.handler` in index.js or `export const handler` in index.mjs";
                Err(Handler::invalid(why).fix(fix))
            }
            Language::Python => {
                let why = "it names a module and a function, with a dot between them";
                Err(Handler::invalid(why)
                    .fix("write `app.handler` for `def handler(event, context)` in app.py"))
            }
        }
    }

    /// The file without its ending, from the root of the code and with `/`; and the function in it (LAM-72).
    pub fn parts(&self, language: Language) -> (String, String) {
        let Handler(text) = self;
        match language {
            // The first dot of the last segment ends the file: the rest is a path of exports.
            Language::Node => {
                let folder = text.rfind('/').map_or(0, |at| at + 1);
                let (file, export) = text[folder..].split_once('.').unwrap_or((&text[folder..], ""));
                let file = if file.is_empty() { String::new() } else { format!("{}{file}", &text[..folder]) };
                (file, export.to_owned())
            }
            // The last dot ends the module, whose dots are folders.
            Language::Python => {
                let (module, function) = text.rsplit_once('.').unwrap_or((text, ""));
                (module.replace('.', "/"), function.to_owned())
            }
            Language::Executable => (text.clone(), String::new()),
        }
    }
}

fn missing<T>(key: &str, help: &str, node: &Node, reader: &mut Reader<'_>) -> Option<T> {
    // The misspelt key is the problem.
    if !reader.is_misspelt(node, key) {
        let label = format!("a function with {} has to say it", quoted("code"));
        reader.tell(Problem::new(node.span, format!("`{key}` is missing"), label).help(help));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_handler() {
        let check = |text: &str, language: Language, expected: Option<(&str, &str)>| {
            let handler = text.parse::<Handler>().unwrap();
            let parts = handler.check(language).ok().map(|()| handler.parts(language));
            assert_eq!(
                parts,
                expected.map(|(file, function)| (file.to_owned(), function.to_owned())),
                "{text}"
            );
        };
        check("index.handler", Language::Node, Some(("index", "handler")));
        check("dist/src/index.api.handler", Language::Node, Some(("dist/src/index", "api.handler")));
        check("v1.2/index.handler", Language::Node, Some(("v1.2/index", "handler")));
        for wrong in
            ["handler", "index.", ".handler", "dist/", "dist/.handler", "/index.handler", "../index.handler"]
        {
            check(wrong, Language::Node, None);
        }
        check("app.handler", Language::Python, Some(("app", "handler")));
        check("src.app.handler", Language::Python, Some(("src/app", "handler")));
        check("src/app.handler", Language::Python, Some(("src/app", "handler")));
        for wrong in ["app", "app.", ".handler", "src/.handler"] {
            check(wrong, Language::Python, None);
        }
        check("bootstrap", Language::Executable, Some(("bootstrap", "")));
        check("index.handler", Language::Executable, None);
    }
}
