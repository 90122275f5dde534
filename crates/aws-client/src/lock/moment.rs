//! Moments by a clock that goes on while the machine sleeps.
//!
//! The standard library's `Instant` stands still during a suspend on Linux and macOS, and the system's time can be set.
//! Neither can tell for how long another run may have waited for this one.

use std::{fmt, time::Duration};

use rustix::time::{ClockId, clock_gettime};

/// Counts the time of a suspend. Elsewhere `CLOCK_MONOTONIC` does that: on Apple's systems and on FreeBSD.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "openbsd"))]
const CLOCK: ClockId = ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "openbsd")))]
const CLOCK: ClockId = ClockId::Monotonic;

/// A moment of this machine since it was started.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Duration);

impl Moment {
    /// Now.
    pub fn now() -> Moment {
        let time = clock_gettime(CLOCK);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        Moment(Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default()))
    }

    /// How long after `earlier` it is.
    pub fn since(self, earlier: Moment) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// How long ago it is.
    pub fn elapsed(self) -> Duration {
        Moment::now().since(self)
    }
}

impl std::ops::Add<Duration> for Moment {
    type Output = Moment;

    fn add(self, long: Duration) -> Moment {
        Moment(self.0 + long)
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} after the start of the machine", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes() {
        let then = Moment::now();
        assert!(then.elapsed() < Duration::from_secs(60));
        assert_eq!((then + Duration::from_secs(5)).since(then), Duration::from_secs(5));
        assert_eq!(then.since(then + Duration::from_secs(5)), Duration::ZERO, "no time runs backwards");
    }

    /// The clock is not the one that stands still: what the system says of the time since its start is the same.
    #[cfg(target_os = "linux")]
    #[test]
    fn it_is_the_time_since_the_start_of_the_machine() {
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
        let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
        assert!((Moment::now().0.as_secs_f64() - uptime).abs() < 5.0);
    }
}
