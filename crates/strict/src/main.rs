//! A strict local cloud, for tests and benchmarks: in the foreground (`serve`) or in the background (`up`).
//! `stackctl local status` and `down` work with it, when `STACKCTL_LOCAL_STATE` names its folder.
//!
//! `strict-cloud up --port 4599 --region eu-west-1 --state FOLDER [--record FILE]`

use std::{
    env,
    path::PathBuf,
    process::{Command, ExitCode},
    sync::Arc,
};

use stackctl_localcloud::{Error, Instance, Options, Progress, serve, up};
use stackctl_strict::Strict;

const USAGE: &str = "usage: strict-cloud up|serve --port PORT --region REGION --state FOLDER [--cache FOLDER] [--record FILE]";

#[tokio::main]
async fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("{USAGE}");
        return ExitCode::from(64);
    };
    match run(&options).await {
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

fn options() -> Option<Options> {
    let home = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    Some(Options {
        cache: argument("--cache").map(PathBuf::from).or_else(|| Some(home?.join("stackctl")))?,
        instance: Instance::at(argument("--state")?),
        port: argument("--port")?.parse().ok()?,
        region: argument("--region")?,
        record: argument("--record").map(PathBuf::from),
    })
}

async fn run(options: &Options) -> Result<(), Error> {
    let mut tell = |progress: Progress| eprintln!("{progress}");
    if env::args().nth(1).as_deref() == Some("serve") {
        return serve(options, Some(Arc::new(Strict::default())), &mut tell).await;
    }
    let mut daemon = Command::new(env::current_exe().expect("the program has a path"));
    daemon.arg("serve").args(["--port", &options.port.to_string(), "--region", &options.region]);
    daemon.arg("--state").arg(options.instance.folder()).arg("--cache").arg(&options.cache);
    if let Some(record) = &options.record {
        daemon.arg("--record").arg(record);
    }
    println!("{}", up(options, daemon, &mut tell).await?.url);
    Ok(())
}

fn argument(name: &str) -> Option<String> {
    let mut arguments = env::args().skip_while(|it| it != name);
    arguments.next().and_then(|_| arguments.next())
}
