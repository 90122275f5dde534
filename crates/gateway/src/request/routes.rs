//! The REST operations by method and path.

use std::borrow::Cow;

use hyper::{HeaderMap, Method, Uri};

use super::url::{bucket_in_host, query};

/// Method, path and operation; `*` is one segment, `**` is the rest.
type Route = (&'static str, &'static str, &'static str);

pub(crate) const LAMBDA: &[Route] = &[
    ("POST", "/2015-03-31/functions", "CreateFunction"),
    ("GET", "/2015-03-31/functions", "ListFunctions"),
    ("GET", "/2015-03-31/functions/*", "GetFunction"),
    ("DELETE", "/2015-03-31/functions/*", "DeleteFunction"),
    ("GET", "/2015-03-31/functions/*/configuration", "GetFunctionConfiguration"),
    ("PUT", "/2015-03-31/functions/*/configuration", "UpdateFunctionConfiguration"),
    ("PUT", "/2015-03-31/functions/*/code", "UpdateFunctionCode"),
    ("POST", "/2015-03-31/functions/*/invocations", "Invoke"),
    ("GET", "/2015-03-31/functions/*/policy", "GetPolicy"),
    ("POST", "/2015-03-31/functions/*/policy", "AddPermission"),
    ("DELETE", "/2015-03-31/functions/*/policy/*", "RemovePermission"),
    ("GET", "/2021-10-31/functions/*/urls", "ListFunctionUrlConfigs"),
    ("GET", "/2021-10-31/functions/*/url", "GetFunctionUrlConfig"),
    ("POST", "/2021-10-31/functions/*/url", "CreateFunctionUrlConfig"),
    ("PUT", "/2021-10-31/functions/*/url", "UpdateFunctionUrlConfig"),
    ("DELETE", "/2021-10-31/functions/*/url", "DeleteFunctionUrlConfig"),
    ("GET", "/2015-03-31/event-source-mappings", "ListEventSourceMappings"),
    ("POST", "/2015-03-31/event-source-mappings", "CreateEventSourceMapping"),
    ("GET", "/2015-03-31/event-source-mappings/*", "GetEventSourceMapping"),
    ("PUT", "/2015-03-31/event-source-mappings/*", "UpdateEventSourceMapping"),
    ("DELETE", "/2015-03-31/event-source-mappings/*", "DeleteEventSourceMapping"),
    ("GET", "/2015-03-31/functions/*/versions", "ListVersionsByFunction"),
    ("POST", "/2015-03-31/functions/*/versions", "PublishVersion"),
    ("GET", "/2015-03-31/functions/*/aliases", "ListAliases"),
    ("POST", "/2015-03-31/functions/*/aliases", "CreateAlias"),
    ("PUT", "/2017-10-31/functions/*/concurrency", "PutFunctionConcurrency"),
    ("DELETE", "/2017-10-31/functions/*/concurrency", "DeleteFunctionConcurrency"),
    ("GET", "/2019-09-30/functions/*/concurrency", "GetFunctionConcurrency"),
    ("GET", "/2019-09-25/functions/*/event-invoke-config", "GetFunctionEventInvokeConfig"),
    ("PUT", "/2019-09-25/functions/*/event-invoke-config", "PutFunctionEventInvokeConfig"),
    ("DELETE", "/2019-09-25/functions/*/event-invoke-config", "DeleteFunctionEventInvokeConfig"),
    ("PUT", "/2021-07-20/functions/*/runtime-management-config", "PutRuntimeManagementConfig"),
    ("GET", "/2017-03-31/tags/**", "ListTags"),
    ("POST", "/2017-03-31/tags/**", "TagResource"),
    ("DELETE", "/2017-03-31/tags/**", "UntagResource"),
    ("GET", "/2016-08-19/account-settings", "GetAccountSettings"),
];

pub(crate) const API_GATEWAY: &[Route] = &[
    ("POST", "/restapis", "CreateRestApi"),
    ("PUT", "/restapis", "ImportRestApi"),
    ("GET", "/restapis", "GetRestApis"),
    ("GET", "/restapis/*", "GetRestApi"),
    ("PUT", "/restapis/*", "PutRestApi"),
    ("PATCH", "/restapis/*", "UpdateRestApi"),
    ("DELETE", "/restapis/*", "DeleteRestApi"),
    ("GET", "/restapis/*/resources", "GetResources"),
    ("GET", "/restapis/*/resources/*", "GetResource"),
    ("POST", "/restapis/*/resources/*", "CreateResource"),
    ("PATCH", "/restapis/*/resources/*", "UpdateResource"),
    ("DELETE", "/restapis/*/resources/*", "DeleteResource"),
    ("GET", "/restapis/*/resources/*/methods/*", "GetMethod"),
    ("PUT", "/restapis/*/resources/*/methods/*", "PutMethod"),
    ("PATCH", "/restapis/*/resources/*/methods/*", "UpdateMethod"),
    ("DELETE", "/restapis/*/resources/*/methods/*", "DeleteMethod"),
    ("POST", "/restapis/*/resources/*/methods/*", "TestInvokeMethod"),
    ("GET", "/restapis/*/resources/*/methods/*/responses/*", "GetMethodResponse"),
    ("PUT", "/restapis/*/resources/*/methods/*/responses/*", "PutMethodResponse"),
    ("PATCH", "/restapis/*/resources/*/methods/*/responses/*", "UpdateMethodResponse"),
    ("DELETE", "/restapis/*/resources/*/methods/*/responses/*", "DeleteMethodResponse"),
    ("GET", "/restapis/*/resources/*/methods/*/integration", "GetIntegration"),
    ("PUT", "/restapis/*/resources/*/methods/*/integration", "PutIntegration"),
    ("PATCH", "/restapis/*/resources/*/methods/*/integration", "UpdateIntegration"),
    ("DELETE", "/restapis/*/resources/*/methods/*/integration", "DeleteIntegration"),
    ("GET", "/restapis/*/resources/*/methods/*/integration/responses/*", "GetIntegrationResponse"),
    ("PUT", "/restapis/*/resources/*/methods/*/integration/responses/*", "PutIntegrationResponse"),
    ("PATCH", "/restapis/*/resources/*/methods/*/integration/responses/*", "UpdateIntegrationResponse"),
    ("DELETE", "/restapis/*/resources/*/methods/*/integration/responses/*", "DeleteIntegrationResponse"),
    ("GET", "/restapis/*/authorizers", "GetAuthorizers"),
    ("POST", "/restapis/*/authorizers", "CreateAuthorizer"),
    ("GET", "/restapis/*/authorizers/*", "GetAuthorizer"),
    ("PATCH", "/restapis/*/authorizers/*", "UpdateAuthorizer"),
    ("DELETE", "/restapis/*/authorizers/*", "DeleteAuthorizer"),
    ("GET", "/restapis/*/gatewayresponses", "GetGatewayResponses"),
    ("GET", "/restapis/*/gatewayresponses/*", "GetGatewayResponse"),
    ("PUT", "/restapis/*/gatewayresponses/*", "PutGatewayResponse"),
    ("PATCH", "/restapis/*/gatewayresponses/*", "UpdateGatewayResponse"),
    ("DELETE", "/restapis/*/gatewayresponses/*", "DeleteGatewayResponse"),
    ("GET", "/restapis/*/deployments", "GetDeployments"),
    ("POST", "/restapis/*/deployments", "CreateDeployment"),
    ("GET", "/restapis/*/deployments/*", "GetDeployment"),
    ("PATCH", "/restapis/*/deployments/*", "UpdateDeployment"),
    ("DELETE", "/restapis/*/deployments/*", "DeleteDeployment"),
    ("GET", "/restapis/*/stages", "GetStages"),
    ("POST", "/restapis/*/stages", "CreateStage"),
    ("GET", "/restapis/*/stages/*", "GetStage"),
    ("PATCH", "/restapis/*/stages/*", "UpdateStage"),
    ("DELETE", "/restapis/*/stages/*", "DeleteStage"),
    ("GET", "/restapis/*/stages/*/exports/*", "GetExport"),
    ("GET", "/restapis/*/models", "GetModels"),
    ("POST", "/restapis/*/models", "CreateModel"),
    ("GET", "/restapis/*/requestvalidators", "GetRequestValidators"),
    ("POST", "/restapis/*/requestvalidators", "CreateRequestValidator"),
    ("GET", "/account", "GetAccount"),
    ("PATCH", "/account", "UpdateAccount"),
    ("POST", "/apikeys", "CreateApiKey"),
    ("PATCH", "/usageplans/*", "UpdateUsagePlan"),
    ("GET", "/tags/**", "GetTags"),
    ("PUT", "/tags/**", "TagResource"),
    ("DELETE", "/tags/**", "UntagResource"),
];

/// Finds the operation of a path, which may end in a slash.
pub(crate) fn find(routes: &[Route], method: &Method, path: &str) -> Option<&'static str> {
    routes
        .iter()
        .find(|(verb, pattern, _)| method.as_str() == *verb && matches(pattern, path))
        .map(|(_, _, name)| *name)
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut path = path.trim_end_matches('/').split('/');
    for part in pattern.split('/') {
        match (part, path.next()) {
            ("**", Some(_)) => return true,
            ("*", Some(_)) => {}
            (part, Some(segment)) if part == segment => {}
            _ => return false,
        }
    }
    path.next().is_none()
}

/// The subresources in a bucket's query, with the noun in the operation's name.
const SUBRESOURCES: &[(&str, &str)] = &[
    ("accelerate", "BucketAccelerateConfiguration"),
    ("acl", "BucketAcl"),
    ("cors", "BucketCors"),
    ("encryption", "BucketEncryption"),
    ("lifecycle", "BucketLifecycleConfiguration"),
    ("location", "BucketLocation"),
    ("logging", "BucketLogging"),
    ("notification", "BucketNotificationConfiguration"),
    ("object-lock", "ObjectLockConfiguration"),
    ("ownershipControls", "BucketOwnershipControls"),
    ("policy", "BucketPolicy"),
    ("policyStatus", "BucketPolicyStatus"),
    ("publicAccessBlock", "PublicAccessBlock"),
    ("replication", "BucketReplication"),
    ("requestPayment", "BucketRequestPayment"),
    ("tagging", "BucketTagging"),
    ("versioning", "BucketVersioning"),
    ("website", "BucketWebsite"),
];

/// Finds S3's operation by method, path and query.
pub(crate) fn s3(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Cow<'static, str>> {
    let has = |name: &str| query(uri).any(|(it, _)| it == name);
    let path = uri.path().trim_start_matches('/');
    let (bucket, key) = match path.split_once('/') {
        _ if bucket_in_host(headers).is_some() => ("host", path),
        Some((bucket, key)) => (bucket, key),
        None => (path, ""),
    };
    let name = match (method.as_str(), bucket.is_empty(), key.is_empty()) {
        ("GET", true, _) => "ListBuckets",
        ("GET", false, true) if has("uploads") => "ListMultipartUploads",
        ("GET", false, true) if has("versions") => "ListObjectVersions",
        ("POST", false, true) if has("delete") => "DeleteObjects",
        ("POST", false, true) => "PostObject",
        ("HEAD", false, true) => "HeadBucket",
        (verb, false, true) => return bucket_operation(verb, uri),
        ("GET", false, false) if has("uploadId") => "ListParts",
        ("GET", false, false) if has("tagging") => "GetObjectTagging",
        ("GET", false, false) if has("acl") => "GetObjectAcl",
        ("GET", false, false) if has("attributes") => "GetObjectAttributes",
        ("GET", false, false) => "GetObject",
        ("HEAD", false, false) => "HeadObject",
        ("PUT", false, false) if has("partNumber") && headers.contains_key("x-amz-copy-source") => {
            "UploadPartCopy"
        }
        ("PUT", false, false) if has("partNumber") => "UploadPart",
        ("PUT", false, false) if has("tagging") => "PutObjectTagging",
        ("PUT", false, false) if has("acl") => "PutObjectAcl",
        ("PUT", false, false) if headers.contains_key("x-amz-copy-source") => "CopyObject",
        ("PUT", false, false) => "PutObject",
        ("POST", false, false) if has("uploads") => "CreateMultipartUpload",
        ("POST", false, false) if has("uploadId") => "CompleteMultipartUpload",
        ("DELETE", false, false) if has("uploadId") => "AbortMultipartUpload",
        ("DELETE", false, false) if has("tagging") => "DeleteObjectTagging",
        ("DELETE", false, false) => "DeleteObject",
        _ => return None,
    };
    Some(name.into())
}

fn bucket_operation(verb: &str, uri: &Uri) -> Option<Cow<'static, str>> {
    let subresource =
        SUBRESOURCES.iter().find(|(name, _)| query(uri).any(|(it, _)| it == *name)).map(|(_, noun)| *noun);
    let name = match (verb, subresource) {
        ("GET", None) if query(uri).any(|it| it == ("list-type", "2")) => "ListObjectsV2".into(),
        ("GET", None) => "ListObjects".into(),
        ("PUT", None) => "CreateBucket".into(),
        ("DELETE", None) => "DeleteBucket".into(),
        ("DELETE", Some("BucketLifecycleConfiguration")) => "DeleteBucketLifecycle".into(),
        ("GET", Some(noun)) => format!("Get{noun}").into(),
        ("PUT", Some(noun)) => format!("Put{noun}").into(),
        ("DELETE", Some(noun)) => format!("Delete{noun}").into(),
        _ => return None,
    };
    Some(name)
}
