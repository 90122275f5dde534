//! A Lambda function in std alone. It logs each event that it is called with, in one line. It ends at an event of an object
//! whose key contains `broken`.

mod runtime_api;

fn main() {
    runtime_api::serve(|event| {
        println!("event {}", event.replace(['\n', '\r'], " "));
        if event.contains("broken") {
            std::process::exit(1);
        }
    });
}
