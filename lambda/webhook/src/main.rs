//! The webhook function, as Lambda runs it.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use webhook::Webhook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // A variable that is no text is none of ours.
    let variables = std::env::vars_os();
    let texts =
        variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let webhook = Webhook::new(texts);
    let webhook = &webhook;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let LambdaEvent { payload, context } = event;
        let log = |mut line: Value| {
            line["requestId"] = context.request_id.clone().into();
            println!("{line}");
        };
        webhook.handle(&payload, context.deadline(), &log).await.map_err(Error::from)
    }))
    .await
}
