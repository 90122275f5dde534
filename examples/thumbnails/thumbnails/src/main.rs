//! A Lambda function that keeps a thumbnail of each image below `uploads/`, below `thumbnails/`.

mod event;
mod handler;
mod s3;
mod thumbnail;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

use crate::s3::S3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let s3 = &S3::from_environment()?;
    // Lambda calls an instance for one event at a time, so nothing waits while a request blocks.
    run(service_fn(async |event: LambdaEvent<Value>| handler::handle(&event.payload, s3))).await
}
