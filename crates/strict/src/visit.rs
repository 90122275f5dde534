//! One request on its way through the rules.

use std::sync::{Arc, atomic::Ordering};

use hyper::Response;
use stackctl_gateway::{Backend, Body, CloudRequest, Refusal, scope};

use crate::{
    harness::settings::{Rule, Seconds, StrictSettings},
    memory::{
        Memory,
        clock::{Deadline, seconds_of},
    },
};

/// One request on its way through the rules.
pub(crate) struct Visit<'a> {
    pub memory: &'a Memory,
    pub backend: &'a Backend,
    pub settings: Arc<StrictSettings>,
}

impl Visit<'_> {
    pub(crate) fn has(&self, rule: Rule) -> bool {
        self.settings.has(rule)
    }

    /// The deadline of an operation that takes so long on AWS.
    pub(crate) fn deadline(&self, seconds: impl FnOnce(&Seconds) -> f64) -> Deadline {
        self.memory.clock.deadline(seconds(&self.settings.seconds))
    }

    pub(crate) fn is_before(&self, deadline: Deadline) -> bool {
        self.memory.clock.is_before(deadline)
    }

    pub(crate) fn region(&self, request: &CloudRequest) -> String {
        let signed = scope(&request.uri, &request.headers).map(|it| it.region.to_owned());
        signed.unwrap_or_else(|| self.backend.region.clone())
    }

    /// Shuffles a list: another order each time, the same orders for the same seed.
    pub(crate) fn shuffle<T>(&self, items: &mut [T]) {
        let round = self.memory.shuffled.fetch_add(1, Ordering::Relaxed);
        let mut state = self.settings.seed.wrapping_add(round).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for end in (1..items.len()).rev() {
            // xorshift
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            items.swap(end, (state % (end as u64 + 1)) as usize);
        }
    }

    /// Hands the request on to the backend.
    pub(crate) async fn pass(&self, request: &mut CloudRequest) -> Response<Body> {
        tokio::time::sleep(seconds_of(self.settings.delay)).await;
        self.backend.pass(request).await
    }

    /// Hands the request on, unless another one is changing the same resource.
    pub(crate) async fn pass_alone(
        &self,
        request: &mut CloudRequest,
        rule: Rule,
        what: String,
        refusal: impl FnOnce() -> Refusal,
    ) -> Result<Response<Body>, Refusal> {
        if !self.has(rule) {
            return Ok(self.pass(request).await);
        }
        let _doing = self.memory.exclusive.begin(what).ok_or_else(refusal)?;
        tokio::time::sleep(self.settings.scaled(self.settings.seconds.write_takes)).await;
        Ok(self.pass(request).await)
    }
}
