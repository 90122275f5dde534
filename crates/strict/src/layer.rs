//! The layer that simulates AWS's bad days: faults and waves first, then the rules.

use std::{
    sync::{Arc, Mutex, RwLock},
    time::{Duration, Instant},
};

use hyper::{Method, Response, StatusCode, header::HeaderValue};
use serde_json::{Map, Value, json};
use stackctl_gateway::{
    Backend, Body, CloudRequest, HangUp, Layer, LayerFuture, Outcome, Refusal, full, json_response, read,
};

use crate::{
    harness::{
        faults::{Effect, Faults, When},
        settings::StrictSettings,
        waves::Waves,
    },
    memory::{Memory, clock::seconds_of},
    rules,
    visit::Visit,
};

/// The longest request body of AWS.
const LONGEST_BODY: usize = 128 << 20;
const KILLED_WITHIN: Duration = Duration::from_secs(2);

/// A layer that makes a local cloud behave as AWS does on its bad days.
#[derive(Default)]
pub struct Strict {
    settings: RwLock<Arc<StrictSettings>>,
    faults: Mutex<Faults>,
    memory: Memory,
    waves: Waves,
}

impl Layer for Strict {
    fn answer<'a>(&'a self, request: &'a mut CloudRequest, backend: &'a Backend) -> LayerFuture<'a, Outcome> {
        Box::pin(self.answer(request, backend))
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
        let faults = self.faults.lock().expect("no code panics while holding it").told();
        let told = json!({ "settings": *self.settings(), "faults": faults, "waves": self.waves.told() });
        json_response(StatusCode::OK, &told)
    }

    /// `POST /_stackctl/strict`.
    async fn set(&self, body: Body) -> Response<Body> {
        let refused = |message: &str| json_response(StatusCode::BAD_REQUEST, &json!({ "message": message }));
        let Some(body) = read(body, 1 << 20).await else { return refused("the settings are too long") };
        let settings: StrictSettings = match serde_json::from_slice(&body) {
            Ok(it) => it,
            Err(error) => return refused(&error.to_string()),
        };
        if let Some(problem) = settings.problem() {
            return refused(problem);
        }
        self.memory.clock.set_scale(settings.time_scale);
        *self.faults.lock().expect("no code panics while holding it") = Faults::new(&settings.faults);
        *self.settings.write().expect("no code panics while holding it") = Arc::new(settings);
        // The new settings may have no waves: no request may wait for one.
        self.let_through()
    }

    /// `POST /_stackctl/strict/wave`.
    fn let_through(&self) -> Response<Body> {
        self.waves.let_through();
        self.show()
    }

    fn settings(&self) -> Arc<StrictSettings> {
        self.settings.read().expect("no code panics while holding it").clone()
    }

    /// Answers as AWS would, with the faults that are due.
    async fn answer(&self, request: &mut CloudRequest, backend: &Backend) -> Outcome {
        let settings = self.settings();
        let (wave, _under_way) = match settings.waves {
            true => Some(self.waves.join().await).unzip(),
            false => (None, None),
        };
        let started = Instant::now();
        let mut text = None;
        let before = self.due(When::Before, request, &mut text).await;
        if let Some(effect) = &before
            && let Some(answer) = meet(effect, request, backend).await
        {
            // The body is read before the connection closes: otherwise the close would be a reset.
            let _ = read(std::mem::take(&mut request.body), LONGEST_BODY).await;
            return Outcome { answer, notes: notes(before, wave) };
        }
        let visit = Visit { memory: &self.memory, backend, settings };
        let response = rules::answer(&visit, request).await;
        tokio::time::sleep(seconds_of(visit.settings.delay).saturating_sub(started.elapsed())).await;
        if !response.status().is_success() {
            return Outcome { answer: Ok(response), notes: notes(before, wave) };
        }
        let after = self.due(When::After, request, &mut text).await;
        let met = match &after {
            Some(effect) => meet(effect, request, backend).await,
            None => None,
        };
        Outcome { answer: met.unwrap_or(Ok(response)), notes: notes(after.or(before), wave) }
    }

    /// The fault that hits a request; `body` keeps the request's body from before it was answered.
    async fn due(&self, when: When, request: &mut CloudRequest, body: &mut Option<String>) -> Option<Effect> {
        let reads_body =
            self.faults.lock().expect("no code panics while holding it").read_bodies(&request.operation);
        if reads_body && when == When::Before {
            *body = Some(request.read_text().await);
        }
        let text = request.uri.to_string() + body.as_deref().unwrap_or_default();
        let mut faults = self.faults.lock().expect("no code panics while holding it");
        faults.next(when, &request.operation, |it| text.contains(it))
    }
}

/// The members of a request's log line: the fault, and the wave that released the request.
fn notes(fault: Option<Effect>, wave: Option<u64>) -> Map<String, Value> {
    let fault = fault.map(|it| ("fault".to_owned(), json!(it)));
    let wave = wave.map(|it| ("wave".to_owned(), json!(it)));
    fault.into_iter().chain(wave).collect()
}

/// The answer of a fault's effect; `None` when the request goes on.
async fn meet(
    effect: &Effect,
    request: &CloudRequest,
    backend: &Backend,
) -> Option<Result<Response<Body>, HangUp>> {
    let service = request.operation.service.as_ref();
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
        Effect::AccessDenied => Refusal::denied(&request.operation),
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
