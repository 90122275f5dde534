//! The deployed endpoint: sign-in, uploads, its document, and `stackctl verify`.

mod contract;
pub mod flow;
mod limits;
// One way to hold an answer against the document, here and in the function's own tests.
#[path = "../../lambda/presign/tests/it/schema.rs"]
mod schema;
mod schemathesis;
mod verify;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let all = [
        contract::trials(cloud),
        flow::trials(cloud),
        limits::trials(cloud),
        schemathesis::trials(cloud),
        verify::trials(cloud),
    ];
    all.into_iter().flatten().collect()
}
