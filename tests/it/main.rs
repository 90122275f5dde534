//! Tests of the real program against the real local cloud.

mod access;
mod accounts;
mod endpoint;
mod events;
mod export;
mod faults;
mod functions;
mod groups;
mod harness;
mod locking;
mod ownership;
mod project;
mod stacks;
mod webhooks;

use std::{thread::available_parallelism, time::Instant};

use libtest_mimic::{Arguments, Trial};

use crate::{
    harness::{
        cloud::Cloud,
        oracle, strict,
        trial::{self, Processors},
    },
    stacks::moto,
};

fn main() {
    let mut arguments = Arguments::from_args();
    if arguments.list {
        // Names need no cloud, and nothing runs.
        libtest_mimic::run(&arguments, trials(Box::leak(Box::new(Cloud::unstarted())))).exit();
    }
    // Most of a trial is waiting.
    const FOR_EACH_CORE: usize = 4;
    let cores = available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(FOR_EACH_CORE * cores);
    let (began, processors) = (Instant::now(), Processors::now());
    let cloud: &'static Cloud = Box::leak(Box::new(Cloud::start()));
    let conclusion = libtest_mimic::run(&arguments, trials(cloud));
    trial::report(began, processors);
    cloud.local("down");
    strict::all_down();
    moto::down();
    if !oracle::agrees() {
        eprintln!("requests of this run are not valid");
        std::process::exit(101);
    }
    conclusion.exit();
}

fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    // The longest first; short ones fill the end.
    let all = [
        faults::trials(),
        locking::trials(),
        endpoint::trials(cloud),
        access::trials(cloud),
        groups::trials(cloud),
        accounts::trials(cloud),
        stacks::trials(cloud),
        events::trials(cloud),
        webhooks::trials(cloud),
        ownership::trials(cloud),
        functions::trials(cloud),
        project::trials(cloud),
        export::trials(cloud),
    ];
    all.into_iter().flatten().collect()
}
