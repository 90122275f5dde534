//! The endpoint for uploads of signed-in users: presigned URLs for keys under the user's own prefix, or where the access
//! rules of the stack allow it.

mod access;
pub mod address;
mod answer;
mod date;
mod fields;
mod invisible;
mod key;
pub mod media_type;
pub mod post_policy;
mod request;
mod routes;
pub mod settings;
pub mod sign;

use std::{collections::BTreeMap, time::SystemTime};

use serde_json::{Value, json};

use crate::{answer::Refusal, request::Request, settings::Settings, sign::Signer};

/// A running function: its settings and credentials, or the reason why it can't work.
pub struct Endpoint {
    ready: Result<(Settings, Signer), String>,
}

/// The result of an event.
#[derive(Debug)]
pub struct Handled {
    /// The response that API Gateway accepts from a function (LAM-49).
    pub answer: Value,
    /// The line of the log: the route and the result; never a URL, a token or a key.
    pub log: Value,
}

impl Endpoint {
    /// Reads the environment of the function.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Endpoint {
        // Collecting would sort them first, with code of some kilobytes.
        let mut all = BTreeMap::new();
        all.extend(variables);
        let settings = Settings::read(&all);
        let signer = Signer::read(&all);
        Endpoint { ready: settings.and_then(|settings| Ok((settings, signer?))) }
    }

    /// Answers any proxy event of API Gateway.
    pub fn handle(&self, event: &Value, now: SystemTime) -> Handled {
        let request = Request::read(event);
        let result = match &self.ready {
            Ok((settings, signer)) => routes::answer(&request, settings, signer, now),
            Err(why) => Err(Refusal::new(500, "Misconfigured", why)),
        };
        let mut log = json!({
            "requestId": request.id,
            "route": format!("{} {}", request.method, request.resource),
        });
        let answer = match result {
            Ok(body) => answer::event(200, &body, &request),
            Err(refusal) => {
                log["error"] = refusal.code.into();
                // Errors of the function itself go to its log only.
                if refusal.status >= 500 {
                    log["message"] = refusal.message.clone().into();
                }
                answer::event(refusal.status, &refusal.body(&request.id), &request)
            }
        };
        log["status"] = answer["statusCode"].clone();
        Handled { answer, log }
    }
}
