//! A local cloud without the rest of stackctl: in the foreground, or `up`, `down` and `status` for the background.
//!
//! `cargo run -p stackctl-localcloud --example serve -- [up | down | status] [--port 4599] [--region eu-west-1] [--state FOLDER] [--strict]`

use std::{
    env,
    path::PathBuf,
    process::{Command, ExitCode},
};

use stackctl_localcloud::{DEFAULT_PORT, Error, Instance, Options, Progress, down, serve, status, up};

#[tokio::main]
async fn main() -> ExitCode {
    let home = PathBuf::from(env::var_os("HOME").unwrap_or_default());
    let cache =
        env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from).join("stackctl");
    let port = argument("--port").and_then(|it| it.parse().ok()).unwrap_or(DEFAULT_PORT);
    let state = argument("--state")
        .map_or_else(|| cache.join("local").join(format!("example-{port}")), PathBuf::from);
    let region = argument("--region").unwrap_or_else(|| "eu-west-1".to_owned());
    let instance = Instance::at(&state);
    let strict = env::args().any(|it| it == "--strict");
    let options = Options { cache, instance: instance.clone(), port, region, strict, record: None };
    match run(&options, &instance).await {
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

async fn run(options: &Options, instance: &Instance) -> Result<(), Error> {
    let mut tell = |progress: Progress| eprintln!("{progress}");
    match env::args().nth(1).as_deref() {
        Some("up") => {
            let mut daemon = Command::new(env::current_exe().expect("the program has a path"));
            daemon.args(["--port", &options.port.to_string(), "--region", &options.region, "--state"]);
            daemon.arg(instance.folder());
            daemon.args(options.strict.then_some("--strict"));
            println!("{:?}", up(options, daemon, &mut tell).await?);
        }
        Some("down") => println!("{}", down(instance, &mut tell).await?),
        Some("status") => println!("{:?}", status(instance).await?),
        _ => serve(options, &mut tell).await?,
    }
    Ok(())
}

fn argument(name: &str) -> Option<String> {
    let mut arguments = env::args().skip_while(|it| it != name);
    arguments.next().and_then(|_| arguments.next())
}
