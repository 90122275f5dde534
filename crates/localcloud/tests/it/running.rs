//! A local cloud for one test, and requests to it.

use std::{env, path::PathBuf, process::Command, sync::Arc};

use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, StatusCode, body::Bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;
use stackctl_localcloud::{Cloud, Error, Instance, Options, down, serve, up};
use tempfile::TempDir;

use crate::sign::Signer;

/// A running local cloud that ends with the test.
pub struct Running {
    pub options: Options,
    pub cloud: Cloud,
    _folder: Arc<TempDir>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct HttpResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl HttpResponse {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

pub fn options() -> (Options, Arc<TempDir>) {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let home = PathBuf::from(env::var_os("HOME").unwrap());
    let cache = env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = Options {
        cache: cache.join("stackctl"),
        instance: Instance::at(folder.path().join("cloud")),
        port,
        region: "eu-west-1".to_owned(),
        record: None,
    };
    (options, folder)
}

/// This very test program, told to be the daemon.
pub fn daemon(options: &Options) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", "running::the_daemon_of_the_other_tests", "--nocapture"])
        .env("LOCALCLOUD_CACHE", &options.cache)
        .env("LOCALCLOUD_STATE", options.instance.folder())
        .env("LOCALCLOUD_PORT", options.port.to_string());
    command
}

#[tokio::test]
#[ignore = "not a test: what `up` runs in the background"]
async fn the_daemon_of_the_other_tests() {
    let options = Options {
        cache: env::var_os("LOCALCLOUD_CACHE").unwrap().into(),
        instance: Instance::at(env::var_os("LOCALCLOUD_STATE").unwrap()),
        port: env::var("LOCALCLOUD_PORT").unwrap().parse().unwrap(),
        region: "eu-west-1".to_owned(),
        record: None,
    };
    if let Err(error) = serve(&options, crate::layer(), &mut |progress| eprintln!("{progress}")).await {
        panic!("{error}");
    }
}

pub async fn start(options: &Options) -> Result<Cloud, Error> {
    up(options, daemon(options), &mut |_| {}).await
}

impl Running {
    pub async fn new() -> Running {
        let (options, folder) = options();
        let cloud = start(&options).await.unwrap();
        Running { options, cloud, _folder: folder }
    }

    /// One that was brought up in another way.
    pub fn of(options: Options, cloud: Cloud) -> Running {
        Running { options, cloud, _folder: Arc::new(tempfile::tempdir().unwrap()) }
    }

    /// Sends `METHOD path`, then headers, one a line.
    pub async fn send(&self, request: &str, body: impl Into<Bytes>) -> HttpResponse {
        send(&self.cloud.url, request, body).await
    }

    /// The same, signed with the root key.
    pub async fn signed(&self, service: &str, request: &str, body: impl Into<Bytes>) -> HttpResponse {
        self.signed_for("eu-west-1", service, request, body).await
    }

    /// The same for a region.
    pub async fn signed_for(
        &self,
        region: &str,
        service: &str,
        request: &str,
        body: impl Into<Bytes>,
    ) -> HttpResponse {
        let body = body.into();
        let request = self.root(service, region).header(&self.cloud.url, request, &body);
        self.send(&request, body).await
    }

    /// Signs with the root key.
    pub fn root(&self, service: &str, region: &str) -> Signer {
        Signer::root(&self.options.instance.root_key().unwrap(), service, region)
    }

    /// A call of a JSON service.
    pub async fn call(&self, service: &str, target: &str, body: Value) -> Value {
        let request = format!("POST /\nx-amz-target: {target}\ncontent-type: application/x-amz-json-1.1");
        let answer = self.signed(service, &request, body.to_string()).await;
        assert!(answer.status.is_success(), "{target}: {answer:?}");
        answer.json()
    }

    pub async fn create_bucket(&self, name: &str) {
        let body = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
        let answer = self.signed("s3", &format!("PUT /{name}"), body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The lines of the request log.
    pub fn requests(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.cloud.requests).unwrap();
        text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let instance = self.options.instance.clone();
        let ended = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { down(&instance, &mut |_| {}).await })
        });
        let _ = ended.join();
    }
}

pub async fn send(url: &str, request: &str, body: impl Into<Bytes>) -> HttpResponse {
    try_send(url, request, body).await.unwrap_or_else(|| panic!("no answer: {request}"))
}

/// Sends what may get no answer.
pub async fn try_send(url: &str, request: &str, body: impl Into<Bytes>) -> Option<HttpResponse> {
    let mut lines = request.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let mut builder = Request::builder().method(method).uri(format!("{url}{path}"));
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line}"));
        builder = builder.header(name, value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let answer = client.request(builder.body(Full::new(body.into())).unwrap()).await.ok()?;
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await.ok()?.to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(HttpResponse { status: parts.status, headers: parts.headers, text })
}
