//! The requests of a run, as a local cloud's log tells them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use serde_json::Value;

/// What takes a stack's lock.
const LOCK: &str = "ssm:PutParameter";

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// As in `s3:CreateBucket`.
    pub operation: String,
    /// The status of its answer.
    pub status: u64,
    /// The connection it came by.
    pub connection: u64,
    /// The wave it was let through with, where there are waves.
    pub wave: Option<u64>,
}

/// Requests in the order of their answers.
#[derive(Debug, Clone, Default)]
pub struct Calls(pub Vec<Call>);

/// How long a log is so far.
pub fn lines(log: &Path) -> usize {
    fs::read_to_string(log).unwrap_or_default().lines().count()
}

impl Calls {
    /// The requests of a log after its first `lines`.
    pub fn since(log: &Path, lines: usize) -> Calls {
        let log = fs::read_to_string(log).unwrap_or_default();
        Calls(log.lines().skip(lines).filter_map(call).collect())
    }

    /// How many connections they came by.
    pub fn connections(&self) -> usize {
        self.0.iter().map(|it| it.connection).collect::<BTreeSet<_>>().len()
    }

    /// How many depend on each other in a row at most: in how many waves they came.
    pub fn chain(&self) -> usize {
        self.waves().len()
    }

    fn waves(&self) -> Vec<Wave<'_>> {
        self.numbered_waves().into_values().collect()
    }

    fn numbered_waves(&self) -> BTreeMap<Option<u64>, Wave<'_>> {
        let mut waves: BTreeMap<_, Wave<'_>> = BTreeMap::new();
        for call in &self.0 {
            *waves.entry(call.wave).or_default().entry(call.operation.as_str()).or_default() += 1;
        }
        waves
    }

    /// The waves without the requests of a look, which a command begins with; those of nothing else are left out. None
    /// when it does not begin so.
    pub fn beyond(&self, look: &Calls) -> Option<String> {
        let (mut waves, look_waves) = (self.waves(), look.waves());
        let mut text = format!("look + {} requests in {} waves\n", self.0.len() - look.0.len(), waves.len());
        for (index, look) in look_waves.into_iter().enumerate() {
            for (operation, times) in look {
                let here = waves.get_mut(index)?.get_mut(operation)?;
                *here = here.checked_sub(times)?;
            }
        }
        for (number, mut wave) in (1..).zip(waves) {
            wave.retain(|_, times| *times > 0);
            if !wave.is_empty() {
                text += &format!("{number} {}\n", told(&wave));
            }
        }
        Some(text)
    }

    /// Without what a run does only because the machine is slow: looking again when it had the lock late, and renewing
    /// the lock.
    pub fn at_any_speed(mut self) -> Calls {
        let mut locks = 0;
        self.0.retain(|call| {
            locks += usize::from(call.operation == LOCK);
            call.operation != LOCK || locks == 1
        });
        let (numbers, waves): (Vec<_>, Vec<_>) = self.numbered_waves().into_iter().unzip();
        let look = waves.iter().take_while(|wave| !wave.contains_key(LOCK)).count();
        let again = look + 1..2 * look + 1;
        if look == 0 || waves.get(..look) != waves.get(again.clone()) {
            return self;
        }
        let again: BTreeSet<_> = numbers[again].iter().copied().collect();
        Calls(self.0.into_iter().filter(|it| !again.contains(&it.wave)).collect())
    }

    /// How many there are of each operation.
    pub fn by_operation(&self) -> BTreeMap<&str, usize> {
        count(self.0.iter().map(|it| it.operation.as_str()))
    }

    /// How many there are of each service.
    pub fn by_service(&self) -> BTreeMap<&str, usize> {
        count(self.0.iter().map(|it| it.operation.split(':').next().unwrap_or_default()))
    }
}

/// The waves, a line each.
impl fmt::Display for Calls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waves = self.waves();
        writeln!(out, "{} requests in {} waves", self.0.len(), waves.len())?;
        (1..).zip(waves).try_for_each(|(number, wave)| writeln!(out, "{number} {}", told(&wave)))
    }
}

/// How many there are of each operation in a wave.
type Wave<'a> = BTreeMap<&'a str, usize>;

fn told(wave: &Wave<'_>) -> String {
    let operations = wave.iter().map(|(operation, times)| match times {
        1 => (*operation).to_owned(),
        times => format!("{operation}×{times}"),
    });
    operations.collect::<Vec<_>>().join(" ")
}

fn count<'a>(all: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for it in all {
        *counts.entry(it).or_default() += 1;
    }
    counts
}

fn call(line: &str) -> Option<Call> {
    let line: Value = serde_json::from_str(line).ok()?;
    let text = |name: &str| line[name].as_str().unwrap_or("?");
    Some(Call {
        operation: format!("{}:{}", text("service"), text("operation")),
        status: line["status"].as_u64()?,
        connection: line["connection"].as_u64()?,
        wave: line["wave"].as_u64(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_slow_machine_does() {
        let calls = |all: &str| {
            let call = |(wave, operation): (u64, &str)| Call {
                operation: operation.to_owned(),
                status: 200,
                connection: 1,
                wave: Some(wave),
            };
            let waves = (1..).zip(all.split(" / "));
            Calls(waves.flat_map(|(wave, it)| it.split(' ').map(move |it| call((wave, it)))).collect())
        };
        let quick = "s3:List iam:List / ssm:PutParameter / s3:Put / ssm:DeleteParameter";
        let slow = "s3:List iam:List / ssm:PutParameter / iam:List s3:List / s3:Put ssm:PutParameter / \
                    ssm:PutParameter / ssm:DeleteParameter";
        assert_eq!(calls(slow).at_any_speed().to_string(), calls(quick).to_string());
        assert_eq!(calls(quick).at_any_speed().to_string(), calls(quick).to_string());
        let quick = "s3:List / s3:Get / ssm:PutParameter / s3:Put / ssm:DeleteParameter";
        let slow = "s3:List / s3:Get / ssm:PutParameter / s3:List / s3:Get / s3:Put / ssm:DeleteParameter";
        assert_eq!(calls(slow).at_any_speed().to_string(), calls(quick).to_string());
        let other = "s3:List / s3:Get / ssm:PutParameter / s3:List / s3:Put / ssm:DeleteParameter";
        assert_eq!(calls(other).at_any_speed().to_string(), calls(other).to_string());
        assert_eq!(calls(quick).chain(), 5);
    }
}
