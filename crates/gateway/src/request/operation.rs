//! Recognises the service and the operation of a request.

use std::borrow::Cow;

use hyper::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode;

use super::{
    routes,
    url::{host, scope},
};

/// The operation that a request calls, as far as it is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The service's signing name, or `execute-api` for a call of a deployed API.
    pub service: Cow<'static, str>,
    /// AWS's name of the operation; `GET /path` for a call of a deployed API.
    pub name: Option<Cow<'static, str>>,
    /// Whether the operation may change state.
    pub write: bool,
}

/// A call of a deployed API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invocation<'a> {
    /// The API's id.
    pub api: &'a str,
    /// The stage's name.
    pub stage: &'a str,
    /// The path within the stage; it begins with a slash.
    pub path: &'a str,
}

impl Operation {
    /// Whether this is the operation `name` of `service`.
    pub fn is(&self, service: &str, name: &str) -> bool {
        self.service == service && self.name.as_deref() == Some(name)
    }

    /// Whether the operation may change the state that the emulator keeps in memory; objects are in files.
    pub(crate) fn changes_state(&self) -> bool {
        let name = self.name.as_deref().unwrap_or_default();
        let of_objects =
            self.service == "s3" && ["Object", "Part", "Multipart"].iter().any(|it| name.contains(it));
        self.write && self.service != "execute-api" && !of_objects
    }
}

/// Recognises a request by its method, URI and headers; `form` is the body of a query-protocol call.
pub(crate) fn recognise(method: &Method, uri: &Uri, headers: &HeaderMap, form: Option<&[u8]>) -> Operation {
    if let Some(invocation) = invocation(uri, headers) {
        let name = if method == Method::OPTIONS {
            Cow::Borrowed("Preflight")
        } else {
            format!("{method} {}", invocation.path).into()
        };
        return Operation { service: "execute-api".into(), name: Some(name), write: !is_safe(method) };
    }
    if let Some((service, name)) = target(headers) {
        return operation(service, Some(name.into()), method);
    }
    // The emulator accepts an Action on any path.
    let in_query = || uri.query().and_then(|it| action(it.as_bytes()));
    if let Some(action) = form.and_then(action).or_else(in_query) {
        let service = scope(uri, headers).map(|it| it.service.to_owned().into());
        return operation(service.unwrap_or(Cow::Borrowed("query")), Some(action.into()), method);
    }
    if method == Method::OPTIONS {
        return Operation { service: "s3".into(), name: Some("Preflight".into()), write: false };
    }
    let signed_for = scope(uri, headers).map(|it| it.service);
    if uri.path().contains("/.well-known/") && signed_for.is_none() {
        return operation("cognito-idp".into(), Some("GetWellKnown".into()), method);
    }
    let guessed = match signed_for {
        Some(it) => it,
        None if uri.path().starts_with("/restapis") => "apigateway",
        None if uri.path().starts_with("/2015-03-31/functions") => "lambda",
        None => "s3",
    };
    let name = match guessed {
        "s3" => routes::s3(method, uri, headers),
        "lambda" => routes::find(routes::LAMBDA, method, uri.path()).map(Cow::Borrowed),
        "apigateway" => routes::find(routes::API_GATEWAY, method, uri.path()).map(Cow::Borrowed),
        _ => None,
    };
    operation(guessed.to_owned().into(), name, method)
}

fn operation(service: Cow<'static, str>, name: Option<Cow<'static, str>>, method: &Method) -> Operation {
    const READS: [&str; 6] = ["Get", "List", "Describe", "Head", "Filter", "Simulate"];
    let write = match &name {
        Some(name) => !READS.iter().any(|it| name.starts_with(it)),
        None => !is_safe(method),
    };
    Operation { service, name, write }
}

fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// The call of a deployed API, in any form that the emulator accepts.
pub(crate) fn invocation<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<Invocation<'a>> {
    let path = uri.path();
    if let Some((api, _)) = host(headers).split_once(".execute-api.") {
        return Some(staged(api, path.trim_start_matches('/')));
    }
    if let Some(rest) = path.strip_prefix("/_aws/execute-api/") {
        let (api, rest) = rest.split_once('/').unwrap_or((rest, ""));
        return Some(staged(api, rest));
    }
    let (api, rest) = path.strip_prefix("/restapis/")?.split_once('/')?;
    let (stage, rest) = rest.split_once('/')?;
    let path = rest.strip_prefix("_user_request_").filter(|it| it.is_empty() || it.starts_with('/'))?;
    Some(Invocation { api, stage, path: if path.is_empty() { "/" } else { path } })
}

fn staged<'a>(api: &'a str, rest: &'a str) -> Invocation<'a> {
    let (stage, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Invocation { api, stage, path: if path.is_empty() { "/" } else { path } }
}

fn target(headers: &HeaderMap) -> Option<(Cow<'static, str>, String)> {
    let (prefix, name) = headers.get("x-amz-target")?.to_str().ok()?.split_once('.')?;
    let service = match prefix {
        "AWSCognitoIdentityProviderService" => "cognito-idp".into(),
        "Logs_20140328" => "logs".into(),
        "AmazonSSM" => "ssm".into(),
        "ResourceGroupsTaggingAPI_20170126" => "tagging".into(),
        other => Cow::Owned(other.to_owned()),
    };
    Some((service, name.to_owned()))
}

fn action(form: &[u8]) -> Option<String> {
    parameters(form).find_map(|(name, value)| (name == "Action").then_some(value))
}

/// Whether a query or a form names an Action, in any case and with any spaces.
pub(crate) fn has_action(form: &[u8]) -> bool {
    parameters(form).any(|(name, _)| name.trim().eq_ignore_ascii_case("Action"))
}

/// The names and values of a form, decoded.
fn parameters(form: &[u8]) -> impl Iterator<Item = (String, String)> {
    let decoded = |text: &[u8]| percent_decode(text).decode_utf8_lossy().replace('+', " ");
    form.split(|it| *it == b'&').map(move |pair| {
        let (name, value) = match pair.iter().position(|it| *it == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        (decoded(name), decoded(value))
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use hyper::header;

    use super::*;

    fn check(request: &str, form: &str, expected: Expect) {
        let mut lines = request.lines();
        let (method, uri) = lines.next().unwrap().split_once(' ').unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.trim().split_once(": ").unwrap();
            let name: header::HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
        }
        let form = (!form.is_empty()).then_some(form.as_bytes());
        let it = recognise(&method.parse().unwrap(), &uri.parse().unwrap(), &headers, form);
        let write = if it.write { "write" } else { "read" };
        expected.assert_eq(&format!("{} {} {write}", it.service, it.name.as_deref().unwrap_or("?")));
    }

    fn signed(service: &str) -> String {
        format!(
            "authorization: AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=00"
        )
    }

    #[test]
    fn query_protocol() {
        check(
            &format!("POST /\n{}", signed("iam")),
            "Action=CreateRole&Version=2010-05-08&RoleName=x",
            expect!["iam CreateRole write"],
        );
        check(
            &format!("POST /\n{}", signed("sts")),
            "Version=2011-06-15&Action=GetCallerIdentity",
            expect!["sts GetCallerIdentity read"],
        );
    }

    #[test]
    fn query_protocol_in_the_query() {
        check(
            "GET /?Action=CreateUser&UserName=x&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fiam%2Faws4_request",
            "",
            expect!["iam CreateUser write"],
        );
    }

    #[test]
    fn json_protocol() {
        check(
            "POST /\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth",
            "",
            expect!["cognito-idp InitiateAuth write"],
        );
        check(
            &format!("POST /\nx-amz-target: Logs_20140328.DescribeLogGroups\n{}", signed("logs")),
            "",
            expect!["logs DescribeLogGroups read"],
        );
        check("POST /\nx-amz-target: AmazonSSM.PutParameter", "", expect!["ssm PutParameter write"]);
    }

    #[test]
    fn lambda() {
        let check = |line: &str, expected| check(&format!("{line}\n{}", signed("lambda")), "", expected);
        check("POST /2015-03-31/functions", expect!["lambda CreateFunction write"]);
        check("GET /2015-03-31/functions/presign", expect!["lambda GetFunction read"]);
        check("PUT /2015-03-31/functions/presign/code", expect!["lambda UpdateFunctionCode write"]);
        check("POST /2015-03-31/functions/presign/policy", expect!["lambda AddPermission write"]);
        check("GET /2017-03-31/tags/arn%3Aaws%3Alambda", expect!["lambda ListTags read"]);
        check("GET /2099-01-01/new", expect!["lambda ? read"]);
    }

    #[test]
    fn api_gateway() {
        let check = |line: &str, expected| check(&format!("{line}\n{}", signed("apigateway")), "", expected);
        check("POST /restapis", expect!["apigateway CreateRestApi write"]);
        check("PUT /restapis/a1?mode=overwrite&failonwarnings=true", expect!["apigateway PutRestApi write"]);
        check("GET /restapis/a1/resources?embed=methods", expect!["apigateway GetResources read"]);
        check(
            "PUT /restapis/a1/resources/r1/methods/GET/integration",
            expect!["apigateway PutIntegration write"],
        );
        check("PATCH /restapis/a1/stages/production", expect!["apigateway UpdateStage write"]);
        check(
            "PUT /tags/arn%3Aaws%3Aapigateway%3A%3A%3A%2Frestapis%2Fa1",
            expect!["apigateway TagResource write"],
        );
    }

    #[test]
    fn s3() {
        let check = |line: &str, expected| check(&format!("{line}\n{}", signed("s3")), "", expected);
        check("GET /", expect!["s3 ListBuckets read"]);
        check("PUT /bucket", expect!["s3 CreateBucket write"]);
        check("PUT /bucket/", expect!["s3 CreateBucket write"]);
        check("HEAD /bucket", expect!["s3 HeadBucket read"]);
        check("PUT /bucket?cors", expect!["s3 PutBucketCors write"]);
        check("DELETE /bucket?cors=", expect!["s3 DeleteBucketCors write"]);
        check("GET /bucket?policy", expect!["s3 GetBucketPolicy read"]);
        check("PUT /bucket?publicAccessBlock", expect!["s3 PutPublicAccessBlock write"]);
        check("GET /bucket?list-type=2&prefix=a", expect!["s3 ListObjectsV2 read"]);
        check("POST /bucket?delete", expect!["s3 DeleteObjects write"]);
        check("PUT /bucket/a/b.txt?x-id=PutObject", expect!["s3 PutObject write"]);
        check("PUT /bucket/a?partNumber=1&uploadId=u", expect!["s3 UploadPart write"]);
        check("POST /bucket/a?uploads", expect!["s3 CreateMultipartUpload write"]);
        check("HEAD /bucket/a", expect!["s3 HeadObject read"]);
    }

    #[test]
    fn s3_presigned_and_copied() {
        check(
            "PUT /bucket/key?X-Amz-Credential=ASIA1%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=0",
            "",
            expect!["s3 PutObject write"],
        );
        check("PUT /bucket/key\nx-amz-copy-source: /bucket/other", "", expect!["s3 CopyObject write"]);
        check("OPTIONS /bucket/key", "", expect!["s3 Preflight read"]);
        check("PUT /key\nhost: bucket.s3.localhost:4599", "", expect!["s3 PutObject write"]);
    }

    #[test]
    fn somebodys_api() {
        check("GET /_aws/execute-api/a1/production/", "", expect!["execute-api GET / read"]);
        check("GET /_aws/execute-api/a1/production", "", expect!["execute-api GET / read"]);
        check(
            "POST /_aws/execute-api/a1/production/files/x?y=z",
            "",
            expect!["execute-api POST /files/x write"],
        );
        check("OPTIONS /_aws/execute-api/a1/production/files", "", expect!["execute-api Preflight read"]);
        check(
            "GET /production/x\nhost: a1.execute-api.localhost:4599",
            "",
            expect!["execute-api GET /x read"],
        );
        check("PUT /restapis/a1/production/_user_request_/x", "", expect!["execute-api PUT /x write"]);
    }

    #[test]
    fn what_nobody_signed() {
        check("GET /eu-west-1_abc/.well-known/jwks.json", "", expect!["cognito-idp GetWellKnown read"]);
        check("GET /bucket/key", "", expect!["s3 GetObject read"]);
    }
}
