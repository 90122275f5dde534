//! One writer at a time: an SSM parameter that says who holds the stack, since when, and until when.

use stackctl_engine::{Events, Stop};

use crate::{clients::Aws, error::AwsError};

/// A held lock. It is renewed until it is given back.
#[derive(Debug)]
pub struct Lock {}

impl Lock {
    /// Takes the lock of the stack; waits while somebody else holds it, and says who.
    ///
    /// # Errors
    /// SSM's, and the end of the wait.
    pub async fn take(_aws: &Aws, _events: &Events, _stop: &Stop) -> Result<Lock, AwsError> {
        todo!()
    }

    /// Gives it back.
    ///
    /// # Errors
    /// SSM's; the lock then lapses by itself.
    pub async fn give_back(self, _aws: &Aws) -> Result<(), AwsError> {
        todo!()
    }
}
