//! Whom the local cloud does not trust: web pages, and programs without its root key. Each of their requests is
//! refused, nothing is created, run or read by it, and no page may read the answer.
//!
//! The table is every operation, with every way to claim rights, from every kind of sender. Its last rows are the same
//! operations with the root key, which succeed: so the table tries what works.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    functions::{TRUST, create_function, create_role, encoded, iam, settled},
    running::{HttpResponse, Running},
    sign::Signer,
};

const SECRET: &str = "TOP-SECRET-CONTENT";
const PAGE: &str = "origin: http://evil.example";

/// The target of an attack.
struct Operation {
    name: &'static str,
    service: &'static str,
    /// `METHOD path`, then headers.
    request: String,
    body: String,
}

/// A cloud with something in it, and where code that runs leaves a mark.
struct Target {
    cloud: Running,
    pool: String,
    marker: PathBuf,
}

impl Target {
    async fn new() -> Target {
        let cloud = Running::new().await;
        cloud.create_bucket("private").await;
        assert_eq!(cloud.signed("s3", "PUT /private/secret", SECRET).await.status, 200);
        create_role(&cloud, "victim", TRUST).await;
        assert_eq!(create_function(&cloud, "victim", "victim", json!({})).await.status, 201);
        settled(&cloud, "victim").await;
        let parameter = json!({ "Name": "/secret", "Value": SECRET, "Type": "String" });
        cloud.call("ssm", "AmazonSSM.PutParameter", parameter).await;
        let created = cognito(&cloud, "CreateUserPool", json!({ "PoolName": "users" })).await;
        let pool = created["UserPool"]["Id"].as_str().unwrap().to_owned();
        let marker = cloud.options.instance.folder().join("attacker-ran-code");
        Target { cloud, pool, marker }
    }

    /// Everything that a hostile request could have changed.
    async fn world(&self) -> String {
        let cloud = &self.cloud;
        let users = iam(cloud, "Action=ListUsers").await.text;
        let roles = iam(cloud, "Action=ListRoles").await.text;
        let form = "POST /\ncontent-type: application/x-www-form-urlencoded";
        let stacks = cloud.signed("cloudformation", form, "Action=ListStacks&Version=2010-05-15").await.text;
        let buckets = cloud.signed("s3", "GET /", "").await.text;
        let objects = cloud.signed("s3", "GET /private?list-type=2", "").await.text;
        let functions = cloud.signed("lambda", "GET /2015-03-31/functions", "").await.text;
        let apis = cloud.signed("apigateway", "GET /restapis", "").await.text;
        let people = cognito(cloud, "ListUsers", json!({ "UserPoolId": self.pool })).await.to_string();
        let parameters = cloud.call("ssm", "AmazonSSM.DescribeParameters", json!({})).await.to_string();
        let all = [users, roles, stacks, buckets, objects, functions, apis, people, parameters];
        format!("{}\nran: {}", all.map(|it| without_request_ids(&it)).join("\n"), self.marker.exists())
    }

    fn operations(&self) -> Vec<Operation> {
        let target =
            |name: &str| format!("POST /\nx-amz-target: {name}\ncontent-type: application/x-amz-json-1.1");
        let query = |path: &str, action: &str| format!("GET {path}?{action}");
        let form = |path: &str| format!("POST {path}\ncontent-type: application/x-www-form-urlencoded");
        let user = "Action=CreateUser&UserName=evil&Version=2010-05-08";
        let stack = format!(
            "Action=CreateStack&StackName=evil&Version=2010-05-15&Capabilities.member.1=CAPABILITY_IAM&TemplateBody={}",
            encoded(&self.template())
        );
        let assume = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fvictim&RoleSessionName=evil&Version=2011-06-15";
        let function = json!({
            "FunctionName": "evil", "Role": "arn:aws:iam::000000000000:role/victim", "Runtime": "python3.13",
            "Handler": "index.handler", "Code": { "ZipFile": crate::functions::ZIP },
        });
        let row =
            |name, service, request, body: &str| Operation { name, service, request, body: body.to_owned() };
        vec![
            row("CreateUser by an image", "iam", query("/", user), ""),
            row("CreateUser on another path", "iam", query("/x", user), ""),
            row("CreateUser below an API", "iam", query("/_aws/execute-api/none/production/x", user), ""),
            row("CreateUser in a bucket", "iam", query("/private/secret", user), ""),
            row("CreateUser by a form", "iam", form("/"), user),
            row("CreateUser by a form on another path", "iam", form("/private"), user),
            row("CreateStack by an image", "cloudformation", query("/x", &stack), ""),
            row("CreateStack by a form", "cloudformation", form("/"), &stack),
            row("AssumeRole", "sts", query("/y", assume), ""),
            row(
                "AdminCreateUser",
                "cognito-idp",
                target("AWSCognitoIdentityProviderService.AdminCreateUser"),
                &json!({ "UserPoolId": self.pool, "Username": "evil" }).to_string(),
            ),
            row(
                "DeleteUserPool",
                "cognito-idp",
                target("AWSCognitoIdentityProviderService.DeleteUserPool"),
                &json!({ "UserPoolId": self.pool }).to_string(),
            ),
            row("GetParameter", "ssm", target("AmazonSSM.GetParameter"), r#"{"Name": "/secret"}"#),
            row("CreateFunction", "lambda", "POST /2015-03-31/functions".to_owned(), &function.to_string()),
            row("Invoke", "lambda", "POST /2015-03-31/functions/victim/invocations".to_owned(), "{}"),
            row("CreateRestApi", "apigateway", "POST /restapis".to_owned(), r#"{"name": "evil"}"#),
            row("GetObject", "s3", "GET /private/secret".to_owned(), ""),
            row("PutObject", "s3", "PUT /private/evil".to_owned(), "evil"),
            row("ListObjects", "s3", "GET /private?list-type=2".to_owned(), ""),
            row("ListBuckets", "s3", "GET /".to_owned(), ""),
            row("DeleteObject", "s3", "DELETE /private/secret".to_owned(), ""),
        ]
    }

    /// A stack that runs code when it is created.
    fn template(&self) -> String {
        let code = format!("def handler(event, context):\n    open({:?}, 'w').close()\n", self.marker);
        json!({ "Resources": {
            "Function": { "Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "python3.13", "Handler": "index.handler", "Code": { "ZipFile": code },
                "Role": "arn:aws:iam::000000000000:role/victim",
            } },
            "Run": { "Type": "Custom::Run", "Properties": { "ServiceToken": { "Fn::GetAtt": ["Function", "Arn"] } } },
        } })
        .to_string()
    }

    /// The ways to claim rights, without the root key's secret.
    fn claims(&self, operation: &Operation) -> Vec<(String, String)> {
        let Operation { service, request, body, .. } = operation;
        let url = &self.cloud.cloud.url;
        let scope = |key: &str| format!("{key}/20260101/eu-west-1/{service}/aws4_request");
        let encoded_scope = |key: &str| scope(key).replace('/', "%2F");
        let header = |value: String| format!("{request}\nauthorization: {value}");
        let signed = |key: &str| format!("Credential={}, SignedHeaders=host, Signature=0", scope(key));
        let root = self.cloud.root(service, "eu-west-1");
        let mut claims = vec![("nothing".to_owned(), request.clone())];
        for key in ["test", "000000000000", "123456789012", root.access_key.as_str()] {
            claims.extend([
                (format!("SigV4 of {key}"), header(format!("AWS4-HMAC-SHA256 {}", signed(key)))),
                (
                    format!("SigV2 in the query of {key}"),
                    with_query(
                        request,
                        &format!("AWSAccessKeyId={key}&Signature=x&Expires=9999999999&Version=2010-05-08"),
                    ),
                ),
                (format!("SigV2 in a header of {key}"), header(format!("AWS {key}:c2ln"))),
                (
                    format!("presigned by {key}"),
                    with_query(
                        request,
                        &format!(
                            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date=29990101T000000Z\
                             &X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0",
                            encoded_scope(key)
                        ),
                    ),
                ),
            ]);
        }
        for (name, value) in [
            ("a word before", format!("AWS4-HMAC-SHA256 x {}", signed("test"))),
            ("a tab", format!("AWS4-HMAC-SHA256\t{}", signed("test"))),
            ("two spaces", format!("AWS4-HMAC-SHA256  {}", signed("test"))),
            ("lower case", format!("aws4-hmac-sha256 {}", signed("test"))),
            ("another scheme", format!("Bearer {}", signed("test"))),
            ("no key", format!("AWS4-HMAC-SHA256 {}", signed(""))),
            ("SigV4a", format!("AWS4-ECDSA-P256-SHA256 {}", signed("test"))),
            ("a bearer token", "Bearer x".to_owned()),
        ] {
            claims.push((name.to_owned(), header(value)));
        }
        for (name, query) in [
            (
                "lower case in the query",
                format!("x-amz-credential={}&x-amz-signature=0", encoded_scope("test")),
            ),
            ("an encoded name", "%41WSAccessKeyId=test&Signature=x&Expires=9999999999".to_owned()),
            ("a credential alone", format!("X-Amz-Credential={}", encoded_scope("test"))),
        ] {
            claims.push((name.to_owned(), with_query(request, &query)));
        }
        // A program can compute the sessions of roles as the emulator does.
        let guessed = guessed_session(service);
        claims.push(("a guessed session".to_owned(), guessed.header(url, request, body.as_bytes())));
        claims.push(("a guessed session's URL".to_owned(), guessed.presigned(url, request, 60)));
        // The right name with the wrong secret, and what was signed for something else.
        let wrong = Signer { secret: "wrong".to_owned(), ..root.clone() };
        claims.push(("a wrong secret".to_owned(), wrong.header(url, request, body.as_bytes())));
        let other = root.header(url, &format!("DELETE /other\n{}", headers(request)), b"other");
        let stolen: Vec<&str> = other
            .lines()
            .filter(|it| it.starts_with("authorization: ") || it.starts_with("x-amz-date"))
            .collect();
        claims.push(("another request's signature".to_owned(), format!("{request}\n{}", stolen.join("\n"))));
        claims
    }
}

fn headers(request: &str) -> &str {
    request.split_once('\n').map_or("x-x: y", |(_, it)| it)
}

fn with_query(request: &str, query: &str) -> String {
    let (first, rest) = request.split_once('\n').unwrap_or((request, ""));
    let mark = if first.contains('?') { '&' } else { '?' };
    format!("{first}{mark}{query}\n{rest}").trim_end().to_owned()
}

/// The session of the victim's role as MiniStack derives it from names that a page can guess.
fn guessed_session(service: &str) -> Signer {
    use sha2::{Digest, Sha256};
    let hash = |text: &str| Sha256::digest(text).iter().map(|it| format!("{it:02x}")).collect::<String>();
    let digest =
        hash("arn:aws:lambda:eu-west-1:000000000000:function:victim:arn:aws:iam::000000000000:role/victim");
    Signer {
        access_key: format!("ASIA{}", digest[..16].to_uppercase()),
        secret: hash(&format!("secret:{digest}")),
        token: Some(hash(&format!("token:{digest}"))),
        service: service.to_owned(),
        region: "eu-west-1".to_owned(),
        now: std::time::SystemTime::now(),
    }
}

async fn cognito(cloud: &Running, operation: &str, body: Value) -> Value {
    cloud.call("cognito-idp", &format!("AWSCognitoIdentityProviderService.{operation}"), body).await
}

/// Each answer has another id, and lists of functions have other times.
fn without_request_ids(text: &str) -> String {
    let mut kept = text.to_owned();
    for mark in ["<RequestId>", "RequestId>"] {
        while let Some((before, after)) = kept.split_once(mark) {
            kept = format!("{before}{}", after.split_once('>').map_or("", |it| it.1));
        }
    }
    kept
}

fn assert_refused(name: &str, answer: &HttpResponse) {
    let status = answer.status.as_u16();
    assert!((400..500).contains(&status), "{name}: {answer:?}");
    assert!(!answer.text.contains(SECRET), "{name}: {answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), "", "{name}: {answer:?}");
}

/// The senders: what each adds to a request.
const SENDERS: [(&str, &str); 4] = [
    ("a program", "user-agent: curl"),
    ("a page", PAGE),
    ("an image", "sec-fetch-site: cross-site\nsec-fetch-mode: no-cors\nsec-fetch-dest: image"),
    ("an old browser", "referer: http://evil.example/"),
];

#[tokio::test]
async fn only_the_root_key_has_rights() {
    let target = Target::new().await;
    let world = target.world().await;
    assert!(world.contains("private") && world.contains("victim") && world.contains("ran: false"));
    let mut tried = 0;
    for operation in target.operations() {
        for (claim, request) in target.claims(&operation) {
            for (sender, header) in SENDERS {
                let name = format!("{}, {claim}, from {sender}", operation.name);
                let answer = target.cloud.send(&format!("{request}\n{header}"), operation.body.clone()).await;
                assert_refused(&name, &answer);
                tried += 1;
            }
        }
        assert_eq!(target.world().await, world, "{}", operation.name);
    }
    assert!(tried >= 1000, "{tried}");

    // A page has no rights with the root key either, however it came by it.
    let url = &target.cloud.cloud.url;
    for operation in target.operations() {
        let root = target.cloud.root(operation.service, "eu-west-1");
        for (sender, header) in &SENDERS[1..] {
            let name = format!("{} with the root key, from {sender}", operation.name);
            let signed = root.header(url, &operation.request, operation.body.as_bytes());
            let answer = target.cloud.send(&format!("{signed}\n{header}"), operation.body.clone()).await;
            assert_refused(&name, &answer);
            let presigned = root.presigned(url, &operation.request, 60);
            let answer = target.cloud.send(&format!("{presigned}\n{header}"), operation.body.clone()).await;
            assert_refused(&name, &answer);
        }
    }
    assert_eq!(target.world().await, world);

    // And all of it works for who has the key.
    for operation in target.operations().into_iter().rev() {
        let Operation { name, service, request, body } = operation;
        if ["below an API", "in a bucket", "DeleteObject"].iter().any(|it| name.contains(it)) {
            continue;
        }
        let answer = target.cloud.signed(service, &request, body).await;
        let again = [400, 409].contains(&answer.status.as_u16()) && name.contains("Create");
        assert!(answer.status.is_success() || again || name == "AssumeRole", "{name}: {answer:?}");
    }
    for _ in 0..400 {
        if target.marker.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(target.marker.exists(), "CreateStack runs code when it is allowed");
    let _ = fs::remove_file(&target.marker);
}

/// What pages try besides: paths of the gateway and the emulator, other spellings, other hosts, second headers.
#[tokio::test]
async fn other_ways_for_pages() {
    let target = Target::new().await;
    let world = target.world().await;
    let Target { cloud, pool, .. } = &target;
    let url = &cloud.cloud.url;
    let port = url.rsplit(':').next().unwrap();
    let user = "Action=CreateUser&UserName=evil&Version=2010-05-08";
    let json = "content-type: application/x-amz-json-1.1";
    let admin = "x-amz-target: AWSCognitoIdentityProviderService.AdminCreateUser";
    let sign_in = "x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth";
    let form = "content-type: application/x-www-form-urlencoded";
    let person = json!({ "UserPoolId": pool, "Username": "evil" }).to_string();
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |request: String, body: &str| rows.push((request, body.to_owned()));
    for method in ["GET", "POST", "PUT", "DELETE"] {
        for path in [
            "/_stackctl/health",
            "/_stackctl/strict",
            "/_stackctl/strict/wave",
            "/_ministack/health",
            "/_ministack/reset",
            "/_ministack/config",
            "/_ministack/lambda-code/000000000000/eu-west-1/victim",
            "/_ministack/ses/messages",
            "/_localstack/health",
            "/%5Fministack/reset",
            "//_ministack/reset",
            "/_aws/sqs/messages",
            "/_aws/ses/messages",
            "/%5Faws/sqs/messages",
            "/iceberg/v1/config",
            "/v20180820/accesspoint",
            "/v2/apis",
            "/v2/email/identities",
            "/oauth2/token",
            "/clusters",
            "/2015-03-31/functions/victim/invocations",
            "/2015-03-31/functions/victim/configuration",
            "/restapis/none/stages",
        ] {
            row(format!("{method} {path}"), "{}");
        }
    }
    // An Action, spelled in other ways and places.
    for action in ["action", "ACTION", "%41ction", "Act%69on", "+Action", "Action%20"] {
        row(format!("GET /x?{action}=CreateUser&UserName=evil&AWSAccessKeyId=test"), "");
        row(format!("POST /x\n{form}"), &format!("{action}=CreateUser&UserName=evil&AWSAccessKeyId=test"));
    }
    for content_type in [
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-Urlencoded",
        "text/plain;application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
    ] {
        row(format!("POST /\ncontent-type: {content_type}"), user);
        row(format!("POST /private\ncontent-type: {content_type}"), user);
    }
    row(format!("POST /_aws/execute-api/none/production/x\n{form}"), user);
    row(format!("POST /_aws/execute-api/none/production/../../../\n{form}"), user);
    row(format!("GET /_aws/execute-api/none/..%2f..%2f..%2f?{user}"), "");
    // What administers a user pool, beside what signs in.
    for headers in [
        format!("{admin}\n{json}"),
        format!("{sign_in}\n{admin}\n{json}"),
        format!("{admin}\n{sign_in}\n{json}"),
        "x-amz-target: AWSCognitoIdentityProviderService.ListUsers\ncontent-type: text/plain".to_owned(),
        "x-amz-target: awscognitoidentityproviderservice.AdminCreateUser".to_owned(),
        "x-amz-target: AWSCognitoIdentityProviderService.AdminCreateUser.InitiateAuth".to_owned(),
        "x-amz-target: AWSCognitoIdentityProviderServiceX.AdminCreateUser".to_owned(),
        "x-amz-target: AWSCognitoIdentityService.GetId".to_owned(),
        "x-amz-target: AmazonSSM.GetParameter".to_owned(),
        "x-amz-target: DynamoDB_20120810.ListTables".to_owned(),
        "x-amz-target: AWSSecurityTokenServiceV20110615.GetCallerIdentity".to_owned(),
    ] {
        for path in ["/", "/x", "/private/secret", "/?Action=CreateUser"] {
            row(format!("POST {path}\n{headers}"), &person);
        }
    }
    // Hosts: other names of this machine, names of services, and a name that only resolves to it.
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("private.s3.localhost:{port}"),
        format!("private.localhost:{port}"),
        format!("iam.localhost:{port}"),
        format!("victim.lambda-url.eu-west-1.localhost:{port}"),
        format!("a.execute-api.evil.example:{port}"),
        format!("a.execute-api.iam.amazonaws.com.localhost:{port}"),
        format!("x.appsync-api.eu-west-1.localhost:{port}"),
        format!("d111.cloudfront.localhost:{port}"),
    ] {
        row(format!("GET /secret\nhost: {host}"), "");
        row(format!("POST /\nhost: {host}\n{admin}\n{json}"), &person);
        row(format!("GET /?{user}\nhost: {host}"), "");
    }
    // The gateway's word towards the emulator.
    for header in ["x-stackctl-caller: root", "x-stackctl-key: guessed", "x-stackctl-service: iam"] {
        row(format!("GET /private/secret\n{header}"), "");
        row(format!("GET /x?{user}\n{header}"), "");
    }
    // Preflights of a browser: no answer may allow the request.
    for (path, method, headers) in [
        ("/", "POST", "authorization,x-amz-target"),
        ("/", "POST", "authorization"),
        ("/", "POST", "content-type"),
        ("/", "GET", "x-amz-target"),
        ("/", "DELETE", ""),
        ("/x", "POST", "x-amz-target"),
        ("/restapis", "POST", "authorization"),
        ("/2015-03-31/functions", "POST", "content-type"),
        ("/private/secret", "GET", ""),
        ("/private/secret", "PUT", "authorization"),
        ("/none/key", "GET", ""),
        ("/_ministack/reset", "POST", ""),
        ("/_stackctl/strict", "POST", "content-type"),
        ("/v2/apis", "POST", "authorization"),
    ] {
        let asked =
            format!("access-control-request-method: {method}\naccess-control-request-headers: {headers}");
        row(format!("OPTIONS {path}\n{asked}"), "");
    }
    assert!(rows.len() > 200, "{}", rows.len());
    for (request, body) in rows {
        let answer = cloud.send(&format!("{request}\n{PAGE}"), body).await;
        assert_refused(&request, &answer);
    }
    assert_eq!(target.world().await, world);
}

/// A preflight allows what the list allows, as on AWS.
#[tokio::test]
async fn what_pages_may_ask_before() {
    let cloud = Running::new().await;
    let ask = async |headers: &str| {
        let asked = format!("access-control-request-method: POST\naccess-control-request-headers: {headers}");
        cloud.send(&format!("OPTIONS /\n{asked}\n{PAGE}"), "").await
    };
    for headers in ["content-type,x-amz-target", "cache-control,content-type,x-amz-target,x-amz-user-agent"] {
        let answer = ask(headers).await;
        assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, "*"));
        assert_eq!(answer.header("access-control-allow-headers"), headers);
    }
    let request = format!(
        "POST /\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\ncontent-type: application/x-amz-json-1.1\n{PAGE}"
    );
    let answer = cloud.send(&request, r#"{"ClientId": "none", "AuthFlow": "USER_SRP_AUTH"}"#).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*", "{answer:?}");
    assert!(answer.text.contains("ResourceNotFoundException"), "{answer:?}");
}
