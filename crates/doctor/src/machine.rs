//! The checks of this machine.

use std::time::Duration;

use stackctl_localcloud::{Instance, MINISTACK, Status, python_version, status};
use stackctl_stackfile::Problem;
use tokio::time::timeout;

use crate::finding::Finding;

/// The longest that a check may take.
const BOUND: Duration = Duration::from_secs(10);

/// Whether this machine has what the code of the file's functions needs; `missing` is what it lacks, none when that could
/// not be found out in time. `warnings` are sentences about functions whose runtime is deprecated.
pub fn build(missing: Option<&[Problem]>, warnings: &[String]) -> Finding {
    const ID: &str = "code";
    match missing {
        None => Finding::doubt(
            ID,
            "cargo did not answer in time",
            "see that `cargo metadata` ends in this workspace",
        ),
        Some([]) => match warnings {
            [] => Finding::good(ID, "this machine has what the code of the functions needs"),
            [first, ..] => Finding::doubt(ID, first.clone(), "`stackctl validate` shows all such functions"),
        },
        Some([Problem { title, label, help, .. }, more @ ..]) => {
            let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
            let cure = help.clone().unwrap_or_else(|| "`stackctl validate` shows the place".to_owned());
            Finding::bad(ID, format!("{title}: {label}{more}"), cure)
        }
    }
}

/// The Python that the local cloud needs.
pub async fn python(local: bool) -> Finding {
    let cure = "install Python 3.10 or newer with venv; only the local cloud needs it";
    let missing = if local { Finding::bad } else { Finding::doubt };
    match timeout(BOUND, python_version()).await {
        Ok(Ok(version)) => Finding::good("python", format!("Python {version} for the local cloud")),
        Ok(Err(error)) => missing("python", error.to_string(), cure.to_owned()),
        Err(_) => {
            missing("python", format!("Python did not answer within {} s", BOUND.as_secs()), cure.to_owned())
        }
    }
}

/// Whether the local cloud runs.
pub async fn local_cloud(instance: Option<&Instance>) -> Finding {
    const ID: &str = "local cloud";
    let Some(instance) = instance else {
        return Finding::doubt(ID, "there is no folder for it", "set HOME or XDG_STATE_HOME");
    };
    let log = format!("see its log: {}", instance.log().display());
    match timeout(BOUND, status(instance)).await {
        Ok(Ok(Status::Running(cloud))) => {
            Finding::good(ID, format!("runs at {} (MiniStack {MINISTACK})", cloud.url))
        }
        Ok(Ok(Status::Starting)) => Finding::doubt(ID, "it is starting", log),
        Ok(Ok(Status::Stopped)) => Finding::good(ID, "does not run; --local starts it"),
        Ok(Err(error)) => Finding::doubt(ID, error.to_string(), log),
        Err(_) => Finding::doubt(ID, format!("it did not answer within {} s", BOUND.as_secs()), log),
    }
}
