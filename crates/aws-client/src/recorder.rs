//! Records every request with its times and its result, to show where the time goes.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef},
            dyn_dispatch_hint,
        },
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

/// Where requests are recorded; clones record to the same place.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<Request>>>);

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The service, as the SDK calls it: `S3`, `API Gateway`.
    pub service: String,
    /// The operation, as in `CreateBucket`.
    pub operation: String,
    /// When it began, signing and connecting included.
    pub began: Instant,
    /// When its answer was read.
    pub ended: Instant,
    /// The HTTP status; none when there was no answer.
    pub status: Option<u16>,
}

impl Recorder {
    /// The requests recorded so far, in the order of their ends.
    pub fn requests(&self) -> Vec<Request> {
        self.0.lock().expect("no code panics while holding it").clone()
    }
}

#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Began>;
}

#[dyn_dispatch_hint]
impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "Recorder"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(Began(Instant::now()));
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let text =
            |of: fn(&Metadata) -> &str| config.load::<Metadata>().map(of).unwrap_or_default().to_owned();
        let request = Request {
            service: text(Metadata::service),
            operation: text(Metadata::name),
            began: config.load::<Began>().map_or_else(Instant::now, |it| it.0),
            ended: Instant::now(),
            status: context.response().map(|it| it.status().as_u16()),
        };
        self.0.lock().expect("no code panics while holding it").push(request);
        Ok(())
    }
}
