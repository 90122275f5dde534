//! Checks whether the local cloud of a record answers.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

use stackctl_gateway::{Body, full};

use crate::{instance::Record, serve::url};

/// Asks the health path. Another process on that port gives another answer.
pub(crate) async fn answers(record: &Record) -> bool {
    let asked = tokio::time::timeout(Duration::from_secs(2), ask(record.port)).await;
    asked.ok().flatten().is_some_and(|it| it["status"] == "ok" && it["run"] == record.run.as_str())
}

async fn ask(port: u16) -> Option<Value> {
    let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    let request = Request::get(format!("{}/_stackctl/health", url(port))).body(full("")).ok()?;
    let body = client.request(request).await.ok()?.into_body().collect().await.ok()?.to_bytes();
    serde_json::from_slice(&body).ok()
}
