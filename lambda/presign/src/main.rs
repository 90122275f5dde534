//! The presign function, as Lambda runs it.

use std::time::{Instant, SystemTime};

use lambda_runtime::{Error, LambdaEvent, service_fn};
use presign::Endpoint;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let endpoint = Endpoint::new(std::env::vars());
    let endpoint = &endpoint;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let began = Instant::now();
        let event = event.payload;
        let answer = endpoint.answer(&event, SystemTime::now());
        // Which route and how it ended; never a URL, a token or a key.
        let line = json!({
            "requestId": event["requestContext"]["requestId"],
            "route": format!("{} {}", event["httpMethod"].as_str().unwrap_or("?"), event["resource"].as_str().unwrap_or("?")),
            "status": answer["statusCode"],
            "microseconds": u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        });
        println!("{line}");
        Ok::<Value, Error>(answer)
    }))
    .await
}
