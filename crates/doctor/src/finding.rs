//! The result of a check.

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check, as in `credentials`.
    pub id: &'static str,
    /// Whether it is well.
    pub verdict: Verdict,
    /// The observation.
    pub what: String,
    /// What to do about it; none where nothing has to be done.
    pub cure: Option<String>,
}

/// Whether it is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is well.
    Good,
    /// It could not be checked, or is a reason for trouble in some cases.
    Doubt,
    /// Commands will fail.
    Bad,
}

impl Finding {
    /// It is well.
    pub fn good(id: &'static str, what: impl Into<String>) -> Finding {
        Finding { id, verdict: Verdict::Good, what: what.into(), cure: None }
    }

    /// It could not be checked, or is a reason for trouble in some cases.
    pub fn doubt(id: &'static str, what: impl Into<String>, cure: impl Into<String>) -> Finding {
        Finding { id, verdict: Verdict::Doubt, what: what.into(), cure: Some(cure.into()) }
    }

    /// Commands will fail.
    pub fn bad(id: &'static str, what: impl Into<String>, cure: impl Into<String>) -> Finding {
        Finding { id, verdict: Verdict::Bad, what: what.into(), cure: Some(cure.into()) }
    }
}
