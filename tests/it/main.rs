//! Tests of the real program against the real local cloud.

mod as_aws;
mod aws_cli;
mod builds;
mod calls;
mod cloud;
mod contract;
mod credentials;
mod data;
mod designed;
mod edits;
mod environment;
mod examples;
mod exposures;
mod faults;
mod flow;
mod foreign;
mod generator;
mod grants;
mod inventory;
mod lifecycle;
mod limits;
mod local;
mod lock;
mod lost_tags;
mod moto;
mod oracle;
mod people;
mod policy;
mod program;
mod random;
mod regions;
mod requests;
// One way to hold an answer against the document, here and in the function's own tests.
#[path = "../../lambda/presign/tests/it/schema.rs"]
mod schema;
mod schemathesis;
mod size;
mod soak;
mod srp;
mod strict;
mod sweep;
mod together;
mod trial;
mod verify;
mod whole;

use std::time::Instant;

use libtest_mimic::{Arguments, Trial};

use crate::{cloud::Cloud, trial::Processors};

fn main() {
    let arguments = Arguments::from_args();
    if arguments.list {
        // Names need no cloud, and nothing runs.
        libtest_mimic::run(&arguments, trials(Box::leak(Box::new(Cloud::unstarted())))).exit();
    }
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
    let all = [
        flow::trials(cloud),
        limits::trials(cloud),
        contract::trials(cloud),
        schemathesis::trials(cloud),
        credentials::trials(cloud),
        people::trials(cloud),
        verify::trials(cloud),
        policy::trials(cloud),
        grants::trials(cloud),
        builds::trials(cloud),
        designed::trials(cloud),
        examples::trials(cloud),
        data::trials(cloud),
        whole::trials(cloud),
        local::trials(cloud),
        lifecycle::trials(cloud),
        exposures::trials(cloud),
        faults::trials(),
        size::trials(),
        as_aws::trials(),
        lock::trials(),
        together::trials(),
        moto::trials(),
        calls::trials(),
        sweep::trials(),
        foreign::trials(),
        regions::trials(),
        lost_tags::trials(),
        random::trials(),
    ];
    all.into_iter().flatten().collect()
}
