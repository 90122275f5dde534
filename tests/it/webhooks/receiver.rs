//! The receivers of docs/webhooks.md, with the scheme's own libraries.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use serde_json::Value;

use crate::harness::{cloud::eventually, environment, program::target};

const PAGE: &str = include_str!("../../../docs/webhooks.md");
const REQUIREMENTS: &str = "standardwebhooks==1.1.0\n";
const PACKAGE: &str = "standardwebhooks@1.1.1";

/// A language of the page.
#[derive(Clone, Copy)]
pub enum Language {
    Node,
    Python,
}

/// A running receiver.
pub struct Receiver {
    process: Child,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    /// Starts the receiver of the page at a port, with this secret.
    pub fn start(language: Language, folder: &Path, port: u16, secret: &str) -> Receiver {
        let (file, mut command) = match language {
            Language::Node => ("receiver.mjs", Command::new("node")),
            Language::Python => {
                let installed = environment::install("standardwebhooks-1.1.0", REQUIREMENTS);
                ("receiver.py", Command::new(environment::python(&installed)))
            }
        };
        fs::write(folder.join(file), of_page(file)).unwrap();
        if let Language::Node = language {
            let modules = folder.join("node_modules");
            if !modules.exists() {
                std::os::unix::fs::symlink(node_modules(), modules).unwrap();
            }
        }
        command.arg(file).current_dir(folder).stdout(Stdio::piped());
        command.env("WEBHOOK_SECRET", secret).env("PORT", port.to_string());
        let mut process = command.spawn().unwrap();
        let events: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (lines, added) = (BufReader::new(process.stdout.take().unwrap()).lines(), events.clone());
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
                added.lock().unwrap_or_else(PoisonError::into_inner).push(event);
            }
        });
        let receiver = Receiver { process, events };
        eventually("the receiver listens", || TcpStream::connect(("localhost", port)).is_ok());
        receiver
    }

    /// The keys of the verified events so far.
    pub fn keys(&self) -> Vec<String> {
        let key = |it: &Value| it["data"]["key"].as_str().unwrap_or_default().to_owned();
        self.events().iter().map(key).collect()
    }

    /// The verified events so far.
    pub fn events(&self) -> Vec<Value> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nothing listens at.
pub fn free_port() -> u16 {
    TcpListener::bind("localhost:0").unwrap().local_addr().unwrap().port()
}

/// The code of a file of the page.
fn of_page(file: &str) -> &'static str {
    let (_, after) = PAGE.split_once(&format!(" {file}\n")).unwrap();
    after.split_once("```").unwrap().0
}

/// The folder with the library for Node.js, which is installed once.
fn node_modules() -> PathBuf {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = target().join("standardwebhooks-node-1.1.1");
    let whole = folder.join("complete");
    if !whole.exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new("npm");
        command.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", "."]);
        let output = command.arg(PACKAGE).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "npm: {}", String::from_utf8_lossy(&output.stderr));
        fs::write(&whole, "").unwrap();
    }
    folder.join("node_modules")
}
