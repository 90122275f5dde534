//! The stack of these trials: a bucket whose objects are events for a function that logs them.

use aws_sdk_s3::primitives::ByteStream;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

use crate::harness::{
    cloud::{Cloud, console, eventually, wait_for},
    program::WorkingCopy,
};

pub const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  uploads:
    on_destroy: empty
    events:
      - { on: created, prefix: in/, suffix: .txt, call: listener }
      - { on: deleted, prefix: in/, call: listener }
functions:
  listener: { package: tiny }
";

const LISTENER: &str = include_str!("listener.rs");

/// The stack, applied.
pub struct Listening {
    pub copy: WorkingCopy,
    pub console: Clients,
    pub bucket: String,
    pub function: String,
}

impl Listening {
    pub fn begin(cloud: &Cloud, of: &str, yaml: &str) -> Listening {
        let copy = cloud.working_copy(of, yaml).with_tiny_function(LISTENER);
        copy.apply();
        copy.assert_settled();
        let outputs = copy.outputs();
        Listening {
            console: console(&copy, &cloud.url),
            bucket: outputs["bucket"].as_str().unwrap().to_owned(),
            function: format!("{}-listener", outputs["stack"].as_str().unwrap()),
            copy,
        }
    }

    pub fn put(&self, key: &str, body: &str) {
        let put = self.console.s3.put_object().bucket(&self.bucket).key(key);
        wait_for(put.body(ByteStream::from(body.as_bytes().to_vec())).send()).unwrap();
    }

    pub fn delete(&self, key: &str) {
        wait_for(self.console.s3.delete_object().bucket(&self.bucket).key(key).send()).unwrap();
    }

    /// The records that the function was called with, in the order of its log.
    pub fn records(&self) -> Vec<Value> {
        let lines = self.copy.succeed(&["logs", "listener", "--json"]).stdout;
        let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let events = lines.filter_map(|line| {
            let event = line["message"].as_str()?.strip_prefix("event ")?.to_owned();
            serde_json::from_str::<Value>(&event).ok()
        });
        events.flat_map(|it| it["Records"].as_array().cloned().unwrap_or_default()).collect()
    }

    /// Waits until the function was called with so many records, and returns them.
    pub fn eventually_called(&self, times: usize) -> Vec<Value> {
        let mut records = Vec::new();
        eventually("the function is called", || {
            records = self.records();
            records.len() >= times
        });
        records
    }

    pub fn destroy(&self) {
        self.copy.succeed(&["destroy", "--yes"]);
    }
}
