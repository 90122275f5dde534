//! What all tests share: one local cloud, and clients that do what a person does behind stackctl's back.

use std::{
    fs,
    future::Future,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use stackctl_aws_client::clients::{Clients, Reach};

use stackctl_localcloud::Instance;

use crate::harness::program::{Said, WorkingCopy, beside, keep_key, key_of, program, said, target};

/// A running local cloud, with a port and a state of its own. It stops when it is dropped, also by a trial that fails.
pub struct Cloud {
    pub url: String,
    port: u16,
    state: PathBuf,
}

/// The number of stacks so far, in any cloud: each has a folder of its own.
static STACKS: AtomicU32 = AtomicU32::new(0);

/// A request that the local cloud answered, as its log tells.
#[derive(Debug, Clone)]
pub struct Request {
    /// As in `s3:CreateBucket`.
    pub operation: String,
    pub write: bool,
    /// The actions of IAM that it was asked for.
    pub checked: Vec<String>,
    /// As HTTP has it; 0 when there was no answer.
    pub status: u64,
    /// The application that sent it, where it has a name.
    pub app: Option<String>,
}

impl Cloud {
    /// Starts one; the first time on a machine it is installed.
    pub fn start() -> Cloud {
        let cloud = Cloud::unstarted();
        cloud.local("up");
        cloud
    }

    /// Starts one that behaves as AWS does.
    pub fn start_strict() -> Cloud {
        let cloud = Cloud::unstarted();
        let mut command = std::process::Command::new(beside("strict-cloud"));
        command.args(["up", "--region", REGION, "--port", &cloud.port.to_string()]);
        command.arg("--state").arg(&cloud.state).arg("--record").arg(crate::harness::oracle::recording());
        let output = command.output().unwrap();
        assert!(output.status.success(), "strict-cloud: {}", String::from_utf8_lossy(&output.stderr));
        cloud
    }

    /// One that does not run.
    pub fn unstarted() -> Cloud {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let state = target().join("it").join(format!("cloud-{port}"));
        let url = format!("http://127.0.0.1:{port}");
        keep_key(&url, Instance::at(&state).root_key().unwrap());
        Cloud { url, port, state }
    }

    /// `stackctl local …` for this cloud.
    pub fn local(&self, verb: &str) {
        self.ask(&[verb]);
    }

    /// The folder of its files.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Whether its emulator answers.
    pub fn is_healthy(&self) -> bool {
        ureq::get(format!("{}/_stackctl/health", self.url)).call().is_ok()
    }

    /// The process of its gateway.
    pub fn process(&self) -> u32 {
        let told = self.ask(&["status", "--json"]);
        let told = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        told.filter_map(|line| line["pid"].as_u64()).next().expect("the status tells the process") as u32
    }

    /// The messages that user pools sent to an address.
    pub fn messages(&self, to: &str) -> Vec<Value> {
        let told = self.ask(&["messages", "--json", "--to", to]);
        let lines = told.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
        lines.filter(|line| line["event"] == "message").collect()
    }

    /// What `stackctl local …` prints for this cloud.
    pub fn local_text(&self, arguments: &[&str]) -> String {
        self.ask(arguments)
    }

    fn ask(&self, arguments: &[&str]) -> String {
        let Said { code, stdout, stderr } = self.run(arguments);
        assert_eq!(code, 0, "local {arguments:?}: {stderr}");
        stdout
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = std::process::Command::new(program());
        command.env("STACKCTL_LOCAL_STATE", &self.state).arg("local").args(arguments);
        if arguments.first() == Some(&"up") {
            command.args(["--region", REGION, "--port", &self.port.to_string()]);
            command.env("STACKCTL_LOCAL_RECORD", crate::harness::oracle::recording());
        }
        said(command.output().unwrap())
    }

    /// A stack's name that no other test has.
    pub fn stack_name(&self, of: &str) -> String {
        format!("{of}-{}", STACKS.fetch_add(1, Ordering::Relaxed))
    }

    /// A working copy of a stack with a name of its own; `yaml` has `NAME` where the name goes.
    pub fn working_copy(&self, of: &str, yaml: &str) -> WorkingCopy {
        let name = self.stack_name(of);
        WorkingCopy::new(&name, &yaml.replace("NAME", &name), &self.url)
    }

    /// The requests so far that name a stack: other tests use the same cloud at the same time.
    pub fn requests(&self, since: usize) -> Vec<Request> {
        let log = fs::read_to_string(self.request_log()).unwrap_or_default();
        let lines = log.lines().skip(since).filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let requests = lines.map(|line| Request {
            operation: format!("{}:{}", text(&line["service"]), text(&line["operation"])),
            write: line["write"] == true,
            checked: line["checked"].as_array().into_iter().flatten().map(text).collect(),
            status: line["status"].as_u64().unwrap_or_default(),
            app: line["app"].as_str().map(str::to_owned),
        });
        requests.collect()
    }

    pub fn requests_so_far(&self) -> usize {
        fs::read_to_string(self.request_log()).unwrap_or_default().lines().count()
    }

    /// Where its requests are logged.
    pub fn request_log(&self) -> PathBuf {
        self.state.join("requests.jsonl")
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        let Said { code, stdout: _, stderr } = self.run(&["down"]);
        // A second panic would end all trials.
        assert!(code == 0 || thread::panicking(), "local down: {stderr}");
    }
}

/// Where the tests' stacks live.
pub const REGION: &str = "eu-west-1";

/// Clients under the root key, for what a person does in the console.
pub fn console(copy: &WorkingCopy, endpoint: &str) -> Clients {
    let stack = copy.stack();
    let reach = Reach {
        endpoint: Some(endpoint.to_owned()),
        access_key: Some(key_of(endpoint)),
        agent: Some("console"),
        ..Reach::default()
    };
    wait_for(Clients::new(&stack, &reach)).unwrap()
}

/// Runs a future on a runtime of its own.
pub fn wait_for<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Asks until it is so, at most for some seconds.
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(20), "never: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}
