//! A strict local cloud of the benchmarks' own, and a folder with a stack.yaml that is applied to it.

use std::{
    fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

use crate::{
    calls::{self, Calls},
    child::{self, Ran},
    waves,
};

/// A running local cloud; it is stopped when it is dropped, and what was in it is gone.
#[derive(Debug)]
pub struct Cloud {
    /// Where it answers.
    pub url: String,
    /// The name and the secret of its root key.
    key: (String, String),
    program: PathBuf,
    state: PathBuf,
}

/// A stack below the workspace whose packages it builds.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
}

impl Cloud {
    /// Starts one, with the program `strict-cloud` beside the one that is measured.
    ///
    /// # Errors
    /// The cloud did not start.
    pub fn start(program: &Path) -> io::Result<Cloud> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let state = program.with_file_name("bench-clouds").join(port.to_string());
        let (url, key) = (format!("http://127.0.0.1:{port}"), Default::default());
        let mut strict_cloud = Command::new(program.with_file_name("strict-cloud"));
        strict_cloud
            .args(["up", "--region", "eu-west-1", "--port", &port.to_string(), "--state"])
            .arg(&state);
        child::run(&mut strict_cloud)?;
        let mut cloud = Cloud { url, key, program: program.to_owned(), state };
        let told = cloud.local(&["env", "--format", "json"])?.stdout;
        let told: Value = serde_json::from_slice(&told)?;
        let variable = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        cloud.key = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
        Ok(cloud)
    }

    fn local(&self, arguments: &[&str]) -> io::Result<Output> {
        let mut command = Command::new(&self.program);
        command.env("STACKCTL_LOCAL_STATE", &self.state).arg("local").args(arguments);
        Ok(child::run(&mut command)?.output)
    }

    /// How it behaves from now on.
    ///
    /// # Errors
    /// Settings that it does not know.
    pub fn set(&self, settings: &Value) -> io::Result<()> {
        let sent = ureq::post(format!("{}/_stackctl/strict", self.url)).send(settings.to_string());
        sent.map(drop).map_err(|error| io::Error::other(format!("{settings}: {error}")))
    }

    /// Runs the program, and tells its requests.
    ///
    /// # Errors
    /// A program that fails.
    pub fn run(&self, project: &Project, arguments: &[&str]) -> io::Result<(Ran, Calls)> {
        let before = calls::lines(&self.log());
        let ran = child::run(&mut self.command(project, arguments))?;
        Ok((ran, Calls::since(&self.log(), before)))
    }

    /// Runs the program wave by wave, and tells its requests.
    ///
    /// # Errors
    /// A program that fails.
    pub fn run_in_waves(&self, project: &Project, arguments: &[&str]) -> io::Result<Calls> {
        let before = calls::lines(&self.log());
        let output = waves::run(&mut self.command(project, arguments), &self.url)?;
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        Ok(Calls::since(&self.log(), before).at_any_speed())
    }

    fn log(&self) -> PathBuf {
        self.state.join("requests.jsonl")
    }

    fn command(&self, project: &Project, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["--endpoint-url", &self.url]).args(arguments).current_dir(&project.folder);
        command.env("AWS_ACCESS_KEY_ID", &self.key.0).env("AWS_SECRET_ACCESS_KEY", &self.key.1);
        command.env_remove("AWS_PROFILE").env_remove("AWS_SESSION_TOKEN");
        command
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Err(error) = self.local(&["down"]) {
            eprintln!("{}: {error}", self.url);
        }
        let _ = fs::remove_dir_all(&self.state);
    }
}

impl Project {
    /// A folder of this name beside the program.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub fn new(program: &Path, name: &str) -> io::Result<Project> {
        let folder = program.with_file_name("bench-projects").join(name);
        fs::create_dir_all(&folder)?;
        Ok(Project { folder })
    }

    /// Changes its file.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, yaml: &str) -> io::Result<()> {
        fs::write(self.folder.join("stack.yaml"), yaml)
    }
}
