//! The presign function, as Lambda runs it.

use std::time::{Instant, SystemTime};

use lambda_runtime::{Error, LambdaEvent, service_fn};
use presign::Endpoint;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // A variable that is no text is none of ours.
    let variables = std::env::vars_os();
    let texts =
        variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let endpoint = Endpoint::new(texts);
    let endpoint = &endpoint;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let began = Instant::now();
        let mut handled = endpoint.handle(&event.payload, SystemTime::now());
        handled.log["microseconds"] = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX).into();
        println!("{}", handled.log);
        Ok::<Value, Error>(handled.answer)
    }))
    .await
}
