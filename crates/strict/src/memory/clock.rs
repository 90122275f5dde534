//! AWS's time, which may pass faster or slower than real time, and deadlines in it.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

/// AWS's time. It never goes back: a deadline that has passed stays passed after the scale changes.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<State>);

#[derive(Debug)]
struct State {
    since: Instant,
    /// AWS's seconds at `since`.
    seconds: f64,
    /// Real seconds for one of AWS's; at 0 every deadline has passed.
    scale: f64,
    /// How often the scale was set to or from 0.
    jumps: u64,
}

/// A time at which a delay of AWS's ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    until: f64,
    jumps: u64,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock(Mutex::new(State { since: Instant::now(), seconds: 0.0, scale: 1.0, jumps: 0 }))
    }
}

impl Clock {
    /// Sets the scale from now on.
    pub(crate) fn set_scale(&self, scale: f64) {
        let mut state = self.0.lock().expect("no code panics while holding it");
        state.seconds = state.now();
        state.since = Instant::now();
        state.jumps += u64::from(scale == 0.0 || state.scale == 0.0);
        state.scale = scale;
    }

    /// The deadline that is so many of AWS's seconds from now.
    pub(crate) fn deadline(&self, seconds: f64) -> Deadline {
        let state = self.0.lock().expect("no code panics while holding it");
        Deadline { until: state.now() + seconds, jumps: state.jumps }
    }

    /// Whether the deadline has not passed yet.
    pub(crate) fn is_before(&self, deadline: Deadline) -> bool {
        let state = self.0.lock().expect("no code panics while holding it");
        state.scale > 0.0 && state.jumps == deadline.jumps && state.now() < deadline.until
    }
}

impl State {
    fn now(&self) -> f64 {
        let passed = self.since.elapsed().as_secs_f64();
        self.seconds + if self.scale > 0.0 { passed / self.scale } else { 0.0 }
    }
}

/// The duration of that many seconds, limited to what a sleep can take.
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
        let deadline = clock.deadline(60.0);
        assert!(clock.is_before(deadline));
        assert!(!clock.is_before(clock.deadline(0.0)));
        clock.set_scale(0.0);
        assert!(!clock.is_before(deadline) && !clock.is_before(clock.deadline(60.0)));
        let while_stopped = clock.deadline(60.0);
        clock.set_scale(1.0);
        assert!(
            !clock.is_before(deadline)
                && !clock.is_before(while_stopped)
                && clock.is_before(clock.deadline(60.0))
        );
    }

    #[test]
    fn time_passes_as_it_is_scaled() {
        let clock = Clock::default();
        let deadline = clock.deadline(60.0);
        clock.set_scale(0.0001);
        sleep(Duration::from_millis(10));
        clock.set_scale(1.0);
        assert!(!clock.is_before(deadline) && clock.is_before(clock.deadline(60.0)));
    }
}
