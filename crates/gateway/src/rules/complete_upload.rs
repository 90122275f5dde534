//! S3 requires parts in ascending order, and at least 5 MiB in each but the last (S3-52). The emulator sorts them and
//! accepts any size.

use hyper::{Response, StatusCode};

use crate::{
    refusal::Refusal,
    request::{
        body::Body,
        request::CloudRequest,
        url::{bucket_in_host, query, scope},
        xml::elements,
    },
    upstream::{Upstream, UpstreamError},
};

const SMALLEST_PART: u64 = 5 << 20;

/// Refuses uploads that S3 refuses. The emulator checks the caller's rights afterwards.
pub(crate) async fn before(
    request: &mut CloudRequest,
    upstream: &Upstream,
) -> Result<Option<Response<Body>>, UpstreamError> {
    if !request.operation.is("s3", "CompleteMultipartUpload") {
        return Ok(None);
    }
    let text = request.read_text().await;
    let wanted: Vec<u64> = elements(&text, "PartNumber").filter_map(|it| it.parse().ok()).collect();
    if !wanted.is_sorted_by(|one, next| one < next) {
        let message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
        return Ok(Some(Refusal::new(400, "InvalidPartOrder", message).response("s3")));
    }
    let Some((_, but_last)) = wanted.split_last() else { return Ok(None) };
    let sizes = sizes(request, upstream).await?;
    let is_small = |(number, size): &(u64, u64)| but_last.contains(number) && *size < SMALLEST_PART;
    let message = "Your proposed upload is smaller than the minimum allowed size";
    Ok(sizes.iter().any(is_small).then(|| Refusal::new(400, "EntityTooSmall", message).response("s3")))
}

/// Number and size of the uploaded parts; none when the emulator does not have the upload.
async fn sizes(request: &CloudRequest, upstream: &Upstream) -> Result<Vec<(u64, u64)>, UpstreamError> {
    let region = scope(&request.uri, &request.headers).map_or("us-east-1", |it| it.region);
    let bucket = bucket_in_host(&request.headers).map_or_else(String::new, |bucket| format!("/{bucket}"));
    let upload = query(&request.uri).find(|(name, _)| *name == "uploadId").map_or("", |(_, value)| value);
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("{bucket}{}?uploadId={upload}&part-number-marker={after}", request.uri.path());
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
