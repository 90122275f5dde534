//! A Lambda function in std alone. It logs each event that it is called with, in one line.

mod runtime_api;

fn main() {
    runtime_api::serve(|event| println!("event {}", event.replace(['\n', '\r'], " ")));
}
