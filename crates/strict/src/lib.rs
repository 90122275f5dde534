//! Simulates AWS's bad days: delays, limits and errors.
//!
//! The layer [`Strict`] stands between a local cloud's gateway and its backend: first a fault may hit, then the
//! rules of the service apply, then the request goes on. Each rule names the id of its fact in `docs/aws.md`. Tests and
//! benchmarks run the program `strict-cloud`; the product has no part of it.
//!
//! `POST /_stackctl/strict` replaces the settings; `GET` returns them, and how often each fault matched and hit. The
//! state of the rules (new roles, deployments) stays. With `waves`, requests wait until `POST /_stackctl/strict/wave`
//! releases them.
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
//! All members are optional; the names are those of `settings` and `faults`.

mod edit;
mod harness {
    pub(crate) mod faults;
    pub(crate) mod settings;
    pub(crate) mod waves;
}
mod layer;
mod memory;
mod read;
mod rules;
mod visit;

pub use layer::Strict;
