//! The layer that simulates AWS's bad days: faults and waves first, then the rules.

use std::{
    sync::{Arc, Mutex, RwLock},
    time::{Duration, Instant},
};

use hyper::{Method, Response, StatusCode, header::HeaderValue};
use serde_json::{Map, Value, json};
use stackctl_gateway::{
    Asked, Backend, Body, HangUp, Layer, LayerFuture, Outcome, Refusal, full, json_response, read,
};

use crate::{
    harness::{
        faults::{Effect, Faults, When},
        settings::Settings,
        waves::Waves,
    },
    memory::{Memory, clock::seconds_of},
    rules,
    visit::Visit,
};

/// No request to AWS is longer.
const LONGEST_BODY: usize = 128 << 20;
const KILLED_WITHIN: Duration = Duration::from_secs(2);

/// A layer that makes a local cloud behave as AWS does on its bad days.
#[derive(Default)]
pub struct Strict {
    settings: RwLock<Arc<Settings>>,
    faults: Mutex<Faults>,
    memory: Memory,
    waves: Waves,
}

impl Layer for Strict {
    fn answer<'a>(&'a self, asked: &'a mut Asked, backend: &'a Backend) -> LayerFuture<'a, Outcome> {
        Box::pin(self.answer(asked, backend))
    }

    fn control<'a>(
        &'a self,
        method: &'a Method,
        path: &'a str,
        body: Body,
    ) -> LayerFuture<'a, Option<Response<Body>>> {
        Box::pin(async move {
            match (method, path) {
                (&Method::GET, "/_stackctl/strict") => Some(self.show()),
                (&Method::POST, "/_stackctl/strict") => Some(self.set(body).await),
                (&Method::POST, "/_stackctl/strict/wave") => Some(self.let_through()),
                _ => None,
            }
        })
    }
}

impl Strict {
    /// `GET /_stackctl/strict`.
    fn show(&self) -> Response<Body> {
        let faults = self.faults.lock().expect("nobody panics while holding it").told();
        let told = json!({ "settings": *self.settings(), "faults": faults, "waves": self.waves.told() });
        json_response(StatusCode::OK, &told)
    }

    /// `POST /_stackctl/strict`.
    async fn set(&self, body: Body) -> Response<Body> {
        let refused = |message: &str| json_response(StatusCode::BAD_REQUEST, &json!({ "message": message }));
        let Some(body) = read(body, 1 << 20).await else { return refused("the settings are too long") };
        let settings: Settings = match serde_json::from_slice(&body) {
            Ok(it) => it,
            Err(error) => return refused(&error.to_string()),
        };
        if let Some(problem) = settings.problem() {
            return refused(problem);
        }
        self.memory.clock.set_scale(settings.time_scale);
        *self.faults.lock().expect("nobody panics while holding it") = Faults::new(&settings.faults);
        *self.settings.write().expect("nobody panics while holding it") = Arc::new(settings);
        // Nobody may wait for a wave that is not asked for any more.
        self.let_through()
    }

    /// `POST /_stackctl/strict/wave`.
    fn let_through(&self) -> Response<Body> {
        self.waves.let_through();
        self.show()
    }

    fn settings(&self) -> Arc<Settings> {
        self.settings.read().expect("nobody panics while holding it").clone()
    }

    /// Answers as AWS would, with what is due to go wrong.
    async fn answer(&self, asked: &mut Asked, backend: &Backend) -> Outcome {
        let settings = self.settings();
        let (wave, _under_way) = match settings.waves {
            true => Some(self.waves.join().await).unzip(),
            false => (None, None),
        };
        let started = Instant::now();
        let mut text = None;
        let before = self.due(When::Before, asked, &mut text).await;
        if let Some(effect) = &before
            && let Some(answer) = meet(effect, asked, backend).await
        {
            // The caller's bytes are read before nobody answers them: else a close would be a reset.
            let _ = read(std::mem::take(&mut asked.body), LONGEST_BODY).await;
            return Outcome { answer, notes: notes(before, wave) };
        }
        let visit = Visit { memory: &self.memory, backend, settings };
        let response = rules::answer(&visit, asked).await;
        tokio::time::sleep(seconds_of(visit.settings.delay).saturating_sub(started.elapsed())).await;
        if !response.status().is_success() {
            return Outcome { answer: Ok(response), notes: notes(before, wave) };
        }
        let after = self.due(When::After, asked, &mut text).await;
        let met = match &after {
            Some(effect) => meet(effect, asked, backend).await,
            None => None,
        };
        Outcome { answer: met.unwrap_or(Ok(response)), notes: notes(after.or(before), wave) }
    }

    /// The fault that a request meets; `body` keeps the request's body from before it was answered.
    async fn due(&self, when: When, asked: &mut Asked, body: &mut Option<String>) -> Option<Effect> {
        let reads_body =
            self.faults.lock().expect("nobody panics while holding it").read_bodies(&asked.operation);
        if reads_body && when == When::Before {
            *body = Some(asked.read_text().await);
        }
        let text = asked.uri.to_string() + body.as_deref().unwrap_or_default();
        let mut faults = self.faults.lock().expect("nobody panics while holding it");
        faults.next(when, &asked.operation, |it| text.contains(it))
    }
}

/// What the request log tells of a request: what went wrong on demand, and the wave that let it through.
fn notes(fault: Option<Effect>, wave: Option<u64>) -> Map<String, Value> {
    let fault = fault.map(|it| ("fault".to_owned(), json!(it)));
    let wave = wave.map(|it| ("wave".to_owned(), json!(it)));
    fault.into_iter().chain(wave).collect()
}

/// What an effect makes of the answer, if it is not the usual one.
async fn meet(effect: &Effect, asked: &Asked, backend: &Backend) -> Option<Result<Response<Body>, HangUp>> {
    let service = asked.operation.service.as_ref();
    let refusal = match effect {
        Effect::Delay(seconds) => {
            tokio::time::sleep(seconds_of(*seconds)).await;
            return None;
        }
        Effect::KillEmulator => {
            kill_emulator(backend).await;
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

async fn kill_emulator(backend: &Backend) {
    let upstream = &backend.upstream;
    upstream.kill.notify_one();
    let gone = async {
        while upstream.address().is_some() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let _ = tokio::time::timeout(KILLED_WITHIN, gone).await;
}
