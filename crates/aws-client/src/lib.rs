//! Requests to AWS: the clients with their credentials, how requests are sent, and the lock of a stack.

pub mod adopting;
pub mod answer_date;
mod bucket_owner;
pub mod clients;
pub mod credentials;
pub mod existing;
pub mod lock;
pub mod ownership;
mod read_only;
pub mod recorder;

/// Sending a request: its retries, waits, rates and errors.
pub mod request {
    pub mod budget;
    pub mod error;
    pub mod operation;
    pub(crate) mod pause;
    mod propagation;
    pub mod rates;
    pub mod retry;
    pub mod wait;
}
