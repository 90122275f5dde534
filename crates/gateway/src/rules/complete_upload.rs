//! S3 puts parts together only in ascending order, and each but the last has 5 MiB at least (S3-52); the emulator sorts
//! and takes any.

use hyper::{Response, StatusCode};

use crate::{
    refusal::Refusal,
    request::{
        body::Body,
        request::Asked,
        url::{bucket_in_host, query, scope},
    },
    upstream::{Upstream, UpstreamError},
};

const SMALLEST_PART: u64 = 5 << 20;

/// Refuses what S3 does not put together. Who may ask is for the emulator to say, afterwards.
pub(crate) async fn before(
    asked: &mut Asked,
    upstream: &Upstream,
) -> Result<Option<Response<Body>>, UpstreamError> {
    if !asked.operation.is("s3", "CompleteMultipartUpload") {
        return Ok(None);
    }
    let text = asked.read_text().await;
    let wanted: Vec<u64> = elements(&text, "PartNumber").filter_map(|it| it.parse().ok()).collect();
    if !wanted.is_sorted_by(|one, next| one < next) {
        let message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
        return Ok(Some(Refusal::new(400, "InvalidPartOrder", message).response("s3")));
    }
    let Some((_, but_last)) = wanted.split_last() else { return Ok(None) };
    let sizes = sizes(asked, upstream).await?;
    let is_small = |(number, size): &(u64, u64)| but_last.contains(number) && *size < SMALLEST_PART;
    let message = "Your proposed upload is smaller than the minimum allowed size";
    Ok(sizes.iter().any(is_small).then(|| Refusal::new(400, "EntityTooSmall", message).response("s3")))
}

/// The parts that are there, by number; none of an upload that the emulator does not know.
async fn sizes(asked: &Asked, upstream: &Upstream) -> Result<Vec<(u64, u64)>, UpstreamError> {
    let region = scope(&asked.uri, &asked.headers).map_or("us-east-1", |it| it.region);
    let bucket = bucket_in_host(&asked.headers).map_or_else(String::new, |bucket| format!("/{bucket}"));
    let upload = query(&asked.uri).find(|(name, _)| *name == "uploadId").map_or("", |(_, value)| value);
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("{bucket}{}?uploadId={upload}&part-number-marker={after}", asked.uri.path());
        let (status, bytes) = upstream.get("s3", region, &path).await?;
        let text = String::from_utf8_lossy(&bytes);
        if status != StatusCode::OK {
            return Ok(Vec::new());
        }
        let number = |part: &str, name| elements(part, name).next()?.parse().ok();
        let parts = elements(&text, "Part");
        all.extend(parts.filter_map(|part| Some((number(part, "PartNumber")?, number(part, "Size")?))));
        match number(&text, "NextPartNumberMarker") {
            Some(next) if next > after => after = next,
            Some(_) | None => return Ok(all),
        }
    }
}

/// What stands in each element of a name, in XML without attributes there.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (inside, after) = after.split_once(&close)?;
        rest = after;
        Some(inside.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_a_name() {
        let xml = "<A><Part>\n<PartNumber> 1 </PartNumber></Part><PartNumberMarker>0</PartNumberMarker><Part/>\
                   <Part><PartNumber>2</PartNumber><ETag>\"x\"</ETag></Part><Part>";
        assert_eq!(elements(xml, "PartNumber").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(elements(xml, "Part").count(), 2);
        assert_eq!(elements("", "Part").count(), 0);
    }
}
