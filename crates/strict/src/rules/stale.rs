//! Stale reads: roles (IAM-06), public access blocks (S3-12), tags of buckets (S3-08), their lifecycle rules and versioning
//! (S3-86).
//!
//! The former value is read before each write, and later reads return it for a while.

use hyper::{Response, StatusCode, body::Bytes, header, header::HeaderValue};
use stackctl_gateway::{Body, CloudRequest, Refusal, full};

use crate::{harness::settings::Rule, memory::former::Read, read::parameter, rules::s3, visit::Visit};

/// A write, with the value before it.
pub(crate) struct Write {
    what: String,
    status: StatusCode,
    body: Bytes,
}

/// The resource that a request reads or writes.
enum Subject {
    Role(String),
    Bucket(String, &'static str),
}

impl Subject {
    async fn of(request: &mut CloudRequest) -> Option<Subject> {
        let name = request.operation.name.clone().unwrap_or_default();
        match request.operation.service.as_ref() {
            "iam" => {
                const OF_ROLES: [&str; 7] = [
                    "CreateRole",
                    "DeleteRole",
                    "GetRole",
                    "TagRole",
                    "UntagRole",
                    "UpdateAssumeRolePolicy",
                    "UpdateRole",
                ];
                let of_role = OF_ROLES.contains(&name.as_ref());
                let form = if of_role { request.read_text().await } else { return None };
                parameter(&form, "RoleName").map(Subject::Role)
            }
            "s3" if name.ends_with("PublicAccessBlock") => {
                Some(Subject::Bucket(s3::bucket(request), "publicAccessBlock"))
            }
            "s3" if name.ends_with("BucketTagging") => Some(Subject::Bucket(s3::bucket(request), "tagging")),
            "s3" if name.contains("BucketLifecycle") => {
                Some(Subject::Bucket(s3::bucket(request), "lifecycle"))
            }
            "s3" if name.ends_with("BucketVersioning") => {
                Some(Subject::Bucket(s3::bucket(request), "versioning"))
            }
            _ => None,
        }
    }

    fn key(&self) -> String {
        match self {
            Subject::Role(name) => format!("role {}", name.to_lowercase()),
            Subject::Bucket(name, what) => format!("bucket {name} {what}"),
        }
    }

    async fn read(&self, visit: &Visit<'_>, region: &str) -> Result<(StatusCode, Bytes), Refusal> {
        let upstream = &visit.backend.upstream;
        match self {
            Subject::Role(name) => {
                let form = [("Action", "GetRole"), ("Version", "2010-05-08"), ("RoleName", name)];
                let (status, text) = upstream.query("iam", &form).await?;
                Ok((status, text.into()))
            }
            Subject::Bucket(name, what) => Ok(upstream.get("s3", region, &format!("/{name}?{what}")).await?),
        }
    }
}

/// The stale answer of a read, or the former value to keep for a write.
pub(crate) async fn before(
    visit: &Visit<'_>,
    request: &mut CloudRequest,
) -> Result<Result<Option<Write>, Response<Body>>, Refusal> {
    let age = visit.settings.scaled(visit.settings.seconds.stale_age);
    if age.is_zero() || !visit.has(Rule::StaleReads) {
        return Ok(Ok(None));
    }
    let Some(subject) = Subject::of(request).await else { return Ok(Ok(None)) };
    if request.operation.write {
        let (status, body) = subject.read(visit, &visit.region(request)).await?;
        return Ok(Ok(Some(Write { what: subject.key(), status, body })));
    }
    Ok(match visit.memory.former.at(&subject.key(), age) {
        Some(Read { written: _, status, body }) => {
            let mut response = Response::new(full(body));
            *response.status_mut() = status;
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
            Err(response)
        }
        None => Ok(None),
    })
}

impl Write {
    /// Keeps the former value, once the write has succeeded.
    pub(crate) fn done(self, visit: &Visit<'_>) {
        let Write { what, status, body } = self;
        visit.memory.former.add(what, status, body);
    }
}
