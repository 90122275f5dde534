//! S3's answers at the endpoint of another region than the bucket's. The emulator always redirects; AWS gives one of
//! three answers (S3-19).

use hyper::{Response, StatusCode};
use stackctl_gateway::{Body, CloudRequest, Refusal};

use crate::{harness::settings::Rule, visit::Visit};

/// Regions that an account has to enable before it can use them.
const OPT_IN: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// The answer as AWS gives it.
pub(crate) fn show(
    visit: &Visit<'_>,
    request: &CloudRequest,
    response: Response<Body>,
) -> Result<Response<Body>, Refusal> {
    let region = response.headers().get("x-amz-bucket-region").and_then(|it| it.to_str().ok());
    let Some(region) = region.filter(|_| response.status() == StatusCode::MOVED_PERMANENTLY) else {
        return Ok(response);
    };
    match visit.has(Rule::BucketRegions).then(|| refusal(region, &visit.region(request))).flatten() {
        Some(refusal) => Err(refusal),
        None => Ok(response),
    }
}

/// The refusal of a request for a bucket in `region` at the endpoint of `endpoint`; none where AWS redirects.
fn refusal(region: &str, endpoint: &str) -> Option<Refusal> {
    if OPT_IN.contains(&region) || OPT_IN.contains(&endpoint) {
        let constraint = if region == "us-east-1" { "unspecified" } else { region };
        let message = format!(
            "The {constraint} location constraint is incompatible for the region specific endpoint this request was \
             sent to."
        );
        return Some(Refusal::new(400, "IllegalLocationConstraintException", message));
    }
    (endpoint == "us-east-1").then(|| {
        let message = format!(
            "The authorization header is malformed; the region '{endpoint}' is wrong; expecting '{region}'"
        );
        Refusal::new(400, "AuthorizationHeaderMalformed", message)
    })
}
