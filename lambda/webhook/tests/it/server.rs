//! An HTTP server that answers from a list, and keeps the requests.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Instant, SystemTime},
};

use serde_json::{Value, json};
use webhook::Webhook;

/// A request, as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    pub line: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub at: Instant,
}

/// A server on a port of its own.
pub struct Server {
    pub url: String,
    answers: Arc<Mutex<VecDeque<String>>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// A server that gives these answers in turn, and the last one for ever: a status line with headers, then the body
    /// after an empty line. An empty answer closes the connection.
    pub fn start<const N: usize>(answers: [&str; N]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Server {
            url,
            answers: Arc::new(Mutex::new(answers.map(str::to_owned).into())),
            requests: Arc::default(),
        };
        let (answers, requests) = (server.answers.clone(), server.requests.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(request) = read(stream.as_ref().unwrap()) else { continue };
                requests.lock().unwrap().push(request);
                let mut answers = answers.lock().unwrap();
                let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
                let answer = answer.unwrap_or_default();
                if let Some((head, body)) = answer.split_once("\n\n") {
                    let head = head.replace('\n', "\r\n");
                    let length = body.len();
                    let text = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}");
                    stream.unwrap().write_all(text.as_bytes()).unwrap();
                }
            }
        });
        server
    }

    /// Systems Manager with this value of the parameter.
    pub fn ssm(value: &str) -> Server {
        Server::start([&Server::parameter(value)])
    }

    /// The answer of GetParameter.
    pub fn parameter(value: &str) -> String {
        format!("200 OK\n\n{}", json!({ "Parameter": { "Value": value } }))
    }

    /// Changes the answer.
    pub fn answer(&self, answer: &str) {
        *self.answers.lock().unwrap() = VecDeque::from([answer.to_owned()]);
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        headers.insert(name.to_owned(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Request { line: line.trim_end().to_owned(), headers, body, at: Instant::now() })
}

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const OTHER: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub const OK: &str = "204 No Content\n\n";

/// The function with this URL, and a local cloud at this one.
pub fn function(url: &str, cloud: &str) -> Webhook {
    let variables = [
        ("WEBHOOK_URL", url),
        ("WEBHOOK_SECRET", "/stackctl/app/uploads/webhook"),
        ("WEBHOOK_FOLDERS", r#"["uploads/{sub}/"]"#),
        ("AWS_ENDPOINT_URL", cloud),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("AWS_SESSION_TOKEN", "token"),
    ];
    Webhook::new(variables.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

/// An event of S3 about these keys.
pub fn event(keys: &[&str]) -> Value {
    let record = |key: &&str| {
        json!({
            "eventName": "ObjectCreated:Put",
            "eventTime": "2026-11-30T14:30:00.123Z",
            "awsRegion": "eu-west-1",
            "s3": {
                "bucket": { "name": "app-uploads-1-eu-west-1" },
                "object": { "key": key, "size": 3, "eTag": "e", "sequencer": "01" },
            },
        })
    };
    json!({ "Records": keys.iter().map(record).collect::<Vec<_>>() })
}

/// The result of an invocation that may last this many seconds, and its lines of the log.
pub fn invoke(webhook: &Webhook, event: &Value, seconds: u64) -> (Result<(), String>, Vec<Value>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let lines = Mutex::new(Vec::new());
    let log = |line: Value| lines.lock().unwrap().push(line);
    let deadline = SystemTime::now() + std::time::Duration::from_secs(seconds);
    let result = runtime.block_on(webhook.handle(event, deadline, &log));
    (result, lines.into_inner().unwrap())
}
