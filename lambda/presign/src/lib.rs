//! The endpoint behind which signed-in people upload: presigned URLs for keys under their own prefix.

pub mod address;
mod answer;
mod key;
pub mod post_policy;
mod request;
mod routes;
pub mod settings;
pub mod sign;

use std::time::SystemTime;

use serde_json::Value;

use crate::{answer::Answer, request::Request, settings::Settings, sign::Signer};

/// What a running function has: its settings and its credentials, or why it can't work.
pub struct Endpoint {
    settings: Result<(Settings, Signer), String>,
}

impl Endpoint {
    /// Reads the environment of the function.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Endpoint {
        let variables = variables.into_iter().collect();
        let settings = Settings::read(&variables);
        let signer = Signer::read(&variables);
        Endpoint { settings: settings.and_then(|settings| Ok((settings, signer?))) }
    }

    /// Answers a proxy event of API Gateway (LAM-49), whatever it holds.
    pub fn answer(&self, event: &Value, now: SystemTime) -> Value {
        let request = Request::read(event);
        let answer = match &self.settings {
            Ok((settings, signer)) => {
                routes::answer(&request, settings, signer, now).unwrap_or_else(|error| error.answer(&request))
            }
            Err(why) => Answer::misconfigured(why, &request),
        };
        answer.to_event(&request)
    }
}
