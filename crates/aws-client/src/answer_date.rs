//! The date of AWS's answers.

use std::{
    sync::{Arc, Mutex},
    time::SystemTime,
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeDeserializationInterceptorContextRef, dyn_dispatch_hint},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{DateTime, config_bag::ConfigBag, date_time::Format};

/// Reads the date of an answer: AWS's own clock.
#[derive(Debug, Clone, Default)]
pub struct AnswerDate(Arc<Mutex<Option<SystemTime>>>);

impl AnswerDate {
    /// The date of the latest answer, in whole seconds; none before an answer with a date.
    pub fn get(&self) -> Option<SystemTime> {
        *self.0.lock().expect("no code panics while holding it")
    }
}

#[dyn_dispatch_hint]
impl Intercept for AnswerDate {
    fn name(&self) -> &'static str {
        "AnswerDate"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|it| DateTime::from_str(it, Format::HttpDate).ok());
        *self.0.lock().expect("no code panics while holding it") =
            date.and_then(|it| SystemTime::try_from(it).ok());
        Ok(())
    }
}
