//! The input that Lambda gives the function: an event of API Gateway, and the environment.

use serde_json::{Value, json};

/// Who asks.
pub const SUB: &str = "c2b5f4a4-50d1-7045-9c2e-5f6d1b0a7e31";
/// The bucket.
pub const BUCKET: &str = "s3-presigned-url-uploads-123456789012-eu-west-1";
/// The region.
pub const REGION: &str = "eu-west-1";
/// The access key's id.
pub const KEY_ID: &str = "ASIAIOSFODNN7EXAMPLE";
/// Its secret.
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

const PAGE: &str = "http://localhost:5173";
const TIME: u64 = 1_795_491_000;

/// A session token, as long as Lambda's are.
pub fn token() -> String {
    format!("IQoJb3JpZ2luX2VjE{}==", "ExampleToken/+Example".repeat(40))
}

/// The variables that Lambda and stackctl set, beside the runtime API's address.
pub fn environment() -> Vec<(&'static str, String)> {
    let all = [
        ("AWS_ACCESS_KEY_ID", KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
        ("AWS_LAMBDA_FUNCTION_NAME", "s3-presigned-url-presign"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/s3-presigned-url-presign"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef"),
        ("_HANDLER", "bootstrap"),
        ("LAMBDA_TASK_ROOT", "/var/task"),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
        ("LANG", "en_US.UTF-8"),
        ("TZ", ":UTC"),
        ("BUCKET_UPLOADS", BUCKET),
        ("GRANTS_UPLOADS", "put"),
    ];
    let mut all: Vec<_> = all.map(|(name, value)| (name, value.to_owned())).into();
    all.push(("AWS_SESSION_TOKEN", token()));
    all
}

/// `GET /` of a page whose person is signed in.
pub fn event() -> Value {
    let id_token = format!("eyJraWQi.{}.{}", "eyJleGFtcGxlIjoi".repeat(44), "c2lnbmF0dXJl".repeat(28));
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    let headers = [
        ("accept", "application/json, text/plain, */*"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("accept-language", "en-GB,en;q=0.9"),
        ("Authorization", &id_token),
        ("Host", "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"),
        ("origin", PAGE),
        ("referer", "http://localhost:5173/"),
        ("sec-ch-ua", "\"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\""),
        ("sec-ch-ua-mobile", "?0"),
        ("sec-ch-ua-platform", "\"Linux\""),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "cross-site"),
        ("User-Agent", agent),
        ("X-Amzn-Trace-Id", "Root=1-6923d2b8-0123456789abcdef01234567"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    ];
    let single: Value = headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let multiple: Value = headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
    json!({
        "resource": "/",
        "path": "/",
        "httpMethod": "GET",
        "headers": single,
        "multiValueHeaders": multiple,
        "queryStringParameters": null,
        "multiValueQueryStringParameters": null,
        "pathParameters": null,
        "stageVariables": { "CORS_ORIGINS": PAGE },
        "requestContext": {
            "resourceId": "k2x9q0a1b2",
            "authorizer": { "claims": {
                "sub": SUB,
                "email_verified": "true",
                "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_KNq3vsZjQ",
                "cognito:username": SUB,
                "origin_jti": "3d8d5a1c-4a3b-4c57-9d4e-0b8b1c2d3e4f",
                "aud": "1h57kf5cpq17m0eml12EXAMPLE",
                "event_id": "9b0f3c61-5f0e-4a08-8d4c-2f1a0b9c8d7e",
                "token_use": "id",
                "auth_time": TIME.to_string(),
                "exp": "Tue Nov 24 04:30:00 UTC 2026",
                "iat": "Tue Nov 24 03:30:00 UTC 2026",
                "jti": "7c1e2b3a-6d5f-4e8c-9a0b-1c2d3e4f5a6b",
                "email": "ada@example.com"
            } },
            "resourcePath": "/",
            "httpMethod": "GET",
            "extendedRequestId": "UOmwSGkZDoEFkXw=",
            "requestTime": "24/Nov/2026:03:30:00 +0000",
            "path": "/production/",
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "production",
            "domainPrefix": "a1b2c3d4e5",
            "requestTimeEpoch": TIME * 1000,
            "requestId": "0f6b0a52-6a5c-4c0e-8f0e-3b1a2c4d5e6f",
            "identity": {
                "cognitoIdentityPoolId": null,
                "accountId": null,
                "cognitoIdentityId": null,
                "caller": null,
                "sourceIp": "192.0.2.7",
                "principalOrgId": null,
                "accessKey": null,
                "cognitoAuthenticationType": null,
                "cognitoAuthenticationProvider": null,
                "userArn": null,
                "userAgent": agent,
                "user": null
            },
            "domainName": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
            "deploymentId": "d8k3l1",
            "apiId": "a1b2c3d4e5"
        },
        "body": null,
        "isBase64Encoded": false
    })
}
