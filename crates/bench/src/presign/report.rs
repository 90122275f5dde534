//! The measurements as two tables.

use std::time::Duration;

use super::{
    life::Life,
    variant::{CALLS, STARTS, Variant},
};
use crate::{machine, spread::Spread, table::Table};

/// A number of a life.
type Figure = fn(&Life) -> f64;

const FIRST_POLL: Figure = |life| milliseconds(life.first_poll);
const FIRST_ANSWER: Figure = |life| milliseconds(life.first_answer);
const FIRST_CPU: Figure = |life| milliseconds(life.first_cpu);
const MEDIAN: Figure = |life| quantile(&life.warm, 50);
const SLOWEST: Figure = |life| quantile(&life.warm, 99);
const CPU: Figure = |life| microseconds(life.cpu) / CALLS.measured as f64;
const MEMORY: Figure = |life| life.peak as f64 / 1e6;

/// The measurements, each beside its target.
pub fn text(function: &Variant, node: &Variant, floor: &Variant, node_version: &str) -> String {
    let mut costs = Table::new(&[
        "`GET /`",
        "binary kB",
        "zip kB",
        "first poll ms",
        "first answer ms",
        "CPU until then ms",
        "warm p50 µs",
        "warm p99 µs",
        "CPU µs a call",
        "peak memory MB",
    ]);
    for variant in [function, node, floor] {
        let kilobytes = |bytes: usize| format!("{:.0}", bytes as f64 / 1e3);
        let figure = |digits: usize, of: Figure| spread(digits, variant.lives.iter().map(of));
        costs.row(&[
            variant.name.to_owned(),
            kilobytes(variant.sizes.0),
            kilobytes(variant.sizes.1),
            figure(1, FIRST_POLL),
            figure(1, FIRST_ANSWER),
            figure(1, FIRST_CPU),
            figure(0, MEDIAN),
            figure(0, SLOWEST),
            figure(0, CPU),
            figure(1, MEMORY),
        ]);
    }
    let mut ratios = Table::new(&["", "measured", "target"]);
    let mut ratio = |what: &str, target: &str, of: Figure, over: &Variant, under: &Variant| {
        let pairs = over.lives.iter().zip(&under.lives);
        let measured = spread(2, pairs.map(|(over, under)| of(over) / of(under)));
        ratios.row(&[what, &measured, target]);
    };
    ratio("first answer, Node.js ÷ this", "at least 50", FIRST_ANSWER, node, function);
    ratio("CPU until then, Node.js ÷ this", "", FIRST_CPU, node, function);
    ratio("peak memory, Node.js ÷ this", "at least 30", MEMORY, node, function);
    ratio("CPU a call, Node.js ÷ this", "at least 8", CPU, node, function);
    ratio("first answer, this ÷ std alone", "at most 1.5", FIRST_ANSWER, function, floor);
    ratio("CPU until then, this ÷ std alone", "", FIRST_CPU, function, floor);
    let machine = machine::described();
    let Variant { sizes: (binary, zip), .. } = function;
    format!(
        "## The presign function\n\n\
         Each program gets the same event of API Gateway from a runtime API of our own, as Lambda would send it, and \
         answers with a presigned URL whose signature is checked. {STARTS} starts of each, in turns; \
         {} calls after the first answer, then {} measured ones. Median (least–greatest); a ratio is of two starts of one \
         turn. {machine}.\n\n{costs}\n{ratios}\n\
         The stripped binary has {binary} bytes (target: under 1,000,000) and its zip {zip} (under 500,000), with every \
         route; `make test` asserts both. Node.js is {node_version} with @aws-sdk/s3-request-presigner, bundled and \
         minified by esbuild, on a runtime of one page of JavaScript: AWS's own is larger.",
        CALLS.warm_up, CALLS.measured
    )
}

fn spread(digits: usize, measured: impl Iterator<Item = f64>) -> String {
    let measured: Vec<f64> = measured.collect();
    Spread::of(&measured).map_or_else(String::new, |it| format!("{it:.digits$}"))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The time that so many percent of the calls did not exceed.
fn quantile(times: &[Duration], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    sorted.get(at).copied().map_or(f64::NAN, microseconds)
}
