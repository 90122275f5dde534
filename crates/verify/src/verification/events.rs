//! The events of buckets, each delivered twice, late and out of order to the function that it calls.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use aws_sdk_lambda::{primitives::Blob, types::InvocationType};
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Value, json};
use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, operation::Schedule, wait},
};
use stackctl_lambda::function::operations as function_operations;
use stackctl_s3::bucket::operations;
use stackctl_stackfile::{
    bucket::events::{Event, On},
    grants::Grant,
    names::{KeyPart, LogicalName},
    stack::Stack,
};
use tokio::time::Instant;

use super::check::{Bench, Finding, Name, Verdict};

/// The file that is uploaded, and its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFile {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The ending of its name with the dot, such as `.jpg`; may be empty.
    pub ending: String,
}

/// Pages of a list that are searched for what a function wrote.
const PAGES: usize = 10;

/// For how long S3's own events of the object are waited for, before what they made is removed.
const OWN_EVENTS: Schedule = Schedule::new(1_000, 1_000, 3);

/// Sequencers around all those of S3, which begin with the time (S3-95).
const OLD: &str = "000000000000000001";
const NEW: &str = "FFFFFFFFFFFFFFFF01";
const NEWER: &str = "FFFFFFFFFFFFFFFF02";

/// What was written for the object: ETags by bucket and key.
type Written = BTreeMap<(String, String), String>;

/// A function, the bucket whose events call it, and the object of the checks.
pub struct Delivery<'a> {
    /// Where checks are made.
    pub bench: &'a Bench<'a>,
    /// For uploads, calls, and looking at what was written.
    pub aws: &'a Aws,
    /// The file.
    pub stack: &'a Stack,
    /// The names of the buckets, by their logical names.
    pub buckets: &'a BTreeMap<String, String>,
    /// The bucket.
    pub bucket: &'a LogicalName,
    /// The function.
    pub function: &'a LogicalName,
    /// What is uploaded; none: a small text.
    pub file: Option<&'a EventFile>,
}

impl Delivery<'_> {
    /// Delivers the events, and removes what the function made of them.
    pub async fn run(&self) {
        let Some(name) = self.buckets.get(self.bucket.as_str()) else { return };
        let Ok(number) = getrandom::u64() else { return };
        let id = format!("stackctl-verify-{number:016x}");
        let all = self.stack.buckets.get(self.bucket).map(|it| it.events.as_slice()).unwrap_or_default();
        let of = |on: On| all.iter().find(|it| it.on == on && it.call == *self.function);
        let (created, deleted) = (of(On::Created), of(On::Deleted));
        let Some(first) = created.or(deleted) else { return };
        let key = self.key(first, &id);
        let deleted = deleted.filter(|it| covers(it, &key));
        if let Err(error) = self.put(name, &key).await {
            let what = "an object can be uploaded for the events";
            return self.bench.skip(self.name("event", what), error.to_string());
        }
        self.bench.left(name, &key);
        let send = async |on: On, sequencer: &str| {
            let event = event(on, name, &key, sequencer, self.size(), self.aws);
            self.call(&event).await
        };
        if created.is_some() {
            self.check("event", "it takes the event of a new object", &id, send(On::Created, NEW)).await;
            let what = "it takes the same event twice, and its objects stay as they are";
            self.unchanged("event_twice", what, &id, send(On::Created, NEW)).await;
            let what = "it takes an older event after a newer one, and its objects stay as they are";
            self.unchanged("event_out_of_order", what, &id, send(On::Created, OLD)).await;
        }
        let delete = || self.aws.s3.delete_object().bucket(name).key(&key).send();
        if let Err(error) = wait::read(&operations::DELETE_OBJECT, delete).await {
            return self.bench.skip(self.name("event_late", "the object can be deleted"), error.to_string());
        }
        if deleted.is_some() {
            let what = "it takes the event of a deleted object";
            self.check("event_deleted", what, &id, send(On::Deleted, NEWER)).await;
            let what = "it takes the event of a deleted object twice";
            self.unchanged("event_deleted_twice", what, &id, send(On::Deleted, NEWER)).await;
        }
        if created.is_some() {
            let what = "it takes an event that is late: the object is gone by then, and nothing comes back";
            self.unchanged("event_late", what, &id, send(On::Created, NEW)).await;
        }
        self.clean_up(&id).await;
    }

    fn name(&self, id: &'static str, what: &str) -> Name {
        Name { id, of: Some(format!("function.{}", self.function)), what: what.to_owned() }
    }

    /// A key that the event's filter matches.
    fn key(&self, Event { prefix, suffix, .. }: &Event, id: &str) -> String {
        let text = |part: &Option<KeyPart>| part.as_ref().map_or("", KeyPart::as_str).to_owned();
        let ending = self.file.map_or(".txt", |it| it.ending.as_str());
        let ending = suffix.as_ref().map_or(ending, KeyPart::as_str);
        format!("{}{id}{ending}", text(prefix))
    }

    fn bytes(&self) -> Vec<u8> {
        self.file.map_or_else(|| b"An object of stackctl verify.\n".to_vec(), |it| it.bytes.clone())
    }

    fn size(&self) -> usize {
        self.bytes().len()
    }

    async fn put(&self, bucket: &str, key: &str) -> Result<(), AwsError> {
        let put =
            || self.aws.s3.put_object().bucket(bucket).key(key).body(ByteStream::from(self.bytes())).send();
        wait::read(&operations::PUT_OBJECT, put).await.map(drop)
    }

    /// Calls the function with an event, and waits for its answer.
    async fn call(&self, event: &Value) -> Result<(), Finding> {
        let function = self.aws.account.function_name(self.function, &self.stack.functions[self.function]);
        let invoke = self.aws.lambda.invoke().function_name(&function);
        let invoke = invoke.invocation_type(InvocationType::RequestResponse);
        let sent = invoke.payload(Blob::new(event.to_string())).send();
        let help = format!(
            "S3 delivers an event at least once and in no order, see docs/events.md; `stackctl logs {}` shows what the \
             function writes",
            self.function
        );
        match wait::once(&function_operations::INVOKE, sent).await {
            Ok(answer) if answer.function_error.is_none() => Ok(()),
            Ok(answer) => {
                let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
                let said: Value = serde_json::from_slice(&payload).unwrap_or_default();
                let said = said["errorMessage"].as_str().unwrap_or("without a message");
                let cause = "the function fails, so Lambda would call it twice more and then keep the event as failed";
                Err(Finding { saw: format!("an error: {said}"), cause: cause.to_owned(), help })
            }
            Err(error) => {
                let cause = "Lambda did not call the function".to_owned();
                Err(Finding { saw: error.to_string(), cause, help })
            }
        }
    }

    /// A delivery that may write.
    async fn check(
        &self,
        id: &'static str,
        what: &str,
        object: &str,
        delivery: impl Future<Output = Result<(), Finding>>,
    ) {
        let (delivered, took) = self.timed(delivery).await;
        let verdict = match delivered {
            Err(finding) => Verdict::Failed(finding),
            Ok(()) => match self.written(object).await {
                Ok(written) => Verdict::Passed { note: note(&written) },
                Err(error) => Verdict::Passed { note: Some(format!("its objects can't be listed: {error}")) },
            },
        };
        self.bench.say(self.name(id, what), verdict, took);
    }

    /// A delivery after which everything is as before.
    async fn unchanged(
        &self,
        id: &'static str,
        what: &str,
        object: &str,
        delivery: impl Future<Output = Result<(), Finding>>,
    ) {
        let before = self.written(object).await;
        let (delivered, took) = self.timed(delivery).await;
        let verdict = match (delivered, before, self.written(object).await) {
            (Err(finding), _, _) => Verdict::Failed(finding),
            (Ok(()), Ok(before), Ok(after)) if before == after => Verdict::Passed { note: note(&after) },
            (Ok(()), Ok(before), Ok(after)) => Verdict::Failed(changed(&before, &after)),
            (Ok(()), Err(error), _) | (Ok(()), _, Err(error)) => {
                Verdict::Skipped { why: format!("its objects can't be listed: {error}") }
            }
        };
        self.bench.say(self.name(id, what), verdict, took);
    }

    async fn timed<T>(&self, work: impl Future<Output = T>) -> (T, Duration) {
        let began = Instant::now();
        (work.await, began.elapsed())
    }

    /// The objects whose keys contain the name of the checks' object, where the function may write. They are noted, so
    /// that the end removes them.
    async fn written(&self, object: &str) -> Result<Written, AwsError> {
        let mut written = Written::new();
        let granted = self.stack.functions.get(self.function).map(|it| &it.buckets);
        let writes =
            |grants: &BTreeSet<Grant>| grants.contains(&Grant::Put) || grants.contains(&Grant::Multipart);
        for (bucket, grants) in granted.into_iter().flatten().filter(|(_, it)| writes(&it.allow)) {
            let Some(name) = self.buckets.get(bucket.as_str()) else { continue };
            let prefix = grants.prefix.as_ref().map(ToString::to_string);
            let mut next = None;
            for _ in 0..PAGES {
                let list = || {
                    let list = self.aws.s3.list_objects_v2().bucket(name).set_prefix(prefix.clone());
                    list.set_continuation_token(next.clone()).send()
                };
                let page = wait::read(&operations::LIST_OBJECTS_V2, list).await?;
                for it in page.contents() {
                    let Some(key) = it.key().filter(|it| it.contains(object)) else { continue };
                    self.bench.left(name, key);
                    let etag = it.e_tag().unwrap_or_default().to_owned();
                    written.insert((name.clone(), key.to_owned()), etag);
                }
                next = page.next_continuation_token;
                if next.is_none() {
                    break;
                }
            }
        }
        Ok(written)
    }

    /// Waits for S3's own events of the object, so that what the function makes of them is removed too.
    async fn clean_up(&self, object: &str) {
        let since = Instant::now();
        while wait::again(self.bench.reporter, "S3's own events to arrive", &OWN_EVENTS, since).await.ok()
            == Some(true)
        {
            if self.written(object).await.is_err() {
                return;
            }
        }
    }
}

/// Whether an event's filter matches a key.
fn covers(Event { prefix, suffix, .. }: &Event, key: &str) -> bool {
    prefix.as_ref().is_none_or(|it| key.starts_with(it.as_str()))
        && suffix.as_ref().is_none_or(|it| key.ends_with(it.as_str()))
}

/// The keys that were written.
fn note(written: &Written) -> Option<String> {
    let keys: Vec<&str> = written.keys().map(|(_, key)| key.as_str()).collect();
    (!keys.is_empty()).then(|| format!("there is {}", keys.join(", ")))
}

fn changed(before: &Written, after: &Written) -> Finding {
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differ = keys.into_iter().filter(|it| before.get(*it) != after.get(*it));
    let words = differ.map(|it| match (before.contains_key(it), after.contains_key(it)) {
        (false, _) => format!("{} is new", it.1),
        (true, false) => format!("{} is gone", it.1),
        (true, true) => format!("{} has other contents", it.1),
    });
    Finding {
        saw: words.collect::<Vec<_>>().join(", "),
        cause: "the function takes an event that it has taken, or that is older than what it knows, for news"
            .to_owned(),
        help: "compare `sequencer` with that of the last event of the key, see docs/events.md".to_owned(),
    }
}

/// An event as S3 sends it.
fn event(on: On, bucket: &str, key: &str, sequencer: &str, size: usize, aws: &Aws) -> Value {
    let name = match on {
        On::Created => "ObjectCreated:Put",
        On::Deleted => "ObjectRemoved:Delete",
    };
    let mut object = json!({ "key": key, "sequencer": sequencer });
    if on == On::Created {
        object["size"] = size.into();
    }
    json!({ "Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": aws.account.region.as_str(),
        "eventTime": "2026-01-01T00:00:00.000Z",
        "eventName": name,
        "userIdentity": { "principalId": "stackctl-verify" },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": {},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "stackctl-verify",
            "bucket": { "name": bucket, "arn": aws.account.bucket_arn(bucket).0 },
            "object": object,
        },
    }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed() {
        let written = |all: &[(&str, &str)]| -> Written {
            all.iter().map(|(key, etag)| (("b".to_owned(), (*key).to_owned()), (*etag).to_owned())).collect()
        };
        let before = written(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = written(&[("a", "1"), ("b", "2"), ("d", "1")]);
        assert_eq!(changed(&before, &after).saw, "b has other contents, c is gone, d is new");
        assert_eq!(note(&written(&[])), None);
    }

    #[test]
    fn sequencers_are_in_order() {
        // One of S3's documentation, and one of MiniStack.
        for theirs in ["0055AED6DCD90281E5", "00000006441B2F3C4D"] {
            assert!(OLD < theirs && theirs < NEW && NEW < NEWER);
        }
    }
}
