//! From a machine with neither Rust nor stackctl to a working endpoint on the local cloud, with what people install.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{child, section::Section, spread::Spread, table::Table};

const RUNS: usize = 3;

/// The longest time that the whole may take, in seconds.
const TARGET: f64 = 60.0;

/// The steps, in order. The first six end with an endpoint that answers.
const STEPS: [&str; 7] = [
    "`uv tool install` of the wheel",
    "`stackctl init --yes`",
    "`stackctl apply --local --yes`: the emulator is installed",
    "the local cloud is started",
    "the stack is created",
    "the endpoint answers",
    "`stackctl verify --local`: a user signs in, and a file is uploaded",
];

/// The number of steps to the endpoint.
const TO_ENDPOINT: usize = 6;

/// Measures it; `wheel` is what `make dist` builds, `uv` the program that installs it.
///
/// # Errors
/// A step that fails.
pub fn section(wheel: &Path, uv: &Path) -> io::Result<Section> {
    let (wheel, uv) = (fs::canonicalize(wheel)?, std::path::absolute(uv)?);
    let mut steps = [const { Vec::new() }; STEPS.len()];
    let mut whole = Vec::new();
    for run in 0..RUNS {
        let home = std::env::temp_dir().join(format!("stackctl-fresh-{}-{run}", std::process::id()));
        let machine = Machine::new(home)?;
        let took = machine.run(&wheel, &uv)?;
        whole.push(took[..TO_ENDPOINT].iter().sum());
        for (step, took) in steps.iter_mut().zip(took) {
            step.push(took);
        }
    }
    let size = fs::metadata(&wheel)?.len() as f64 / 1e6;
    let text = |measured: &[f64]| Spread::of(measured).map_or_else(String::new, |it| format!("{it:.1}"));
    let mut table = Table::new(&["step", "s"]);
    for (name, measured) in STEPS.iter().zip(&steps) {
        table.row(&[(*name).to_owned(), text(measured)]);
    }
    table.row(&["**from nothing to a working endpoint**".to_owned(), format!("**{}**", text(&whole))]);
    let text = format!(
        "## From nothing to an endpoint\n\nAn empty home folder without caches, no cargo on the PATH, Python with `venv`, \
         and a wheel of {size:.1} MB. The emulator comes from the network. {RUNS} runs, median (least–greatest); the \
         target for the whole is at most {TARGET:.0} s.\n\n{table}"
    );
    Ok(Section { name: "fresh", text })
}

/// An empty home folder, which is deleted at the end.
struct Machine {
    home: PathBuf,
}

impl Machine {
    fn new(home: PathBuf) -> io::Result<Machine> {
        fs::create_dir_all(home.join("photos"))?;
        Ok(Machine { home })
    }

    /// Does all steps, and returns the seconds of each.
    fn run(&self, wheel: &Path, uv: &Path) -> io::Result<[f64; STEPS.len()]> {
        let mut install = self.command(uv);
        install.args(["tool", "install", "--quiet", "--offline", "--from"]).arg(wheel).arg("stackctl");
        let installed = child::run(&mut install)?.wall;
        let init = child::run(self.stackctl().args(["init", "--yes"]))?.wall;
        let [emulator, cloud, apply] = self.apply()?;
        let began = Instant::now();
        self.ask_endpoint()?;
        let answered = began.elapsed();
        let uploaded = self.verify()?;
        Ok([installed, init, emulator, cloud, apply, answered, uploaded].map(|it| it.as_secs_f64()))
    }

    /// Applies the stack: the times until the emulator is installed, until it answers, and of the rest.
    fn apply(&self) -> io::Result<[Duration; 3]> {
        let says = |line: &Value, text: &str| line["text"].as_str().is_some_and(|it| it.starts_with(text));
        let ([installed, started], whole) = self.follow(
            &["apply", "--local", "--yes"],
            [&|line| says(line, "installed in "), &|line| says(line, "the local cloud answers")],
        )?;
        Ok([installed, started - installed, whole - started])
    }

    /// Verifies the stack: the time until a file is uploaded. The other checks have to pass too.
    fn verify(&self) -> io::Result<Duration> {
        let uploaded = |line: &Value| line["event"] == "check" && line["id"] == "upload";
        let ([uploaded], _) = self.follow(&["verify", "--local"], [&uploaded])?;
        Ok(uploaded)
    }

    /// Runs stackctl with `--json`: the times until the first line of each sort, and until its end.
    fn follow<const N: usize>(
        &self,
        arguments: &[&str],
        sorts: [&dyn Fn(&Value) -> bool; N],
    ) -> io::Result<([Duration; N], Duration)> {
        let mut command = self.stackctl();
        command.args(arguments).arg("--json");
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut first = [None; N];
        let mut said = String::new();
        for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
            let line = line?;
            let read: Value = serde_json::from_str(&line)?;
            for (time, is) in first.iter_mut().zip(sorts) {
                if time.is_none() && is(&read) {
                    *time = Some(began.elapsed());
                }
            }
            said += &format!("{line}\n");
        }
        let succeeded = child.wait()?.success();
        let whole = began.elapsed();
        if !succeeded || first.contains(&None) {
            return Err(io::Error::other(format!("{command:?}:\n{said}")));
        }
        Ok((first.map(Option::unwrap_or_default), whole))
    }

    /// Asks the endpoint without a token: API Gateway's authorizer refuses that.
    fn ask_endpoint(&self) -> io::Result<()> {
        let outputs = child::run(self.stackctl().args(["outputs", "--local", "--format", "json"]))?.output;
        let outputs: Value = serde_json::from_slice(&outputs.stdout)?;
        let endpoint = outputs["endpoint"].as_str().unwrap_or_default();
        match ureq::get(endpoint).call() {
            Err(ureq::Error::StatusCode(401)) => Ok(()),
            other => Err(io::Error::other(format!("{endpoint}: {other:?}"))),
        }
    }

    fn stackctl(&self) -> Command {
        let mut command = self.command(&self.home.join(".local/bin/stackctl"));
        command.current_dir(self.home.join("photos"));
        command
    }

    /// A command that sees this home folder, and no cargo.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("HOME", &self.home);
        for name in
            ["XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_BIN_HOME", "STACKCTL_LOCAL_STATE"]
        {
            command.env_remove(name);
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let without_cargo = std::env::split_paths(&path).filter(|it| !it.join("cargo").exists());
        command.env("PATH", std::env::join_paths(without_cargo).unwrap_or_default());
        command
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = child::run(self.stackctl().args(["local", "down"]));
        let _ = fs::remove_dir_all(&self.home);
    }
}
