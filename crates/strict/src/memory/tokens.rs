//! Token buckets: AWS's request rates, per account and region.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

/// A rate: a burst, and then so many requests a second.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rate {
    pub of: String,
    pub burst: f64,
    pub per_second: f64,
}

impl Rate {
    pub(crate) fn new(of: impl Into<String>, burst: f64, per_second: f64) -> Rate {
        Rate { of: of.into(), burst, per_second }
    }

    /// One request in so many seconds.
    pub(crate) fn one_in(of: impl Into<String>, seconds: f64) -> Rate {
        Rate::new(of, 1.0, 1.0 / seconds)
    }
}

/// The token buckets of all rates.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Bucket>>);

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Tokens {
    /// Takes a token of each rate; `Err` is the time until there is one, and then no token is taken.
    pub(crate) fn take(&self, region: &str, rates: &[Rate], time_scale: f64) -> Result<(), Duration> {
        if time_scale == 0.0 {
            return Ok(());
        }
        let mut buckets = self.0.lock().expect("no code panics while holding it");
        let now = Instant::now();
        let mut wait = 0.0_f64;
        for Rate { of, burst, per_second } in rates {
            let bucket =
                buckets.entry(format!("{region} {of}")).or_insert(Bucket { tokens: *burst, at: now });
            let gained = bucket.at.elapsed().as_secs_f64() * per_second / time_scale;
            bucket.tokens = (bucket.tokens + gained).min(*burst);
            bucket.at = now;
            wait = wait.max((1.0 - bucket.tokens) / per_second * time_scale);
        }
        // A caller that waited as long as Retry-After says is not refused because of rounding.
        if wait > 1e-6 {
            return Err(Duration::from_secs_f64(wait));
        }
        for Rate { of, .. } in rates {
            if let Some(bucket) = buckets.get_mut(&format!("{region} {of}")) {
                bucket.tokens -= 1.0;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_the_rate() {
        let tokens = Tokens::default();
        let rates = [Rate::new("all", 3.0, 10.0), Rate::one_in("delete", 30.0)];
        let take = |rates: &[Rate], region: &str| tokens.take(region, rates, 0.1);
        assert!(take(&rates, "eu-west-1").is_ok());
        let wait = take(&rates, "eu-west-1").unwrap_err();
        assert!(wait > Duration::from_millis(2900) && wait <= Duration::from_secs(3), "{wait:?}");
        assert!(take(&rates, "us-east-1").is_ok(), "regions are apart");
        // A refused request took no token.
        assert!(take(&rates[..1], "eu-west-1").is_ok() && take(&rates[..1], "eu-west-1").is_ok());
        let wait = take(&rates[..1], "eu-west-1").unwrap_err();
        std::thread::sleep(wait);
        assert!(take(&rates[..1], "eu-west-1").is_ok());
    }
}
