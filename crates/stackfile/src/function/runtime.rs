//! The runtimes of Lambda that a function with `code` may use, with the dates on which AWS deprecates them.

use std::fmt;

use crate::read::choice::choice;

choice! {
    "a runtime of Lambda that stackctl knows";
    /// A runtime of Lambda.
    pub enum Runtime {
        /// Node.js 24.
        Nodejs24 = "nodejs24.x",
        /// Node.js 22.
        Nodejs22 = "nodejs22.x",
        /// Node.js 20, deprecated.
        Nodejs20 = "nodejs20.x",
        /// Python 3.14.
        Python314 = "python3.14",
        /// Python 3.13.
        Python313 = "python3.13",
        /// Python 3.12.
        Python312 = "python3.12",
        /// Python 3.11.
        Python311 = "python3.11",
        /// Python 3.10, deprecated.
        Python310 = "python3.10",
        /// An executable `bootstrap`, in any language.
        ProvidedAl2023 = "provided.al2023",
    }
}

/// How a runtime finds the handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `file.export`.
    Node,
    /// `module.function`.
    Python,
    /// The executable `bootstrap`.
    Executable,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

const fn day(year: u16, month: u8, day: u8) -> Day {
    Day { year, month, day }
}

impl Runtime {
    /// The table: what a runtime runs, and the day on which AWS deprecates it, as AWS announced it in July 2026 (LAM-70).
    const fn row(self) -> (Language, Day) {
        match self {
            Runtime::Nodejs24 => (Language::Node, day(2028, 4, 30)),
            Runtime::Nodejs22 => (Language::Node, day(2027, 4, 30)),
            Runtime::Nodejs20 => (Language::Node, day(2026, 4, 30)),
            Runtime::Python314 => (Language::Python, day(2029, 6, 30)),
            Runtime::Python313 => (Language::Python, day(2029, 6, 30)),
            Runtime::Python312 => (Language::Python, day(2028, 10, 31)),
            Runtime::Python311 => (Language::Python, day(2027, 6, 30)),
            Runtime::Python310 => (Language::Python, day(2026, 10, 31)),
            Runtime::ProvidedAl2023 => (Language::Executable, day(2029, 6, 30)),
        }
    }

    /// How it finds the handler.
    pub const fn language(self) -> Language {
        self.row().0
    }

    /// The day on which AWS deprecates it.
    pub const fn deprecated_on(self) -> Day {
        self.row().1
    }

    /// A sentence about a runtime that is deprecated on `today`, with the runtime to use instead.
    pub fn warning(self, today: Day) -> Option<String> {
        let since = self.deprecated_on();
        (since <= today).then(|| {
            format!(
                "AWS deprecated the runtime {self} on {since}: it gets no security updates, and AWS may refuse to create or \
                 update the function; write `runtime: {}`",
                self.successor()
            )
        })
    }

    /// The runtime of the same language that AWS supports longest; the older of two with the same date, which has more
    /// users.
    fn successor(self) -> Runtime {
        let same = Runtime::ALL.iter().filter(|it| it.language() == self.language());
        same.copied().max_by_key(|it| it.deprecated_on()).unwrap_or(self)
    }
}

impl Day {
    /// The day of a moment in UTC; `seconds` are those since 1970. Days outside the years 0 to 65,535 are the first day of
    /// 1970.
    pub fn at(seconds: u64) -> Day {
        // The days since 1 March of the year 0, in eras of 400 years, which have the same number of days.
        let days = seconds / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        match (u16::try_from(year), u8::try_from(month), u8::try_from(day)) {
            (Ok(year), Ok(month), Ok(day)) => Day { year, month, day },
            _ => self::day(1970, 1, 1),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Day { year, month, day } = self;
        write!(out, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn days() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_796_083_199, "2026-11-30"),
            (1_796_083_200, "2026-12-01"),
            (4_107_542_400, "2100-03-01"),
            (u64::MAX, "1970-01-01"),
        ] {
            assert_eq!(Day::at(seconds).to_string(), expected, "{seconds}");
        }
    }

    #[test]
    fn deprecated_runtimes() {
        let said = |today: Day| -> String {
            let all = Runtime::ALL.iter().filter_map(|it| it.warning(today));
            all.map(|it| it + "\n").collect()
        };
        expect![[r#"
            AWS deprecated the runtime nodejs20.x on 2026-04-30: it gets no security updates, and AWS may refuse to create or update the function; write `runtime: nodejs24.x`
            AWS deprecated the runtime python3.10 on 2026-10-31: it gets no security updates, and AWS may refuse to create or update the function; write `runtime: python3.13`
        "#]]
        .assert_eq(&said(day(2026, 11, 30)));
        assert_eq!(said(day(2026, 4, 29)), "");
        assert_eq!(said(day(2026, 4, 30)).lines().count(), 1);
    }
}
