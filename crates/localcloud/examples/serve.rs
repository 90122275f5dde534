//! A local cloud in the foreground, without the rest of stackctl.
//!
//! `cargo run -p stackctl-localcloud --example serve -- --port 4599 --region eu-west-1`

use std::{env, path::PathBuf, process::ExitCode};

use stackctl_localcloud::{DEFAULT_PORT, Instance, Options, serve};

#[tokio::main]
async fn main() -> ExitCode {
    let home = PathBuf::from(env::var_os("HOME").unwrap_or_default());
    let cache =
        env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from).join("stackctl");
    let port = argument("--port").and_then(|it| it.parse().ok()).unwrap_or(DEFAULT_PORT);
    let state = argument("--state")
        .map_or_else(|| cache.join("local").join(format!("example-{port}")), PathBuf::from);
    let region = argument("--region").unwrap_or_else(|| "eu-west-1".to_owned());
    let options = Options { cache, instance: Instance::at(state), port, region };
    match serve(&options, &mut |progress| eprintln!("{progress}")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(hint) = error.hint() {
                eprintln!("help: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

fn argument(name: &str) -> Option<String> {
    let mut arguments = env::args().skip_while(|it| it != name);
    arguments.next().and_then(|_| arguments.next())
}
