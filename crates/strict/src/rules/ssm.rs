//! Parameters: a deleted name is not free at once (SSM-05), and dates come from AWS's own clock.

use hyper::{Response, header, header::HeaderValue};
use serde_json::{Value, json};
use stackctl_gateway::{Body, CloudRequest, Refusal};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

use crate::{edit, harness::settings::DeletedParameters, read::read_json, visit::Visit};

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let operation = request.operation.name.clone().unwrap_or_default();
    let body = read_json(request).await;
    let region = visit.region(request);
    let parameter = (region, body["Name"].as_str().unwrap_or_default().to_owned());
    let (deleted, clock) = (&visit.memory.deleted_parameters, &visit.memory.clock);
    match visit.settings.deleted_parameters {
        DeletedParameters::Gone => {}
        DeletedParameters::DeletedAgain if deleted.has_ended(&parameter, clock) => {
            let (region, name) = &parameter;
            let (upstream, body) = (&visit.backend.upstream, json!({ "Name": name }));
            upstream.json_call("AmazonSSM.DeleteParameter", "ssm", region, &body).await?;
        }
        DeletedParameters::StillThere
            if operation == "PutParameter"
                && body["Overwrite"] != json!(true)
                && deleted.is_recent(&parameter, clock) =>
        {
            let text = "The parameter already exists. To overwrite this value, set the overwrite option in the \
                        request to true.";
            return Err(Refusal::new(400, "ParameterAlreadyExists", text));
        }
        DeletedParameters::DeletedAgain | DeletedParameters::StillThere => {}
    }
    let response = visit.pass(request).await;
    if operation == "DeleteParameter" && response.status().is_success() {
        deleted.add(parameter, visit.deadline(|it| it.parameter_reuse));
    }
    Ok(dated(response, visit.settings.clock_ahead).await)
}

/// The answer with dates that are so many seconds ahead of this machine's clock.
async fn dated(response: Response<Body>, ahead: f64) -> Response<Body> {
    let mut response = edit::json(response, |body| {
        if let Some(Value::Number(date)) = body.pointer_mut("/Parameter/LastModifiedDate")
            && let Some(shifted) = date.as_f64().and_then(|it| serde_json::Number::from_f64(it + ahead))
        {
            *date = shifted;
        }
    })
    .await;
    if let Some(date) = date(OffsetDateTime::now_utc(), ahead) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

fn date(now: OffsetDateTime, ahead: f64) -> Option<HeaderValue> {
    let date = now.checked_add(Duration::checked_seconds_f64(ahead)?)?;
    // HTTP's form differs in the zone alone.
    HeaderValue::from_str(&date.format(&Rfc2822).ok()?.replace("+0000", "GMT")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_another_clock() {
        let now = OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
        let said = |ahead| date(now, ahead).map(|it| it.to_str().unwrap().to_owned());
        assert_eq!(said(0.0).as_deref(), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
        assert_eq!(said(-1200.0).as_deref(), Some("Wed, 31 Dec 2025 23:40:00 GMT"));
        assert_eq!(said(1e300), None);
    }
}
