//! The endpoint behind which signed-in people upload: presigned URLs for keys under their own prefix.

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

/// What a running function has: its settings and its credentials, or why it can't work.
pub struct Endpoint {
    ready: Result<(Settings, Signer), String>,
}

/// What became of an event.
#[derive(Debug)]
pub struct Handled {
    /// What API Gateway takes from a function (LAM-49).
    pub answer: Value,
    /// What the log says: which route, and how it ended; never a URL, a token or a key.
    pub log: Value,
}

impl Endpoint {
    /// Reads the environment of the function.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Endpoint {
        // Collected, they would be sorted first, by code that takes some kilobytes of the binary.
        let mut all = BTreeMap::new();
        all.extend(variables);
        let settings = Settings::read(&all);
        let signer = Signer::read(&all);
        Endpoint { ready: settings.and_then(|settings| Ok((settings, signer?))) }
    }

    /// Answers a proxy event of API Gateway, whatever it holds.
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
                // What is wrong with the function itself is for those who read its log.
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
