//! The real program, in a working copy of a stack.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Mutex,
};

use serde_json::Value;
use stackctl_localcloud::RootKey;
use stackctl_stackfile::stack::Stack;

/// A folder with a stack.yaml in it, below the workspace whose packages it builds.
#[derive(Clone)]
pub struct WorkingCopy {
    pub folder: PathBuf,
    endpoint: String,
}

/// Lambda's runtime API, for the functions of trials.
const RUNTIME_API: &str = include_str!("runtime_api.rs");

const TINY: &str = r#"
[workspace]
[package]
name = "tiny"
edition = "2024"
[profile.lambda]
inherits = "release"
strip = true
[profile.another]
inherits = "lambda"
panic = "abort"
"#;

/// The output of a run of the program.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl WorkingCopy {
    pub fn new(name: &str, yaml: &str, endpoint: &str) -> WorkingCopy {
        let folder = target().join("it").join(name);
        fs::create_dir_all(&folder).unwrap();
        let copy = WorkingCopy { folder, endpoint: endpoint.to_owned() };
        copy.write(yaml);
        copy
    }

    /// Gives the copy a workspace of its own, with one package `tiny` that builds in no time and does nothing, in the
    /// place of `presign`. Of its two profiles each gives another code.
    pub fn with_tiny_package(self) -> WorkingCopy {
        self.write(&self.text().replace("package: presign", "package: tiny"));
        fs::write(self.folder.join("Cargo.toml"), TINY).unwrap();
        fs::create_dir_all(self.folder.join("src")).unwrap();
        fs::write(self.folder.join("src/main.rs"), "fn main() {}\n").unwrap();
        self
    }

    /// A cargo package with a function of `main` and the runtime API beside it.
    pub fn with_tiny_function(self, main: &str) -> WorkingCopy {
        let copy = self.with_tiny_package();
        fs::write(copy.folder.join("src/main.rs"), main).unwrap();
        fs::write(copy.folder.join("src/runtime_api.rs"), RUNTIME_API).unwrap();
        copy
    }

    /// Changes the file.
    pub fn write(&self, yaml: &str) {
        fs::write(self.folder.join("stack.yaml"), yaml).unwrap();
    }

    /// The file.
    pub fn text(&self) -> String {
        fs::read_to_string(self.folder.join("stack.yaml")).unwrap()
    }

    /// The text of the file.
    pub fn stack(&self) -> Stack {
        let text = self.text();
        stackctl_stackfile::parse(&text, None)
            .unwrap_or_else(|_| panic!("a test's stack.yaml is wrong:\n{text}"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(["--endpoint-url", &self.endpoint]).args(arguments).current_dir(&self.folder);
        command.env_clear().stdin(Stdio::null());
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // The tests do not use the build cache of this machine's user.
        command.env("XDG_CACHE_HOME", target().join("it").join("cache"));
        let (id, secret) = key_of(&self.endpoint);
        command.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments).output().unwrap())
    }

    /// Runs what must succeed.
    pub fn succeed(&self, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}\n{}\n{}", said.stdout, said.stderr);
        said
    }

    pub fn apply(&self) -> Said {
        self.succeed(&["apply", "--yes"])
    }

    /// The plan of `arguments`, as addresses with their steps.
    pub fn plan(&self) -> Vec<String> {
        let said = self.succeed(&["plan", "--json"]);
        plan_in(&said.stdout)
    }

    /// Fails unless there is nothing to do.
    pub fn assert_settled(&self) {
        let said = self.succeed(&["plan", "--check", "--json"]);
        assert_eq!(plan_in(&said.stdout), Vec::<String>::new());
    }

    pub fn outputs(&self) -> Value {
        serde_json::from_str(&self.succeed(&["outputs", "--format", "json"]).stdout).unwrap()
    }
}

/// The root keys of the local clouds, by their addresses.
static KEYS: Mutex<BTreeMap<String, RootKey>> = Mutex::new(BTreeMap::new());

/// Remembers the root key of a local cloud.
pub fn keep_key(endpoint: &str, key: RootKey) {
    KEYS.lock().unwrap().insert(endpoint.to_owned(), key);
}

/// The name and the secret of the key with all rights at an address; moto takes any key.
pub fn key_of(endpoint: &str) -> (String, String) {
    let key = KEYS.lock().unwrap().get(endpoint).cloned();
    key.map_or_else(|| ("test".to_owned(), "test".to_owned()), |it| (it.access_key_id, it.secret_access_key))
}

pub fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `address: field, field` for each entry of the plan event.
pub fn plan_in(lines: &str) -> Vec<String> {
    let events = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let plan = events.into_iter().find(|event| event["event"] == "plan").expect("the lines have a plan");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = plan["entries"].as_array().unwrap().iter().map(|entry| {
        let steps = entry["steps"].as_array().unwrap();
        let fields = steps.iter().flat_map(|step| {
            let changes = step["changes"].as_array().unwrap();
            let fields: Vec<String> = changes.iter().map(|change| text(&change["field"])).collect();
            if fields.is_empty() || step["verb"] == "create" { vec![text(&step["what"])] } else { fields }
        });
        format!("{}: {}", text(&entry["address"]), fields.collect::<Vec<_>>().join(", "))
    });
    entries.collect()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().find(|it| it.ends_with("target") || it.join("CACHEDIR.TAG").exists()).unwrap().to_owned()
}

/// The program under test.
pub fn program() -> PathBuf {
    beside("stackctl")
}

/// A program of this workspace, built beside this one.
pub fn beside(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let profile: &Path = own.parent().and_then(Path::parent).unwrap();
    let program = profile.join(name);
    assert!(
        program.exists(),
        "{} is missing: run `make test`, or cargo build --workspace --bins",
        program.display()
    );
    program
}
