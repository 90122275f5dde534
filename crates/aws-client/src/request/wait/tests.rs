use std::cell::Cell;

use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::{body::SdkBody, error::ErrorMetadata};
use stackctl_engine::{Address, Event, Events, Stop};
use tokio::sync::mpsc;

use super::*;
use crate::request::operation::Service;

static SERVICE: Service = Service::new();
static GET_ONE: Operation = Operation { name: "x:GetOne", service: &SERVICE, permissions: &[] };
static PUT_ONE: Operation = Operation { name: "x:PutOne", service: &SERVICE, permissions: &[] };
static CREATE_ONE: Operation = Operation { name: "x:CreateOne", service: &SERVICE, permissions: &[] };

const SEEN: Awaited = Awaited {
    for_what: "the role to appear",
    not_before: Duration::ZERO,
    schedule: Schedule::new(100, 1_000, 60),
    hint: None,
};

type Refused = SdkError<GetCallerIdentityError, HttpResponse>;

fn tell() -> (Reporter, mpsc::UnboundedReceiver<Event>, tokio::sync::watch::Sender<bool>) {
    let (events, told) = Events::channel();
    let (ask_to_stop, stop) = Stop::channel();
    (Reporter::new(Address { kind: "thing", name: "a".to_owned() }, events, stop), told, ask_to_stop)
}

fn lost() -> Refused {
    SdkError::timeout_error("no answer in time")
}

fn throttled(header: &'static str, value: &'static str) -> Refused {
    let mut response = HttpResponse::new(StatusCode::try_from(429).unwrap(), SdkBody::empty());
    response.headers_mut().insert(header, value);
    let meta = ErrorMetadata::builder().code("TooManyRequestsException").build();
    SdkError::service_error(GetCallerIdentityError::generic(meta), response)
}

///
#[tokio::test]
async fn what_may_have_been_made_is_looked_for_first() {
    let (reporter, mut told, _stop) = tell();
    let sent = Cell::new(0);
    let send = || {
        sent.set(sent.get() + 1);
        std::future::ready(if sent.get() == 1 { Err(lost()) } else { Ok("created again") })
    };
    let found = create(&CREATE_ONE, &reporter, async || Ok(Some("found")), send).await.unwrap();
    assert_eq!((found, sent.replace(0)), ("found", 1));
    let made = create(&CREATE_ONE, &reporter, async || Ok(None), send).await.unwrap();
    assert_eq!((made, sent.get()), ("created again", 2));
    assert!(
        matches!(told.recv().await, Some(Event::Waiting { for_what, .. }) if for_what == "AWS to answer")
    );
}

#[tokio::test]
async fn a_stop_ends_the_wait() {
    let (reporter, _told, stop) = tell();
    stop.send_replace(true);
    let stopped = write(&PUT_ONE, &reporter, || std::future::ready(Err::<(), _>(lost()))).await;
    assert_eq!(stopped.unwrap_err().to_string(), "stopped while waiting for AWS to answer");
}

#[tokio::test]
async fn reads_of_a_look_tell_what_they_wait_for_once() {
    let (to, mut waits) = mpsc::unbounded_channel();
    let sent = Cell::new(0);
    let send = || {
        sent.set(sent.get() + 1);
        std::future::ready(if sent.get() < 3 { Err(throttled("retry-after", "1")) } else { Ok(()) })
    };
    told(to, read(&GET_ONE, send)).await.unwrap();
    assert_eq!(waits.recv().await.unwrap(), "waiting for AWS to take more requests (x:GetOne)");
    assert_eq!(waits.recv().await, None);
}

#[tokio::test]
async fn what_never_comes() {
    let (reporter, _told, _stop) = tell();
    let schedule = Schedule { bound: Duration::from_millis(50), ..SEEN.schedule };
    let awaited = Awaited { schedule, ..SEEN };
    let end = until::<(), _>(&reporter, &awaited, async || Ok(Err(UNSEEN))).await.unwrap_err();
    assert_eq!(
        end.to_string(),
        "gave up after 0 s (1 attempt) waiting for the role to appear; last result: not found"
    );
}

///
#[test]
fn when_aws_wants_to_be_asked_again() {
    let after = |header, value| {
        AwsError::of(&GET_ONE, throttled(header, value)).answer().and_then(|it| it.retry_after)
    };
    assert_eq!(after("retry-after", "7"), Some(Duration::from_secs(7)));
    assert_eq!(after("x-amz-retry-after", "1500"), Some(Duration::from_millis(1500)));
    assert_eq!(after("retry-after", "Thu, 26 Nov 2026 00:00:00 GMT"), None);
}

#[tokio::test]
async fn what_nothing_else_bounds_is_told_and_ended() {
    let (to, mut waits) = mpsc::unbounded_channel();
    let bound = WORTH_A_WORD + Duration::from_millis(10);
    assert_eq!(told(to, at_most("a program", bound, std::future::pending::<()>())).await, None);
    assert_eq!(waits.recv().await.as_deref(), Some("waiting for a program"));
    let (to, mut waits) = mpsc::unbounded_channel();
    assert_eq!(told(to, at_most("a program", bound, async { 1 })).await, Some(1));
    assert_eq!(waits.recv().await, None);
}

/// A code that can't be read is no reason to give up on a throttle, or to wait for anything else.
#[test]
fn statuses_without_a_readable_code() {
    let response = |status| HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from("<html>"));
    for (status, class) in
        [(429, Class::Throttle), (500, Class::Unclear), (503, Class::Unclear), (400, Class::Final)]
    {
        let unread: Refused = SdkError::service_error(
            GetCallerIdentityError::generic(ErrorMetadata::builder().build()),
            response(status),
        );
        assert_eq!(AwsError::of(&GET_ONE, unread).class(), class, "{status}");
    }
    for (status, class) in [(429, Class::Throttle), (500, Class::Unclear)] {
        let unparsed: Refused = SdkError::response_error("not XML", response(status));
        assert_eq!(AwsError::of(&GET_ONE, unparsed).class(), class, "{status}");
    }
}
