//! Reads that answer what was: roles (IAM-06), public access blocks (S3-12), tags of buckets (S3-08).
//!
//! Before such a thing is written, it is read; a read then gets what the last one before its age was.

use hyper::{Response, StatusCode, body::Bytes, header, header::HeaderValue};
use stackctl_gateway::{Asked, Body, Refusal, full};

use crate::{harness::settings::Rule, memory::former::Read, read::parameter, rules::s3, visit::Visit};

/// A write of what can be stale, with what it was.
pub(crate) struct Write {
    what: String,
    status: StatusCode,
    body: Bytes,
}

/// What a request reads or writes.
enum Thing {
    Role(String),
    Bucket(String, &'static str),
}

impl Thing {
    async fn of(asked: &mut Asked) -> Option<Thing> {
        let name = asked.operation.name.clone().unwrap_or_default();
        match asked.operation.service.as_ref() {
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
                let form = if of_role { asked.read_text().await } else { return None };
                parameter(&form, "RoleName").map(Thing::Role)
            }
            "s3" if name.ends_with("PublicAccessBlock") => {
                Some(Thing::Bucket(s3::bucket(asked), "publicAccessBlock"))
            }
            "s3" if name.ends_with("BucketTagging") => Some(Thing::Bucket(s3::bucket(asked), "tagging")),
            _ => None,
        }
    }

    fn key(&self) -> String {
        match self {
            Thing::Role(name) => format!("role {}", name.to_lowercase()),
            Thing::Bucket(name, what) => format!("bucket {name} {what}"),
        }
    }

    async fn read(&self, visit: &Visit<'_>, region: &str) -> Result<(StatusCode, Bytes), Refusal> {
        let upstream = &visit.backend.upstream;
        match self {
            Thing::Role(name) => {
                let form = [("Action", "GetRole"), ("Version", "2010-05-08"), ("RoleName", name)];
                let (status, text) = upstream.query("iam", &form).await?;
                Ok((status, text.into()))
            }
            Thing::Bucket(name, what) => Ok(upstream.get("s3", region, &format!("/{name}?{what}")).await?),
        }
    }
}

/// The stale answer of a read that is due to get one, or what is to be remembered of a write.
pub(crate) async fn before(
    visit: &Visit<'_>,
    asked: &mut Asked,
) -> Result<Result<Option<Write>, Response<Body>>, Refusal> {
    let age = visit.settings.scaled(visit.settings.seconds.stale_age);
    if age.is_zero() || !visit.has(Rule::StaleReads) {
        return Ok(Ok(None));
    }
    let Some(thing) = Thing::of(asked).await else { return Ok(Ok(None)) };
    if asked.operation.write {
        let (status, body) = thing.read(visit, &visit.region(asked)).await?;
        return Ok(Ok(Some(Write { what: thing.key(), status, body })));
    }
    Ok(match visit.memory.former.at(&thing.key(), age) {
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
    /// Remembers, when it was written.
    pub(crate) fn done(self, visit: &Visit<'_>) {
        let Write { what, status, body } = self;
        visit.memory.former.add(what, status, body);
    }
}
