//! One request on its way through the rules.

use std::sync::{Arc, atomic::Ordering};

use hyper::Response;
use stackctl_gateway::{Asked, Backend, Body, Refusal, scope};

use crate::{
    harness::settings::{Rule, Seconds, Settings},
    memory::{
        Memory,
        clock::{Term, seconds_of},
    },
};

/// One request on its way through the rules.
pub(crate) struct Visit<'a> {
    pub memory: &'a Memory,
    pub backend: &'a Backend,
    pub settings: Arc<Settings>,
}

impl Visit<'_> {
    pub(crate) fn has(&self, rule: Rule) -> bool {
        self.settings.has(rule)
    }

    /// Something begins that takes so long on AWS.
    pub(crate) fn term(&self, seconds: impl FnOnce(&Seconds) -> f64) -> Term {
        self.memory.clock.term(seconds(&self.settings.seconds))
    }

    pub(crate) fn lasts(&self, term: Term) -> bool {
        self.memory.clock.lasts(term)
    }

    pub(crate) fn region(&self, asked: &Asked) -> String {
        let signed = scope(&asked.uri, &asked.headers).map(|it| it.region.to_owned());
        signed.unwrap_or_else(|| self.backend.region.clone())
    }

    /// Another order each time, the same ones for the same seed.
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

    /// Lets the request through to what the cloud does without being strict.
    pub(crate) async fn pass(&self, asked: &mut Asked) -> Response<Body> {
        tokio::time::sleep(seconds_of(self.settings.delay)).await;
        self.backend.pass(asked).await
    }

    /// Lets it through unless somebody else does something to the same thing.
    pub(crate) async fn pass_alone(
        &self,
        asked: &mut Asked,
        rule: Rule,
        what: String,
        refusal: impl FnOnce() -> Refusal,
    ) -> Result<Response<Body>, Refusal> {
        if !self.has(rule) {
            return Ok(self.pass(asked).await);
        }
        let _doing = self.memory.busy.begin(what).ok_or_else(refusal)?;
        tokio::time::sleep(self.settings.scaled(self.settings.seconds.write_takes)).await;
        Ok(self.pass(asked).await)
    }
}
