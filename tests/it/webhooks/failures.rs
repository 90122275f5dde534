//! What a webhook could not deliver.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::{self, JoinHandle},
};

use aws_sdk_lambda::{primitives::Blob, types::InvocationType};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{
    receiver::Language,
    stack::{Stack, gets},
};
use crate::{
    harness::{
        cloud::{Cloud, eventually},
        trial::trial,
    },
    stacks::lifecycle::send,
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("webhooks::what_is_not_delivered_is_kept", move || is_kept(cloud))]
}

/// A receiver that is gone is asked once in each of Lambda's three calls. The record that is kept delivers the same event.
fn is_kept(cloud: &Cloud) {
    let stack = Stack::apply(cloud);
    let gone = gone(stack.port);
    stack.put("uploads/8d7f/letter.txt");
    let failed = || {
        let lines = stack.copy.succeed(&["status", "--json"]).stdout;
        let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let status = lines.into_iter().find(|it| it["event"] == "status").unwrap();
        status["failed_events"].clone()
    };
    eventually("the event is kept", || failed()["count"] == 1);
    let first = &failed()["first"][0];
    assert_eq!(first["objects"], json!(["uploads/8d7f/letter.txt"]));
    assert!(first["error"].as_str().unwrap().contains("the receiver answered 410"), "{first}");
    let ids = gone.join().unwrap();
    assert!(ids.iter().all(|id| id.starts_with("evt_") && *id == ids[0]), "{ids:?}");

    let (aws, bucket) = (&stack.console, stack.bucket.replace("-uploads-", "--failed-"));
    let records = send!(aws.s3.list_objects_v2().bucket(&bucket));
    let [record] = records.contents() else { panic!("{records:?}") };
    let record = send!(aws.s3.get_object().bucket(&bucket).key(record.key().unwrap()));
    let record = crate::harness::cloud::wait_for(record.body.collect()).unwrap().into_bytes();
    let record: Value = serde_json::from_slice(&record).unwrap();
    let receiver = stack.receiver(Language::Python);
    let invoke = aws.lambda.invoke().invocation_type(InvocationType::Event);
    let payload = Blob::new(record["requestPayload"].to_string());
    send!(invoke.function_name(format!("{}-uploads-webhook", aws.stack)).payload(payload));
    gets(&receiver, "uploads/8d7f/letter.txt");
    assert_eq!(receiver.events()[0]["id"], ids[0].as_str());
    stack.destroy(cloud);
}

/// Answers three requests with 410, and returns their ids.
fn gone(port: u16) -> JoinHandle<Vec<String>> {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    thread::spawn(move || {
        let mut ids = Vec::new();
        for stream in listener.incoming().take(3) {
            let mut stream = BufReader::new(stream.unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                match line.trim().split_once(": ") {
                    Some(("webhook-id", id)) => ids.push(id.to_owned()),
                    Some(("content-length", all)) => length = all.parse().unwrap(),
                    Some(_) => {}
                    None if line.trim().is_empty() => break,
                    None => {}
                }
            }
            stream.read_exact(&mut vec![0; length]).unwrap();
            stream
                .get_mut()
                .write_all(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .unwrap();
        }
        ids
    })
}
