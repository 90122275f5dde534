//! From the save of a source to the new code's first answer, with `stackctl dev`; beside `cargo lambda watch`.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{child, section::Section, spread::Spread, table::Table};

const SAVES: usize = 7;
/// The target: the first answer so many seconds after the build.
const TARGET: f64 = 1.0;
/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(300);
/// The longest wait for one response: `cargo lambda watch` gives none when it ends the function meanwhile.
const RESPONSE: Duration = Duration::from_millis(250);
/// The pause between two questions.
const GLANCE: Duration = Duration::from_millis(5);

const STACK: &str = "
stack: saved
region: eu-west-1
functions:
  subject: { SOURCE }
apis:
  api: { authorizer: none, cors: { origins: [http://localhost:5173] }, routes: { GET /: subject } }
";
/// The bucket of the presign function.
const BUCKET: &str = "buckets: { uploads: { cors: { origins: [http://localhost:5173] } } }\n";
const PYTHON: &str = "def main(event, context):\n    return {'statusCode': 200, 'body': 'WORD'}\n";
const RUST: &str = r#"
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(|_: LambdaEvent<Value>| async { Ok::<_, Error>(json!({ "statusCode": 200, "body": "WORD" })) })).await
}
"#;
const MANIFEST: &str = r#"
[workspace]
[package]
name = "hello"
version = "0.1.0"
edition = "2024"
[dependencies]
lambda_runtime = { version = "1.5", default-features = false }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt"] }
"#;
/// What the presign function answers to strangers: in a copy of the repository another word is put there.
const OF_PRESIGN: &str = "sign in first: this route has no user pool as its authorizer";

/// A project, one source of it, and that source's text with `WORD` in it.
struct Subject {
    name: &'static str,
    folder: PathBuf,
    source: PathBuf,
    text: String,
}

/// What was measured of one subject, in seconds.
#[derive(Default)]
struct Measured {
    builds: Vec<f64>,
    answers: Vec<f64>,
}

/// Measures it; `repository` is a clone of this one.
///
/// # Errors
/// A step that fails.
pub fn section(program: &Path, repository: &Path) -> io::Result<Section> {
    let root = std::env::temp_dir().join(format!("stackctl-saved-{}", std::process::id()));
    let subjects = [python(&root)?, hello(&root)?, presign(&root, repository)?];
    let mut table = Table::new(&["function", "with", "build", "first answer", "after the build"]);
    let mut row = |name: &str, with: &str, Measured { builds, answers }: &Measured| {
        let text = |all: &[f64]| Spread::of(all).map_or_else(String::new, |it| format!("{it:.2}"));
        let after: Vec<f64> = answers.iter().zip(builds).map(|(answer, build)| answer - build).collect();
        table.row(&[name.to_owned(), with.to_owned(), text(builds), text(answers), text(&after)]);
    };
    for subject in &subjects {
        row(subject.name, "`stackctl dev`", &subject.with_stackctl(program, &root)?);
    }
    if let Some(cargo_lambda) = cargo_lambda(program) {
        row(subjects[1].name, "`cargo lambda watch`", &subjects[1].with_cargo_lambda(&cargo_lambda)?);
    }
    let text = format!(
        "## From a save to the answer\n\nA source is saved while `stackctl dev` runs on the local cloud; the function is asked \
         every {} ms until the new code answers. Seconds, median (least–greatest) of {SAVES} saves. The target is the \
         build and at most {TARGET:.0} s. Functions in Rust are built with the profile `dev`, the presign function in \
         a copy of this repository. `cargo lambda watch` builds when it is asked, and does not tell how long; it runs the \
         function without an API. `sam local` and `cdk watch` need Docker or AWS, and were not measured.\n\n{table}",
        GLANCE.as_millis()
    );
    fs::remove_dir_all(&root)?;
    Ok(Section { name: "saved", text })
}

fn python(root: &Path) -> io::Result<Subject> {
    let folder = root.join("python");
    fs::create_dir_all(folder.join("function"))?;
    let source = "code: function, runtime: python3.13, handler: app.main";
    fs::write(folder.join("stack.yaml"), STACK.replace("SOURCE", source))?;
    Ok(Subject {
        name: "hello in Python",
        source: folder.join("function/app.py"),
        folder,
        text: PYTHON.to_owned(),
    })
}

fn hello(root: &Path) -> io::Result<Subject> {
    let folder = root.join("hello");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("stack.yaml"), STACK.replace("SOURCE", "package: hello, profile: dev"))?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    Ok(Subject { name: "hello in Rust", source: folder.join("src/main.rs"), folder, text: RUST.to_owned() })
}

fn presign(root: &Path, repository: &Path) -> io::Result<Subject> {
    let folder = root.join("repository");
    child::run(Command::new("git").args(["clone", "--quiet", "--shared"]).arg(repository).arg(&folder))?;
    let source = "package: presign, profile: dev, buckets: { uploads: [put] }";
    fs::write(folder.join("stack.yaml"), STACK.replace("SOURCE", source) + BUCKET)?;
    let source = folder.join("lambda/presign/src/routes.rs");
    let text = fs::read_to_string(&source)?;
    if !text.contains(OF_PRESIGN) {
        return Err(io::Error::other(format!("{} does not answer `{OF_PRESIGN}`", source.display())));
    }
    Ok(Subject { name: "presign", folder, text: text.replace(OF_PRESIGN, "WORD"), source })
}

impl Subject {
    fn save(&self, word: &str) -> io::Result<()> {
        fs::write(&self.source, self.text.replace("WORD", word))
    }

    fn with_stackctl(&self, program: &Path, root: &Path) -> io::Result<Measured> {
        let stackctl = |arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).current_dir(&self.folder).env("STACKCTL_LOCAL_STATE", root.join("cloud"));
            command
        };
        self.save("word-0")?;
        let mut running = Running::start(stackctl(&["dev"]))?;
        running.live()?;
        let said = child::run(&mut stackctl(&["outputs", "--local", "--format", "json"]))?.output.stdout;
        let outputs: serde_json::Value = serde_json::from_slice(&said)?;
        let endpoint = outputs["endpoint"].as_str().unwrap_or_default().to_owned();
        let agent = agent();
        let ask = || text(agent.get(&endpoint).call());
        let mut measured = Measured::default();
        for save in 1..=SAVES {
            let word = format!("word-{save}");
            let began = Instant::now();
            self.save(&word)?;
            measured.answers.push(until_answer(began, &word, ask)?);
            measured.builds.push(running.live()?);
        }
        running.end()?;
        child::run(&mut stackctl(&["destroy", "--local", "--yes"]))?;
        child::run(&mut stackctl(&["local", "down"]))?;
        Ok(measured)
    }

    fn with_cargo_lambda(&self, cargo_lambda: &Path) -> io::Result<Measured> {
        const URL: &str = "http://127.0.0.1:9000/2015-03-31/functions/hello/invocations";
        self.save("word-0")?;
        let mut command = Command::new(cargo_lambda);
        command.args(["lambda", "watch"]).current_dir(&self.folder);
        let running = Running::start(command)?;
        let agent = agent();
        let ask = || text(agent.post(URL).send("{}"));
        until_answer(Instant::now(), "word-0", ask)?;
        let mut measured = Measured::default();
        for save in 1..=SAVES {
            let word = format!("word-{save}");
            let began = Instant::now();
            self.save(&word)?;
            measured.answers.push(until_answer(began, &word, ask)?);
        }
        running.end()?;
        Ok(measured)
    }
}

/// Sends the requests that ask for the new code, each with a timeout.
fn agent() -> ureq::Agent {
    let options = ureq::Agent::config_builder().timeout_global(Some(RESPONSE)).http_status_as_error(false);
    options.build().into()
}

/// The text of an answer; none while nothing answers.
fn text(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> String {
    answer.ok().and_then(|mut it| it.body_mut().read_to_string().ok()).unwrap_or_default()
}

/// Asks until the answer has a word, and returns the seconds since `began`.
fn until_answer(began: Instant, word: &str, ask: impl Fn() -> String) -> io::Result<f64> {
    while !ask().contains(word) {
        if began.elapsed() > PATIENCE {
            return Err(io::Error::other(format!("no answer with {word}")));
        }
        thread::sleep(GLANCE);
    }
    Ok(began.elapsed().as_secs_f64())
}

/// A program that goes on, and the lines that it writes on stderr.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(mut command: Command) -> io::Result<Running> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let (sender, lines) = channel();
        let said = child.stderr.take().map(BufReader::new);
        // It ends with the program.
        thread::spawn(move || {
            for line in said.into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Ok(Running { child, lines })
    }

    /// Waits until `stackctl dev` says that new code is live; returns the seconds of its build.
    fn live(&mut self) -> io::Result<f64> {
        let mut said = String::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            if line.contains(" is live since ") {
                let build = line.split_once("(build ").and_then(|(_, rest)| rest.split_once(" s)"));
                let build = build.and_then(|(seconds, _)| seconds.parse().ok());
                return build.ok_or_else(|| io::Error::other(format!("no build time: {line}")));
            }
            said += &format!("{line}\n");
        }
        Err(io::Error::other(format!("the new code did not come:\n{said}")))
    }

    fn end(mut self) -> io::Result<()> {
        if let Some(id) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(id, Signal::INT)?;
        }
        self.child.wait().map(drop)
    }
}

/// cargo-lambda, where `make bench` installed it. It is not on PATH, where stackctl would build with it.
fn cargo_lambda(program: &Path) -> Option<PathBuf> {
    let installed = program.ancestors().nth(2)?.join("bench/venv/bin/cargo-lambda");
    installed.exists().then_some(installed)
}
