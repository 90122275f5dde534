//! One stack from nothing to nothing: how long each command takes, beside the least that it could take.

pub mod bound;
pub mod command;

use std::{fs, io, path::Path, thread::sleep, time::Duration};

use serde_json::{Value, json};

use self::{
    bound::Waits,
    command::{COMMANDS, Command},
};
use crate::{
    calls::Calls,
    chart::Chart,
    cloud::{Cloud, Project},
    section::Section,
    spread::Spread,
    table::Table,
};

/// Milliseconds that each request takes.
const DELAYS: [u32; 3] = [0, 50, 100];
const RUNS: usize = 5;
/// Runs in which AWS's own waits pass.
const WAITING_RUNS: usize = 3;
/// The stack is as old as this when something is deployed again: CreateDeployment is one per 5 s (AGW-01).
const REST: Duration = Duration::from_secs(6);

/// One run of one command.
#[derive(Debug, Default, Clone)]
struct Measured {
    wall: Vec<f64>,
    peak: Vec<f64>,
    connections: usize,
}

/// Measures it; `file` is the stack.yaml.
///
/// # Errors
/// A command that fails.
pub fn section(program: &Path, file: &Path) -> io::Result<Section> {
    let file = fs::read_to_string(file)?;
    let project = Project::new(program, "stack")?;
    let (calls, by_delay) = at_each_delay(program, &project, &file)?;
    let waiting = waiting(program, &project, &file)?;
    let text = format!("## One stack\n\n{}\n{}\n{waiting}", counts(&calls), times(&by_delay));
    Ok(Section { name: "stack", text })
}

/// No rule of AWS's, and each request takes so long.
fn plain(delay: f64) -> Value {
    json!({ "time_scale": 0, "new_bucket_misses": 0, "delay": delay })
}

type ByDelay = Vec<(f64, Vec<Measured>)>;

fn at_each_delay(program: &Path, project: &Project, file: &str) -> io::Result<(Vec<Calls>, ByDelay)> {
    let cloud = Cloud::start(program)?;
    // Everything is built before anything is measured.
    cloud.set(&plain(0.0))?;
    for command in COMMANDS {
        project.write(&command.file(file))?;
        cloud.run(project, command.arguments())?;
    }
    let mut calls = Vec::new();
    for command in COMMANDS {
        project.write(&command.file(file))?;
        cloud.set(&json!({ "time_scale": 0, "new_bucket_misses": 0, "waves": true }))?;
        calls.push(cloud.run_in_waves(project, command.arguments())?);
    }
    let mut by_delay = Vec::new();
    for milliseconds in DELAYS {
        let delay = f64::from(milliseconds) / 1000.0;
        cloud.set(&plain(delay))?;
        let mut all = vec![Measured::default(); COMMANDS.len()];
        for _ in 0..RUNS {
            for (command, measured) in COMMANDS.iter().zip(&mut all) {
                project.write(&command.file(file))?;
                measured.add(&cloud, project, *command)?;
            }
        }
        by_delay.push((delay, all));
    }
    Ok((calls, by_delay))
}

impl Measured {
    fn add(&mut self, cloud: &Cloud, project: &Project, command: Command) -> io::Result<()> {
        let (ran, calls) = cloud.run(project, command.arguments())?;
        self.wall.push(ran.wall.as_secs_f64());
        self.peak.push(ran.peak as f64 / 1e6);
        self.connections = self.connections.max(calls.connections());
        Ok(())
    }

    fn wall(&self) -> Spread {
        Spread::of(&self.wall).unwrap_or(Spread { median: 0.0, least: 0.0, most: 0.0 })
    }
}

/// How many requests there are, and how many depend on each other.
fn counts(calls: &[Calls]) -> String {
    let mut table = Table::new(&["", "requests", "chain", "chain of the bound"]);
    let mut waves = String::new();
    for (command, calls) in COMMANDS.iter().zip(calls) {
        let numbers = [calls.0.len(), calls.chain(), bound::chain(*command)].map(|it| it.to_string());
        table.row(&[&[command.name().to_owned()][..], &numbers].concat());
        let by_service = calls.by_service().into_iter().map(|(service, count)| format!("{service} {count}"));
        waves += &format!("- {}: {}\n", command.name(), by_service.collect::<Vec<_>>().join(", "));
    }
    let paths = COMMANDS.map(|it| {
        let path = bound::path(it).into_iter().map(|(step, fact)| format!("{step} ({fact})"));
        format!("- {}: {}\n", it.name(), path.collect::<Vec<_>>().join(" → "))
    });
    format!(
        "### Requests\n\n{table}\nBy service:\n\n{waves}\nA longest chain of each bound, with the facts of \
         [aws.md](aws.md) that make it one:\n\n{}",
        paths.concat()
    )
}

/// How long they take.
fn times(by_delay: &ByDelay) -> String {
    let mut table =
        Table::new(&["", "ms per request", "wall s", "bound s", "wall ÷ bound", "peak MB", "connections"]);
    let mut chart = Chart::new("s");
    for (index, command) in COMMANDS.iter().enumerate() {
        for (delay, all) in by_delay {
            let measured = &all[index];
            let (wall, bound) = (measured.wall(), bound::seconds(*command, *delay, Waits::default()));
            let ratio = if bound > 0.0 { format!("{:.2}", wall.median / bound) } else { "–".to_owned() };
            let peak = measured.peak.iter().copied().fold(0.0, f64::max);
            table.row(&[
                command.name().to_owned(),
                format!("{:.0}", delay * 1000.0),
                wall.to_string(),
                format!("{bound:.2}"),
                ratio,
                format!("{peak:.0}"),
                measured.connections.to_string(),
            ]);
        }
        if let Some((delay, all)) = by_delay.last() {
            chart.bar(command.name(), all[index].wall().median);
            chart.bar("  bound", bound::seconds(*command, *delay, Waits::default()));
        }
    }
    let longest = DELAYS.last().copied().unwrap_or_default();
    format!(
        "### Times\n\n{RUNS} runs, median (least–greatest); the target for the peak is under 40 MB. With \
         {longest} ms per request, medians:\n\n{chart}\n{table}"
    )
}

/// With AWS's own waits, at the longest delay: IAM's alone, and all of them.
fn waiting(program: &Path, project: &Project, file: &str) -> io::Result<String> {
    let delay = f64::from(DELAYS.last().copied().unwrap_or_default()) / 1000.0;
    let mut table = Table::new(&["", "waits", "wall s", "bound s", "over the bound s"]);
    let alone = json!({
        "rules": { "*": false, "iam_propagation": true }, "new_bucket_misses": 0, "delay": delay,
    });
    let iam = Waits { propagation: 8.0, ..Waits::default() };
    let all = Waits { propagation: 8.0, pending: 3.0, update: 1.5 };
    let cases: [(&str, Value, Waits, &[Command]); 2] = [
        ("IAM alone: 8 s", alone, iam, &[Command::FirstApply]),
        (
            "all of the strict cloud's: IAM 8 s, Pending 3 s, update 1.5 s, rates, one write at a time",
            json!({ "delay": delay }),
            all,
            &[Command::FirstApply, Command::Nothing, Command::Cors, Command::Code],
        ),
    ];
    for (name, settings, waits, commands) in cases {
        let mut measured = vec![Measured::default(); commands.len()];
        for _ in 0..WAITING_RUNS {
            // A new cloud's rates are all unused.
            let cloud = Cloud::start(program)?;
            cloud.set(&settings)?;
            for (command, measured) in commands.iter().zip(&mut measured) {
                if *command != Command::FirstApply {
                    sleep(REST);
                }
                project.write(&command.file(file))?;
                measured.add(&cloud, project, *command)?;
            }
        }
        for (command, measured) in commands.iter().zip(&measured) {
            let (wall, bound) = (measured.wall(), bound::seconds(*command, delay, waits));
            table.row(&[
                command.name().to_owned(),
                name.to_owned(),
                wall.to_string(),
                format!("{bound:.2}"),
                format!("{:.2}", wall.median - bound),
            ]);
        }
    }
    Ok(format!(
        "### With AWS's own waits\n\n{WAITING_RUNS} runs each on a new cloud, {:.0} ms per request. The bound has \
         the waits that no client can remove; the target for a first apply is at most 1 s more.\n\n{table}",
        delay * 1000.0
    ))
}
