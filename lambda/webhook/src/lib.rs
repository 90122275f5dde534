//! The built-in function `webhook`: it posts what happens in a bucket to a web server, signed by the Standard Webhooks
//! scheme.

mod address;
mod delivery;
mod http;
pub mod message;
mod parameter;
pub mod secrets;
mod settings;
pub mod target;

use std::{collections::BTreeMap, time::SystemTime};

use serde_json::{Value, json};

use crate::{delivery::Delivery, http::Http, message::messages, parameter::Parameter, settings::Settings};

/// A running function: its settings, or the reason why it can't work.
pub struct Webhook {
    ready: Result<Delivery, String>,
}

impl Webhook {
    /// Reads the environment of the function.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Webhook {
        let mut all = BTreeMap::new();
        all.extend(variables);
        let ready = Settings::read(&all).and_then(|settings| {
            let http = Http::new();
            let parameter = Parameter::read(&all, settings.secret.clone())?;
            Ok(Delivery::new(settings, parameter, http))
        });
        Webhook { ready }
    }

    /// Delivers each record of an event of S3; a test event has none. `deadline` is the end of the invocation. `log` gets
    /// one line for each attempt: the event's id, and the result; never a secret, a URL or a key.
    ///
    /// # Errors
    /// The records that were not delivered, and why. Lambda then invokes the function again.
    pub async fn handle(
        &self,
        event: &Value,
        deadline: SystemTime,
        log: &(dyn Fn(Value) + Sync),
    ) -> Result<(), String> {
        let delivery = self.ready.as_ref().map_err(|why| {
            log(json!({ "error": "Misconfigured", "message": why }));
            why.clone()
        })?;
        let mut failed = Vec::new();
        for message in messages(event, delivery.folders()) {
            if let Err(why) = delivery.deliver(&message, deadline, log).await {
                failed.push(format!("{}: {why}", message.id));
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
    }
}
