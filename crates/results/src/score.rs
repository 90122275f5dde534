//! The number of checks of a verification that passed.

use stackctl_verify::verification::Verdict;

/// The number of checks with each result.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Checks that passed.
    pub passed: usize,
    /// Checks that do not apply to the stack.
    pub skipped: usize,
    /// Checks that failed.
    pub failed: usize,
}

impl Score {
    /// Counts a check.
    pub fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passed { .. } => self.passed += 1,
            Verdict::Skipped { .. } => self.skipped += 1,
            Verdict::Failed(_) => self.failed += 1,
        }
    }

    /// The numbers in words, as in `1 failed, 2 passed`.
    pub fn words(self) -> String {
        let Score { passed, skipped, failed } = self;
        let parts = [(failed, "failed"), (passed, "passed"), (skipped, "skipped")];
        let parts = parts.iter().filter(|(count, word)| *count > 0 || *word == "passed");
        parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use stackctl_verify::verification::Finding;

    use super::*;

    #[test]
    fn failed_checks_come_first() {
        let text = |it: &str| it.to_owned();
        let finding = Finding { saw: text("403"), cause: text("it is closed"), help: text("open it") };
        let verdicts = [
            Verdict::Passed { note: None },
            Verdict::Skipped { why: text("no page") },
            Verdict::Failed(finding),
            Verdict::Passed { note: Some(text("1 object is left")) },
        ];
        let mut score = Score::default();
        assert_eq!(score.words(), "0 passed");
        verdicts.iter().for_each(|it| score.count(it));
        assert_eq!(score.words(), "1 failed, 2 passed, 1 skipped");
    }
}
