//! AWS's time, which may pass faster or slower than ours, and what takes a while in it.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

/// Tells AWS's time. It never goes back: what is over stays over, however time is scaled later.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<State>);

#[derive(Debug)]
struct State {
    since: Instant,
    /// AWS's seconds until then.
    seconds: f64,
    /// Ours for one of AWS's; 0 when everything is over at once.
    scale: f64,
    /// How often everything was over at once.
    jumps: u64,
}

/// Something that takes its time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    until: f64,
    jumps: u64,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock(Mutex::new(State { since: Instant::now(), seconds: 0.0, scale: 1.0, jumps: 0 }))
    }
}

impl Clock {
    /// Time passes like that from now on.
    pub(crate) fn set_scale(&self, scale: f64) {
        let mut state = self.0.lock().expect("no code panics while holding it");
        state.seconds = state.now();
        state.since = Instant::now();
        state.jumps += u64::from(scale == 0.0 || state.scale == 0.0);
        state.scale = scale;
    }

    /// Something begins that takes so many of AWS's seconds.
    pub(crate) fn term(&self, seconds: f64) -> Term {
        let state = self.0.lock().expect("no code panics while holding it");
        Term { until: state.now() + seconds, jumps: state.jumps }
    }

    /// Whether it is still going on.
    pub(crate) fn lasts(&self, term: Term) -> bool {
        let state = self.0.lock().expect("no code panics while holding it");
        state.scale > 0.0 && state.jumps == term.jumps && state.now() < term.until
    }
}

impl State {
    fn now(&self) -> f64 {
        let passed = self.since.elapsed().as_secs_f64();
        self.seconds + if self.scale > 0.0 { passed / self.scale } else { 0.0 }
    }
}

/// A duration; what is too long for one is as long as one can be slept for.
pub(crate) fn seconds_of(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.clamp(0.0, 1e8))
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use super::*;

    #[test]
    fn what_is_over_stays_over() {
        let clock = Clock::default();
        let term = clock.term(60.0);
        assert!(clock.lasts(term));
        assert!(!clock.lasts(clock.term(0.0)));
        clock.set_scale(0.0);
        assert!(!clock.lasts(term) && !clock.lasts(clock.term(60.0)));
        let meanwhile = clock.term(60.0);
        clock.set_scale(1.0);
        assert!(!clock.lasts(term) && !clock.lasts(meanwhile) && clock.lasts(clock.term(60.0)));
    }

    #[test]
    fn time_passes_as_it_is_scaled() {
        let clock = Clock::default();
        let term = clock.term(60.0);
        clock.set_scale(0.0001);
        sleep(Duration::from_millis(10));
        clock.set_scale(1.0);
        assert!(!clock.lasts(term) && clock.lasts(clock.term(60.0)));
    }
}
