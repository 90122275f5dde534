//! A run, for the tests of what shows it.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use stackctl_engine::{Address, Event, Failure, Fault, Label};

#[derive(Debug)]
struct Denied(Option<Box<Denied>>, &'static str);

impl fmt::Display for Denied {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.1)
    }
}

impl Error for Denied {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_ref().map(|it| &**it as &dyn Error)
    }
}

impl Fault for Denied {
    fn hint(&self) -> Option<String> {
        Some("allow lambda:CreateFunction".to_owned())
    }
}

/// An address.
pub fn address(kind: &'static str, name: &str) -> Address {
    Address { kind, name: name.to_owned() }
}

/// The failure of a step, with two causes and a hint.
pub fn failure() -> Failure {
    let cause = Denied(None, "the key is of\nanother account");
    let source = Denied(Some(Box::new(cause)), "lambda:CreateFunction was answered 403 AccessDenied");
    Failure { address: address("function", "presign"), step: Label::CREATE, source: Arc::new(source) }
}

/// The events of a run: one resource is done, one fails, one needs that one, and one is not begun.
pub fn run() -> Vec<Event> {
    let bucket = || address("bucket", "uploads");
    let function = || address("function", "presign");
    let set_cors = Label { action: "set CORS", preposition: "of" };
    let began = |address, step| Event::Began { address, step };
    let done = |address, step, milliseconds| Event::Done {
        address,
        step,
        took: Duration::from_millis(milliseconds),
    };
    vec![
        began(bucket(), Label::CREATE),
        done(bucket(), Label::CREATE, 120),
        began(bucket(), set_cors),
        done(bucket(), set_cors, 30),
        began(function(), Label::CREATE),
        Event::Waiting { address: function(), for_what: "the role to become usable by Lambda".to_owned() },
        Event::Failed(failure()),
        Event::Skipped { address: address("rest_api", "uploads"), because: Some(function()) },
        Event::Skipped { address: address("user_pool", "users"), because: None },
    ]
}
