//! Durations and sizes, as people write them.

use std::fmt;

/// Whole seconds; written `90`, `10s`, `5m`, `1h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub u32);

/// Prints the largest unit that divides it: `90 s`, `5 m`, `1 h`, `7 d` without the space.
impl fmt::Display for Seconds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Seconds(all) = *self;
        for (size, unit) in [(86_400, 'd'), (3_600, 'h'), (60, 'm')] {
            if all > 0 && all.is_multiple_of(size) {
                return write!(out, "{}{unit}", all / size);
            }
        }
        write!(out, "{all}s")
    }
}

/// Whole megabytes (MiB, as Lambda counts); written `128`, `128MB`, `1GB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Megabytes(pub u32);

impl fmt::Display for Megabytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} MB", self.0)
    }
}

/// How long CloudWatch keeps logs: one of the numbers of days that it knows (LOG-03); written `30d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RetentionDays(pub u32);

impl fmt::Display for RetentionDays {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} days", self.0)
    }
}
