//! The strict cloud: as AWS behaves, bad days included.
//!
//! A cloud that was started with `--strict` puts this in front of everything else: first a fault may be due, then the
//! service's own file says what AWS would do, then the request goes on. Each rule stands beside the id of its fact in
//! `docs/aws.md`.
//!
//! `POST /_stackctl/strict` takes the settings and forgets the former ones; `GET` shows them, and how often each fault
//! matched and hit. What the rules know (when a role was made, what was deployed) stays. With `waves`, requests wait
//! until `POST /_stackctl/strict/wave` lets those through that wait.
//!
//! ```json
//! {
//!   "time_scale": 0.1,
//!   "delay": 0.02,
//!   "waves": false,
//!   "rules": { "*": true, "rates": false },
//!   "seconds": { "iam_propagation": 8, "stale_age": 2 },
//!   "faults": [
//!     { "on": "apigateway:CreateRestApi", "when": "after", "effect": "dropped" },
//!     { "on": "lambda:*", "only": "writes", "skip": 2, "every": 3, "times": null, "effect": "429" },
//!     { "on": "s3:PutBucketCors", "effect": { "delay": 1.5 } },
//!     { "on": "iam:CreateRole", "effect": { "error": { "status": 409, "code": "LimitExceeded", "message": "…" } } }
//!   ]
//! }
//! ```
//!
//! Everything may be left out; names are those of `settings` and `faults`.

mod api_defaults;
mod api_gateway;
mod api_rates;
mod busy;
mod cognito;
mod cognito_updates;
mod copy;
mod deployments;
mod edit;
mod faults;
mod function_checks;
mod iam;
mod key_grants;
mod lambda;
mod lists;
mod logs;
mod other_region;
mod permission;
mod rates;
mod refusal;
mod s3;
mod settings;
mod ssm;
mod stages;
mod stale;
mod term;
mod waves;

use std::{
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use hyper::{Response, StatusCode, header::HeaderValue};
use serde_json::json;

use self::{
    busy::Busy,
    faults::{Faults, When},
    rates::Tokens,
    settings::{Rule, Seconds, Settings, seconds_of},
    term::{Clock, Term},
    waves::Waves,
};
pub(crate) use self::{faults::Effect, refusal::Refusal};
use crate::{
    gateway::{Asked, Gateway, json_response},
    operation::{Operation, scope},
    upstream::{Body, full, read},
};

/// No request to AWS is longer.
const LONGEST_BODY: usize = 128 << 20;
const KILLED_WITHIN: Duration = Duration::from_secs(2);

/// What a strict cloud is told and what it remembers.
#[derive(Default)]
pub(crate) struct Strict {
    settings: RwLock<Arc<Settings>>,
    faults: Mutex<Faults>,
    clock: Clock,
    tokens: Tokens,
    busy: Busy,
    roles: iam::Roles,
    functions: lambda::Functions,
    key_grants: key_grants::KeyGrants,
    snapshots: deployments::Snapshots,
    buckets: s3::Buckets,
    deleted_parameters: ssm::Deleted,
    former: stale::Former,
    shuffled: AtomicU64,
    waves: Waves,
}

/// Why a caller gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HangUp {
    #[error("the connection is closed without an answer")]
    Close,
    #[error("the connection is reset")]
    Reset,
}

/// What came of a request.
pub(crate) struct Outcome {
    pub answer: Result<Response<Body>, HangUp>,
    /// What went wrong on demand.
    pub fault: Option<Effect>,
    /// The wave that let it through.
    pub wave: Option<u64>,
}

impl Strict {
    /// `GET /_stackctl/strict`.
    pub(crate) fn show(&self) -> Response<Body> {
        let faults = self.faults.lock().expect("nobody panics while holding it").told();
        let told = json!({ "settings": *self.settings(), "faults": faults, "waves": self.waves.told() });
        json_response(StatusCode::OK, &told)
    }

    /// `POST /_stackctl/strict`.
    pub(crate) async fn set(&self, body: Body) -> Response<Body> {
        let refused = |message: &str| json_response(StatusCode::BAD_REQUEST, &json!({ "message": message }));
        let Some(body) = read(body, 1 << 20).await else { return refused("the settings are too long") };
        let settings: Settings = match serde_json::from_slice(&body) {
            Ok(it) => it,
            Err(error) => return refused(&error.to_string()),
        };
        if let Some(problem) = settings.problem() {
            return refused(problem);
        }
        self.clock.set_scale(settings.time_scale);
        *self.faults.lock().expect("nobody panics while holding it") = Faults::new(&settings.faults);
        *self.settings.write().expect("nobody panics while holding it") = Arc::new(settings);
        // Nobody may wait for a wave that is not asked for any more.
        self.let_through()
    }

    /// `POST /_stackctl/strict/wave`.
    pub(crate) fn let_through(&self) -> Response<Body> {
        self.waves.let_through();
        self.show()
    }

    fn settings(&self) -> Arc<Settings> {
        self.settings.read().expect("nobody panics while holding it").clone()
    }

    /// Answers as AWS would, with what is due to go wrong.
    pub(crate) async fn answer(&self, asked: &mut Asked, gateway: &Gateway) -> Outcome {
        let settings = self.settings();
        let (wave, _under_way) = match settings.waves {
            true => Some(self.waves.join().await).unzip(),
            false => (None, None),
        };
        let started = Instant::now();
        let before = self.due(When::Before, asked).await;
        if let Some(effect) = &before
            && let Some(answer) = meet(effect, asked, gateway).await
        {
            // The caller's bytes are read before nobody answers them: else a close would be a reset.
            let _ = read(std::mem::take(&mut asked.body), LONGEST_BODY).await;
            return Outcome { answer, fault: before, wave };
        }
        let visit = Visit { strict: self, gateway, settings };
        let response = visit.answer(asked).await;
        tokio::time::sleep(seconds_of(visit.settings.delay).saturating_sub(started.elapsed())).await;
        if !response.status().is_success() {
            return Outcome { answer: Ok(response), fault: before, wave };
        }
        let after = self.due(When::After, asked).await;
        let met = match &after {
            Some(effect) => meet(effect, asked, gateway).await,
            None => None,
        };
        Outcome { answer: met.unwrap_or(Ok(response)), fault: after.or(before), wave }
    }

    async fn due(&self, when: When, asked: &mut Asked) -> Option<Effect> {
        let reads_body =
            self.faults.lock().expect("nobody panics while holding it").read_bodies(&asked.operation);
        let mut text = asked.uri.to_string();
        if reads_body && when == When::Before {
            asked.text = Some(asked.read_text().await);
        }
        text.push_str(asked.text.as_deref().unwrap_or_default());
        let mut faults = self.faults.lock().expect("nobody panics while holding it");
        faults.next(when, &asked.operation, |it| text.contains(it))
    }
}

/// What an effect makes of the answer, if it is not the usual one.
async fn meet(effect: &Effect, asked: &Asked, gateway: &Gateway) -> Option<Result<Response<Body>, HangUp>> {
    let service = asked.operation.service.as_ref();
    let refusal = match effect {
        Effect::Delay(seconds) => {
            tokio::time::sleep(seconds_of(*seconds)).await;
            return None;
        }
        Effect::KillEmulator => {
            kill_emulator(gateway).await;
            return None;
        }
        Effect::Hang => std::future::pending().await,
        Effect::Dropped => return Some(Err(HangUp::Close)),
        Effect::Reset => return Some(Err(HangUp::Reset)),
        Effect::WrongBody => {
            let mut page = Response::new(full("<html><body>Please sign in to this network.</body></html>"));
            page.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
            return Some(Ok(page));
        }
        Effect::Throttled => Refusal::throttled(service),
        Effect::Broken => Refusal::broken(service),
        Effect::Unavailable => Refusal::unavailable(service),
        Effect::ExpiredCredentials => Refusal::expired(service),
        Effect::ClockSkew => Refusal::skewed(service),
        Effect::AccessDenied => Refusal::denied(&asked.operation),
        Effect::Error { status, code, message } => Refusal::new(*status, code, message),
    };
    Some(Ok(refusal.response(service)))
}

async fn kill_emulator(gateway: &Gateway) {
    let upstream = &gateway.upstream;
    upstream.kill.notify_one();
    let gone = async {
        while upstream.address().is_some() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let _ = tokio::time::timeout(KILLED_WITHIN, gone).await;
}

/// One request on its way through the rules.
struct Visit<'a> {
    strict: &'a Strict,
    gateway: &'a Gateway,
    settings: Arc<Settings>,
}

impl Visit<'_> {
    async fn answer(&self, asked: &mut Asked) -> Response<Body> {
        match self.by_the_rules(asked).await {
            Ok(response) => response,
            Err(refusal) => refusal.response(&asked.operation.service),
        }
    }

    async fn by_the_rules(&self, asked: &mut Asked) -> Result<Response<Body>, Refusal> {
        self.throttle(asked).await?;
        let written = match stale::before(self, asked).await? {
            Ok(written) => written,
            Err(stale) => return Ok(stale),
        };
        let response = self.by_the_service(asked).await?;
        if let Some(written) = written.filter(|_| response.status().is_success()) {
            written.done(self);
        }
        Ok(lists::show(self, &asked.operation, response).await)
    }

    async fn by_the_service(&self, asked: &mut Asked) -> Result<Response<Body>, Refusal> {
        match asked.operation.service.as_ref() {
            "iam" => iam::answer(self, asked).await,
            "lambda" => lambda::answer(self, asked).await,
            "apigateway" => api_gateway::answer(self, asked).await,
            "execute-api" => stages::answer(self, asked).await,
            "s3" => s3::answer(self, asked).await,
            "cognito-idp" => cognito::answer(self, asked).await,
            "logs" => logs::answer(self, asked).await,
            "ssm" => ssm::answer(self, asked).await,
            _ => Ok(self.pass(asked).await),
        }
    }

    async fn throttle(&self, asked: &mut Asked) -> Result<(), Refusal> {
        let Operation { service, name, write: _ } = asked.operation.clone();
        let rates = match service.as_ref() {
            _ if !self.has(Rule::Rates) => return Ok(()),
            "lambda" => lambda::rates(name.as_deref().unwrap_or_default()),
            "apigateway" => api_rates::rates(asked).await,
            "cognito-idp" if scope(&asked.uri, &asked.headers).is_some() => {
                let pool = api_gateway::read_json(asked).await["UserPoolId"].to_string();
                cognito_updates::rates(name.as_deref().unwrap_or_default(), &pool)
            }
            _ => return Ok(()),
        };
        let taken = self.strict.tokens.take(&self.region(asked), &rates, self.settings.time_scale);
        taken.map_err(|wait| Refusal::throttled_for(&service, wait))
    }

    fn has(&self, rule: Rule) -> bool {
        self.settings.has(rule)
    }

    /// Something begins that takes so long on AWS.
    fn term(&self, seconds: impl FnOnce(&Seconds) -> f64) -> Term {
        self.strict.clock.term(seconds(&self.settings.seconds))
    }

    fn lasts(&self, term: Term) -> bool {
        self.strict.clock.lasts(term)
    }

    fn region(&self, asked: &Asked) -> String {
        let signed = scope(&asked.uri, &asked.headers).map(|it| it.region.to_owned());
        signed.unwrap_or_else(|| self.gateway.region.clone())
    }

    /// Another order each time, the same ones for the same seed.
    fn shuffle<T>(&self, items: &mut [T]) {
        let round = self.strict.shuffled.fetch_add(1, Ordering::Relaxed);
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
    async fn pass(&self, asked: &mut Asked) -> Response<Body> {
        tokio::time::sleep(seconds_of(self.settings.delay)).await;
        self.gateway.pass(asked).await
    }

    /// Lets it through unless somebody else does something to the same thing.
    async fn pass_alone(
        &self,
        asked: &mut Asked,
        rule: Rule,
        what: String,
        refusal: impl FnOnce() -> Refusal,
    ) -> Result<Response<Body>, Refusal> {
        if !self.has(rule) {
            return Ok(self.pass(asked).await);
        }
        let _doing = self.strict.busy.begin(what).ok_or_else(refusal)?;
        tokio::time::sleep(self.settings.scaled(self.settings.seconds.write_takes)).await;
        Ok(self.pass(asked).await)
    }
}
