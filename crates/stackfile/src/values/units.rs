//! Durations and sizes, as people write them.

use std::{fmt, str::FromStr};

use serde_json::{Value as Json, json};

use crate::read::scalar::{Invalid, Scalar, from_text};

/// Whole seconds; written `90`, `10s`, `5m`, `1h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub u32);

impl Seconds {
    /// The number of whole days.
    pub fn days(self) -> u32 {
        self.0 / 86_400
    }
}

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

impl FromStr for Seconds {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Seconds, Invalid> {
        const HELP: &str = "write a whole number and a unit: `10s`, `5m`, `1h`, `7d`";
        let (number, unit) =
            number_and_unit(text).ok_or_else(|| Seconds::invalid("no whole number and unit").fix(HELP))?;
        let size = match unit {
            "" | "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(Seconds::invalid(format!("`{unit}` is no unit of time here")).fix(HELP)),
        };
        whole::<Seconds>(number, size).map(Seconds)
    }
}

impl Scalar for Seconds {
    const WHAT: &'static str = "a duration";

    fn schema() -> Json {
        json!({ "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+ ?[smhd]?$" })
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

impl FromStr for Megabytes {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Megabytes, Invalid> {
        const HELP: &str = "write a whole number, in MB when there is no unit: `128`, `128MB`, `1GB`";
        let (number, unit) =
            number_and_unit(text).ok_or_else(|| Megabytes::invalid("no whole number and unit").fix(HELP))?;
        let size = match unit {
            "" | "MB" => 1,
            "GB" => 1_024,
            _ => return Err(Megabytes::invalid(format!("`{unit}` is no unit of size here")).fix(HELP)),
        };
        whole::<Megabytes>(number, size).map(Megabytes)
    }
}

impl Scalar for Megabytes {
    const WHAT: &'static str = "a size";

    fn schema() -> Json {
        json!({ "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+ ?(MB|GB)?$" })
    }
}

/// Whole bytes (KB, MB and GB of 1,024); written `500`, `500KB`, `100MB`, `2GB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} bytes", self.0)
    }
}

impl FromStr for Bytes {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Bytes, Invalid> {
        const HELP: &str = "write a whole number, in bytes when there is no unit: `500KB`, `100MB`, `2GB`";
        let (number, unit) =
            number_and_unit(text).ok_or_else(|| Bytes::invalid("no whole number and unit").fix(HELP))?;
        let size = match unit {
            "" => 1,
            "KB" => 1 << 10,
            "MB" => 1 << 20,
            "GB" => 1 << 30,
            _ => return Err(Bytes::invalid(format!("`{unit}` is no unit of size here")).fix(HELP)),
        };
        let bytes = number.parse().ok().and_then(|it: u64| it.checked_mul(size));
        bytes.map(Bytes).ok_or_else(|| Bytes::invalid("far too large").fix("write a smaller number"))
    }
}

impl Scalar for Bytes {
    const WHAT: &'static str = "a size";

    fn schema() -> Json {
        json!({ "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+ ?(KB|MB|GB)?$" })
    }
}

/// How long CloudWatch keeps logs: one of the numbers of days that it knows (LOG-03); written `30d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RetentionDays(pub u32);

/// The retention periods that CloudWatch Logs has, in days.
const RETENTIONS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl fmt::Display for RetentionDays {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} days", self.0)
    }
}

impl FromStr for RetentionDays {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<RetentionDays, Invalid> {
        let all =
            || "write days that CloudWatch knows, such as `7d`, `14d`, `30d`, `90d` or `365d`".to_owned();
        let (number, unit) =
            number_and_unit(text).ok_or_else(|| RetentionDays::invalid("no number of days").fix(all()))?;
        if unit != "d" {
            return Err(RetentionDays::invalid("it must be in days").fix(all()));
        }
        let days = whole::<RetentionDays>(number, 1)?;
        if RETENTIONS.contains(&days) {
            return Ok(RetentionDays(days));
        }
        let below = RETENTIONS.iter().rev().find(|it| **it < days).map(|it| format!("`{it}d`"));
        let above = RETENTIONS.iter().find(|it| **it > days).map(|it| format!("`{it}d`"));
        let near: Vec<String> = below.into_iter().chain(above).collect();
        let why = "CloudWatch can't keep logs for just that long";
        Err(RetentionDays::invalid(why).fix(format!("write {}", near.join(" or "))))
    }
}

impl Scalar for RetentionDays {
    const WHAT: &'static str = "a log retention";

    fn schema() -> Json {
        json!({ "enum": RETENTIONS.map(|days| format!("{days}d")) })
    }
}

from_text!(Seconds, Megabytes, RetentionDays);

/// `10s` and `10 s` are 10 and `s`.
fn number_and_unit(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    let is_unit = unit.chars().all(|it| it.is_ascii_alphabetic());
    (!number.is_empty() && is_unit).then_some((number, unit))
}

fn whole<T: Scalar>(number: &str, size: u32) -> Result<u32, Invalid> {
    number
        .parse()
        .ok()
        .and_then(|it: u32| it.checked_mul(size))
        .ok_or_else(|| T::invalid("far too large").fix("write a smaller number"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check<T: Scalar + fmt::Display>(texts: &[&str], expected: Expect) {
        let read = |text: &&str| match text.parse::<T>() {
            Ok(value) => format!("{text} = {value}\n"),
            Err(error) => format!("{text}: {error}\n"),
        };
        expected.assert_eq(&texts.iter().map(read).collect::<String>());
    }

    #[test]
    fn durations() {
        let texts = ["90", "10s", "10 s", "5m", "1h", "7d", "0", "60s", "4294967295", "4294967296", "49711d"];
        check::<Seconds>(
            &texts,
            expect![[r#"
                90 = 90s
                10s = 10s
                10 s = 10s
                5m = 5m
                1h = 1h
                7d = 7d
                0 = 0s
                60s = 1m
                4294967295 = 4294967295s
                4294967296: not a duration: far too large; write a smaller number
                49711d: not a duration: far too large; write a smaller number
            "#]],
        );
        check::<Seconds>(
            &["", "s", "-1", "1.5h", "1h30m", "10ms", "10S", "10  s", " 10s", "１0s", "5min"],
            expect![[r#"
                : not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                s: not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                -1: not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                1.5h: not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                1h30m: not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                10ms: not a duration: `ms` is no unit of time here; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                10S: not a duration: `S` is no unit of time here; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                10  s: not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                 10s: not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                １0s: not a duration: no whole number and unit; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
                5min: not a duration: `min` is no unit of time here; write a whole number and a unit: `10s`, `5m`, `1h`, `7d`
            "#]],
        );
    }

    #[test]
    fn sizes() {
        check::<Megabytes>(
            &["128", "128MB", "1GB", "1 GB", "128M", "1gb", "0.5GB", "4194304GB"],
            expect![[r#"
                128 = 128 MB
                128MB = 128 MB
                1GB = 1024 MB
                1 GB = 1024 MB
                128M: not a size: `M` is no unit of size here; write a whole number, in MB when there is no unit: `128`, `128MB`, `1GB`
                1gb: not a size: `gb` is no unit of size here; write a whole number, in MB when there is no unit: `128`, `128MB`, `1GB`
                0.5GB: not a size: no whole number and unit; write a whole number, in MB when there is no unit: `128`, `128MB`, `1GB`
                4194304GB: not a size: far too large; write a smaller number
            "#]],
        );
    }

    #[test]
    fn bytes() {
        check::<Bytes>(
            &["500", "500KB", "100 MB", "5GB", "0", "1kb", "1TB", "1.5GB", "17179869184GB", "lots", ""],
            expect![[r#"
                500 = 500 bytes
                500KB = 512000 bytes
                100 MB = 104857600 bytes
                5GB = 5368709120 bytes
                0 = 0 bytes
                1kb: not a size: `kb` is no unit of size here; write a whole number, in bytes when there is no unit: `500KB`, `100MB`, `2GB`
                1TB: not a size: `TB` is no unit of size here; write a whole number, in bytes when there is no unit: `500KB`, `100MB`, `2GB`
                1.5GB: not a size: no whole number and unit; write a whole number, in bytes when there is no unit: `500KB`, `100MB`, `2GB`
                17179869184GB: not a size: far too large; write a smaller number
                lots: not a size: no whole number and unit; write a whole number, in bytes when there is no unit: `500KB`, `100MB`, `2GB`
                : not a size: no whole number and unit; write a whole number, in bytes when there is no unit: `500KB`, `100MB`, `2GB`
            "#]],
        );
    }

    #[test]
    fn retentions() {
        check::<RetentionDays>(
            &["30d", "3653d", "30", "31d", "1y", "720h"],
            expect![[r#"
                30d = 30 days
                3653d = 3653 days
                30: not a log retention: it must be in days; write days that CloudWatch knows, such as `7d`, `14d`, `30d`, `90d` or `365d`
                31d: not a log retention: CloudWatch can't keep logs for just that long; write `30d` or `60d`
                1y: not a log retention: it must be in days; write days that CloudWatch knows, such as `7d`, `14d`, `30d`, `90d` or `365d`
                720h: not a log retention: it must be in days; write days that CloudWatch knows, such as `7d`, `14d`, `30d`, `90d` or `365d`
            "#]],
        );
    }
}
