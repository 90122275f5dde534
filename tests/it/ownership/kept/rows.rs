//! The rows: what other tools make, what the plan says of it, and each difference that apply makes.

use expect_test::expect;

use super::row::Row;

const BUCKET: &str = "
stack: NAME
region: eu-west-1
buckets:
  uploads:
    cors: { origins: [https://app.example] }
    expire: 30d
";

const FUNCTION: &str = "
stack: NAME
region: eu-west-1
functions:
  presign:
    package: presign
    profile: lambda
    environment: { URL_EXPIRES: 10s }
";

const POOL: &str = "
stack: NAME
region: eu-west-1
user_pools:
  users:
    sign_in_with: []
    clients: { web: {} }
";

const API: &str = "
stack: NAME
region: eu-west-1
functions:
  presign:
    package: presign
    profile: lambda
apis:
  uploads:
    cors: { origins: [https://app.example] }
    authorizer: none
    stage: prod
    routes: { GET /: presign, 'GET /uploads/{key+}': presign }
";

pub fn rows() -> Vec<Row> {
    let row = |made, yaml, kinds, plan, changed| Row { made, yaml, kinds, plan, changed, later: None };
    vec![
        row("bucket_of_cdk", BUCKET, &["bucket"], expect![[r#"
            bucket.uploads: set CORS of
              cors.origins: nothing → https://app.example
              cors.methods: nothing → PUT
              cors.headers: nothing → *
              cors.exposed: nothing → ETag
              cors.max_age: nothing → 300s
            bucket.uploads: set the lifecycle of
              abort_unfinished: nothing → deletes the parts of unfinished uploads 7 days after their start
              expire: nothing → deletes objects 30 days after their upload
            bucket.uploads is open: what happens to its objects is sent to EventBridge
            bucket.uploads is open: S3 deletes or moves its objects by the lifecycle rules archive
            bucket.uploads is open: S3 keeps what is deleted or overwritten in it (versioning is on, and the file does not ask for it)
        "#]], expect![[r#"
            .bucket.get_bucket_cors.CORSRules: + {"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://app.example"],"ExposeHea…
            .bucket.get_bucket_lifecycle_configuration.Rules: + {"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Filter":{},"ID":"stackctl-abort-unfinis…
            .bucket.get_bucket_lifecycle_configuration.Rules: + {"Expiration":{"Days":30},"Filter":{},"ID":"stackctl-expire","Status":"Enabled"}
        "#]])
            .later(("expire: 30d", "expire: 60d"), expect![[r#"
                .bucket.get_bucket_lifecycle_configuration.Rules["stackctl-expire"].Expiration.Days: 30 → 60
            "#]]),
        row("bucket_of_terraform", BUCKET, &["bucket"], expect![[r#"
            bucket.uploads: set the policy of
              policy: Allow s3:GetObject, s3:ListBucket on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1, arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["123456789012"]} → Deny s3:* on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1, arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}; Allow s3:GetObject, s3:ListBucket on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1, arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["123456789012"]}
            bucket.uploads: enforce ownership of
              ownership: BucketOwnerPreferred → BucketOwnerEnforced
              (ACLs of the bucket and its objects, which may let others in, cease to count)
            bucket.uploads: set CORS of
              cors.origins: nothing → https://app.example
              cors.methods: nothing → PUT
              cors.headers: nothing → *
              cors.exposed: nothing → ETag
              cors.max_age: nothing → 300s
            bucket.uploads: set the lifecycle of
              abort_unfinished: nothing → deletes the parts of unfinished uploads 7 days after their start
              expire: nothing → deletes objects 30 days after their upload
            bucket.uploads is open: its policy lets in 123456789012 (Allow s3:GetObject, s3:ListBucket on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1, arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["123456789012"]})
            bucket.uploads is open: S3 deletes or moves its objects by the lifecycle rules log
        "#]], expect![[r#"
            .bucket.get_bucket_cors.CORSRules: + {"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://app.example"],"ExposeHea…
            .bucket.get_bucket_lifecycle_configuration.Rules: + {"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Filter":{},"ID":"stackctl-abort-unfinis…
            .bucket.get_bucket_lifecycle_configuration.Rules: + {"Expiration":{"Days":30},"Filter":{},"ID":"stackctl-expire","Status":"Enabled"}
            .bucket.get_bucket_ownership_controls.OwnershipControls.Rules: - {"ObjectOwnership":"BucketOwnerPreferred"}
            .bucket.get_bucket_ownership_controls.OwnershipControls.Rules: + {"ObjectOwnership":"BucketOwnerEnforced"}
            .bucket.get_bucket_policy.Policy.Statement: + {"Action":["s3:*"],"Condition":{"Bool":{"aws:SecureTransport":["false"]}},"Effect":"Deny","Principal…
        "#]])
            .later(("https://app.example", "https://new.example"), expect![[r#"
                .bucket.get_bucket_cors.CORSRules["stackctl"].AllowedOrigins: - "https://app.example"
                .bucket.get_bucket_cors.CORSRules["stackctl"].AllowedOrigins: + "https://new.example"
            "#]]),
        row("bucket_of_cli", BUCKET, &["bucket"], expect![[r#"
            bucket.uploads: set the policy of
              policy: Allow s3:GetObject on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["*"]} → Deny s3:* on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1, arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}; Allow s3:GetObject on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["*"]}
            bucket.uploads: block public access to
              public_access: not all blocked → blocked
              (S3 serves it as a website, and then refuses visitors without credentials)
            bucket.uploads: set CORS of
              cors.origins: nothing → https://app.example
              cors.methods: nothing → PUT
              cors.headers: nothing → *
              cors.exposed: nothing → ETag
              cors.max_age: nothing → 300s
            bucket.uploads: set the lifecycle of
              abort_unfinished: nothing → deletes the parts of unfinished uploads 7 days after their start
              expire: nothing → deletes objects 30 days after their upload
            bucket.uploads is open: its policy lets in everyone (Allow s3:GetObject on arn:aws:s3:::STACK-uploads-000000000000-eu-west-1/*, Principal {"AWS":["*"]})
            bucket.uploads is open: S3 serves it as a website (index index.html)
        "#]], expect![[r#"
            .bucket.get_bucket_cors: "NoSuchCORSConfiguration" → {"CORSRules":[{"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://app.example"],"ExposeHeaders":["ETag"],"ID":"stackctl","MaxAgeSeconds":300}]}
            .bucket.get_bucket_lifecycle_configuration: "NoSuchLifecycleConfiguration" → {"Rules":[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Filter":{},"ID":"stackctl-abort-unfinished","Status":"Enabled"},{"Expiration":{"Days":30},"Filter":{},"ID":"stackctl-expire","Status":"Enabled"}],"TransitionDefaultMinimumObjectSize":"all_storage_classes_128K"}
            .bucket.get_bucket_policy.Policy.Statement: + {"Action":["s3:*"],"Condition":{"Bool":{"aws:SecureTransport":["false"]}},"Effect":"Deny","Principal…
            .bucket.get_public_access_block.PublicAccessBlockConfiguration.BlockPublicAcls: false → true
            .bucket.get_public_access_block.PublicAccessBlockConfiguration.BlockPublicPolicy: false → true
            .bucket.get_public_access_block.PublicAccessBlockConfiguration.IgnorePublicAcls: false → true
            .bucket.get_public_access_block.PublicAccessBlockConfiguration.RestrictPublicBuckets: false → true
        "#]])
            .later(("    cors: { origins: [https://app.example] }\n", ""), expect![[r#"
                .bucket.get_bucket_cors: {"CORSRules":[{"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://app.example"],"ExposeHeaders":["ETag"],"ID":"stackctl","MaxAgeSeconds":300}]} → "NoSuchCORSConfiguration"
            "#]]),
        row("function_of_cdk", FUNCTION, &["role", "log_group", "function"], expect![[r#"
            role.presign: set the policy of
              policy: nothing → Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign:*
            log_group.presign: set the retention of
              log_retention: 731 days → 30 days
              (CloudWatch Logs deletes events older than 30 days)
            function.presign: set the code of
              code: …
            function.presign: configure
              description: …
              runtime: nodejs22.x → provided.al2023
              handler: index.handler → bootstrap
              timeout: 3s → 5s
              environment.URL_EXPIRES: 1h → 10s
            function.presign is open: code of others runs in it (layers: arn:aws:lambda:eu-west-1:000000000000:layer:STACK-extras:1)
        "#]], expect![[r#"
            .function.get_function.Configuration.CodeSha256: another value
            .function.get_function.Configuration.CodeSize: another value
            .function.get_function.Configuration.Description: "presigns" → "Runs as the role AROA"
            .function.get_function.Configuration.Environment.Variables.URL_EXPIRES: "1h" → "10s"
            .function.get_function.Configuration.Handler: "index.handler" → "bootstrap"
            .function.get_function.Configuration.Runtime: "nodejs22.x" → "provided.al2023"
            .function.get_function.Configuration.Timeout: 3 → 5
            .function.list_versions_by_function.Versions["$LATEST"].CodeSha256: another value
            .function.list_versions_by_function.Versions["$LATEST"].CodeSize: another value
            .function.list_versions_by_function.Versions["$LATEST"].Description: "presigns" → "Runs as the role AROA"
            .function.list_versions_by_function.Versions["$LATEST"].Environment.Variables.URL_EXPIRES: "1h" → "10s"
            .function.list_versions_by_function.Versions["$LATEST"].Handler: "index.handler" → "bootstrap"
            .function.list_versions_by_function.Versions["$LATEST"].Runtime: "nodejs22.x" → "provided.al2023"
            .function.list_versions_by_function.Versions["$LATEST"].Timeout: 3 → 5
            .log_group.describe_log_groups.logGroups: - {"arn":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign:*","creationTime":"…","logGroupArn":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign","logGroupClass":"STANDARD","logGroupName":"/aws/lambda/STACK-presign","metricFilterCount":0,"retentionInDays":731,"storedBytes":0}
            .log_group.describe_log_groups.logGroups: + {"arn":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign:*","creationTime":"……
            .role.get_role_policy.stackctl: + {"PolicyDocument":{"Statement":[{"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Effect":"All…
            .role.list_role_policies.PolicyNames: + "stackctl"
        "#]])
            .later(("    package:", "    memory: 512 MB\n    package:"), expect![[r#"
                .function.get_function.Configuration.MemorySize: 128 → 512
                .function.list_versions_by_function.Versions["$LATEST"].MemorySize: 128 → 512
            "#]]),
        row(
            "function_of_terraform",
            FUNCTION,
            &["role", "log_group", "function"],
            expect![[r#"
                role.presign: set the policy of
                  policy: nothing → Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign:*
                log_group.presign: set the retention of
                  log_retention: never expire → 30 days
                  (CloudWatch Logs deletes events older than 30 days)
                function.presign: set the code of
                  code: …
                function.presign: configure
                  description: …
                  runtime: nodejs20.x → provided.al2023
                  handler: index.test → bootstrap
                  timeout: 3s → 5s
                  environment.URL_EXPIRES: nothing → 10s
                role.presign is open: its trust policy lets in arn:aws:iam::123456789012:root (Allow sts:AssumeRole, Principal {"AWS":["arn:aws:iam::123456789012:root"]})
                function.presign is open: it may be invoked by others than the stack's APIs (statement AllowExecutionFromCloudWatch of its policy: Allow lambda:InvokeFunction, Principal {"Service":["events.amazonaws.com"]}, Condition {"ArnLike":{"AWS:SourceArn":["arn:aws:events:eu-west-1:000000000000:rule/RunDaily"]}})
            "#]],
            expect![[r#"
                .function.get_function.Configuration.CodeSha256: another value
                .function.get_function.Configuration.CodeSize: another value
                .function.get_function.Configuration.Description: "" → "Runs as the role AROA"
                .function.get_function.Configuration.Environment.Variables.URL_EXPIRES: + "10s"
                .function.get_function.Configuration.Handler: "index.test" → "bootstrap"
                .function.get_function.Configuration.Runtime: "nodejs20.x" → "provided.al2023"
                .function.get_function.Configuration.Timeout: 3 → 5
                .function.list_versions_by_function.Versions["$LATEST"].CodeSha256: another value
                .function.list_versions_by_function.Versions["$LATEST"].CodeSize: another value
                .function.list_versions_by_function.Versions["$LATEST"].Description: "" → "Runs as the role AROA"
                .function.list_versions_by_function.Versions["$LATEST"].Environment.Variables.URL_EXPIRES: + "10s"
                .function.list_versions_by_function.Versions["$LATEST"].Handler: "index.test" → "bootstrap"
                .function.list_versions_by_function.Versions["$LATEST"].Runtime: "nodejs20.x" → "provided.al2023"
                .function.list_versions_by_function.Versions["$LATEST"].Timeout: 3 → 5
                .log_group.describe_log_groups.logGroups: - {"arn":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign:*","creationTime":"…","kmsKeyId":"arn:aws:kms:eu-west-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab","logGroupArn":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign","logGroupClass":"STANDARD","logGroupName":"/aws/lambda/STACK-presign","metricFilterCount":1,"storedBytes":0}
                .log_group.describe_log_groups.logGroups: + {"arn":"arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/STACK-presign:*","creationTime":"……
                .role.get_role_policy.stackctl: + {"PolicyDocument":{"Statement":[{"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Effect":"All…
                .role.list_role_policies.PolicyNames: + "stackctl"
            "#]],
        )
        .later(("URL_EXPIRES: 10s", "OTHER: x"), expect![[r#"
            .function.get_function.Configuration.Environment.Variables.OTHER: + "x"
            .function.list_versions_by_function.Versions["$LATEST"].Environment.Variables.OTHER: + "x"
        "#]]),
        row("pool_of_cdk", POOL, &["user_pool", "user_pool_client"], expect![[r#"
            user_pool.users: update
              sign_up: open → admin
              deletion_protection: false → true
            user_pool_client.users/web: update
              auth_flows: ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_PASSWORD_AUTH → ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_SRP_AUTH
              prevent_user_existence_errors: false → true
            user_pool.users is open: its people may sign in through the app client backend (…), whose tokens the stack's APIs take (ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH)
            user_pool.users is open: code of others runs when people sign in or up (PostConfirmation: arn:aws:lambda:eu-west-1:000000000000:function:trigger, PreTokenGeneration: arn:aws:lambda:eu-west-1:000000000000:function:trigger)
        "#]], expect![[r#"
            .user_pool.describe_user_pool.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly: false → true
            .user_pool.describe_user_pool.UserPool.DeletionProtection: "INACTIVE" → "ACTIVE"
            .user_pool_client.STACK-users-web.UserPoolClient.ExplicitAuthFlows: + "ALLOW_USER_SRP_AUTH"
            .user_pool_client.STACK-users-web.UserPoolClient.PreventUserExistenceErrors: "LEGACY" → "ENABLED"
        "#]]).later(
            (
                "    clients: { web: {} }",
                "    mfa: required\n    clients: { web: { access_token: 5m, refresh_token_rotation: { grace: 10s } } }",
            ),
            expect![[r#"
                .user_pool.describe_user_pool.UserPool.MfaConfiguration: "OPTIONAL" → "ON"
                .user_pool.get_user_pool_mfa_config.MfaConfiguration: "OPTIONAL" → "ON"
                .user_pool_client.STACK-users-web.UserPoolClient.AccessTokenValidity: 60 → 300
                .user_pool_client.STACK-users-web.UserPoolClient.ExplicitAuthFlows: - "ALLOW_REFRESH_TOKEN_AUTH"
                .user_pool_client.STACK-users-web.UserPoolClient.TokenValidityUnits.AccessToken: "minutes" → "seconds"
                .user_pool_client.STACK-users-web.UserPoolClient.RefreshTokenRotation: + {"Feature":"ENABLED","RetryGracePeriodSeconds":10}
            "#]],
        ),
        row("pool_of_terraform", POOL, &["user_pool", "user_pool_client"], expect![[r#"
            user_pool.users: update
              password.minimum_length: 6 → 8
              password.lowercase: false → true
              password.uppercase: false → true
              password.digits: false → true
              password.symbols: false → true
              deletion_protection: false → true
            user_pool.users is open: people may sign in with an account of the identity provider Google (Google)
            user_pool.users is open: its people may sign in through the app client theirs (…), whose tokens the stack's APIs take (ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH)
            user_pool.users is open: code of others runs when people sign in or up (PreSignUp: arn:aws:lambda:eu-west-1:000000000000:function:check)
            user_pool.users is open: it has Cognito's sign-in page, at the domain STACK-domain
        "#]], expect![[r#"
            .user_pool.describe_user_pool.UserPool.DeletionProtection: "INACTIVE" → "ACTIVE"
            .user_pool.describe_user_pool.UserPool.Policies.PasswordPolicy.MinimumLength: 6 → 8
            .user_pool.describe_user_pool.UserPool.Policies.PasswordPolicy.RequireLowercase: false → true
            .user_pool.describe_user_pool.UserPool.Policies.PasswordPolicy.RequireNumbers: false → true
            .user_pool.describe_user_pool.UserPool.Policies.PasswordPolicy.RequireSymbols: false → true
            .user_pool.describe_user_pool.UserPool.Policies.PasswordPolicy.RequireUppercase: false → true
            .user_pool_client.STACK-users-web: + {"UserPoolClient":{"AccessTokenValidity":3600,"AllowedOAuthFlowsUserPoolClient":false,"AuthSessionVa…
        "#]])
            .later(
                ("sign_in_with: []", "sign_in_with: []\n    sign_up: open\n    mfa: optional"),
                expect![[r#"
                    .user_pool.describe_user_pool.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly: true → false
                    .user_pool.describe_user_pool.UserPool.MfaConfiguration: "OFF" → "OPTIONAL"
                    .user_pool.get_user_pool_mfa_config.MfaConfiguration: "OFF" → "OPTIONAL"
                    .user_pool.get_user_pool_mfa_config.SoftwareTokenMfaConfiguration: + {"Enabled":true}
                "#]],
            ),
        row("api_of_cdk", API, &["rest_api"], expect![[r#"
            rest_api.uploads: import
              GET /: function theirs → function STACK-presign
              OPTIONS /: nothing → preflight Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Methods: GET,OPTIONS; Access-Control-Allow-Origin: https://app.example; Access-Control-Max-Age: 300; Vary: Origin
              GET /uploads/{key+}: nothing → function STACK-presign
              OPTIONS /uploads/{key+}: nothing → preflight Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Methods: GET,OPTIONS; Access-Control-Allow-Origin: https://app.example; Access-Control-Max-Age: 300; Vary: Origin
              response.DEFAULT_4XX: nothing → Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Origin: https://app.example; Access-Control-Expose-Headers: x-amzn-ErrorType,x-amzn-RequestId; Vary: Origin; application/json: {"message":$context.error.messageString}
              response.DEFAULT_5XX: nothing → Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Origin: https://app.example; Access-Control-Expose-Headers: x-amzn-ErrorType,x-amzn-RequestId; Vary: Origin; application/json: {"message":$context.error.messageString}
            rest_api.uploads: deploy
            rest_api.uploads: set the stage of
              variables.CORS_ORIGINS: nothing → https://app.example
              throttling.rate: 10000 → 50
              throttling.burst: 5000 → 100
            rest_api.uploads: set the stage's tags of
              stage.tags.stackctl:address: nothing → rest_api.uploads
              stage.tags.stackctl:stack: nothing → STACK
            rest_api.uploads is open: the stage beta of others
        "#]], expect![[r#"
            .rest_api.get_gateway_responses.items: + {"defaultResponse":false,"responseParameters":{"gatewayresponse.header.Access-Control-Allow-Headers"…
            .rest_api.get_gateway_responses.items: + {"defaultResponse":false,"responseParameters":{"gatewayresponse.header.Access-Control-Allow-Headers"…
            .rest_api.get_resources.items["/"].resourceMethods.GET.methodIntegration.uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:theirs/invocations" → "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:STACK-presign/invocations"
            .rest_api.get_resources.items["/"].resourceMethods.GET.methodResponses.200: + {"responseModels":{},"responseParameters":{},"statusCode":"200"}
            .rest_api.get_resources.items["/"].resourceMethods.GET.operationName: "" → "stackctl GET /"
            .rest_api.get_resources.items["/"].resourceMethods.OPTIONS: + {"apiKeyRequired":false,"authorizationScopes":[],"authorizationType":"NONE","httpMethod":"OPTIONS","…
            .rest_api.get_resources.items: + {"id":"…","parentId":"…","path":"/uploads","pathPart":"uploads","resourceMethods":{}}
            .rest_api.get_resources.items: + {"id":"…","parentId":"…","path":"/uploads/{key+}","pathPart":"{key+}","resourceMethods":{"GET":{"api…
            .rest_api.get_stages.item["prod"].deploymentId: another value
            .rest_api.get_stages.item["prod"].methodSettings.*/*.throttlingBurstLimit: 5000 → 100
            .rest_api.get_stages.item["prod"].methodSettings.*/*.throttlingRateLimit: 10000.0 → 50.0
            .rest_api.get_stages.item["prod"].tags.stackctl:address: + "rest_api.uploads"
            .rest_api.get_stages.item["prod"].tags.stackctl:stack: + "STACK"
            .rest_api.get_stages.item["prod"].variables.CORS_ORIGINS: + "https://app.example"
            .rest_api.get_stages.item["prod"].variables.STACKCTL_DEPLOYED: + …
        "#]])
            .later((", 'GET /uploads/{key+}': presign", ""), expect![[r#"
                .rest_api.get_resources.items["/uploads/{key+}"].resourceMethods.GET: - {"apiKeyRequired":false,"authorizationScopes":[],"authorizationType":"NONE","httpMethod":"GET","methodIntegration":{"cacheKeyParameters":[],"cacheNamespace":"…","connectionType":"INTERNET","httpMethod":"POST","integrationResponses":{},"passthroughBehavior":"WHEN_NO_MATCH","requestParameters":{},"requestTemplates":{},"timeoutInMillis":29000,"type":"AWS_PROXY","uri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:STACK-presign/invocations"},"methodResponses":{"200":{"responseModels":{},"responseParameters":{},"statusCode":"200"}},"operationName":"stackctl GET /uploads/{key+}","requestModels":{},"requestParameters":{"method.request.path.key":true}}
                .rest_api.get_resources.items["/uploads/{key+}"].resourceMethods.OPTIONS: - {"apiKeyRequired":false,"authorizationScopes":[],"authorizationType":"NONE","httpMethod":"OPTIONS","methodIntegration":{"cacheKeyParameters":[],"cacheNamespace":"…","connectionType":"INTERNET","httpMethod":"POST","integrationResponses":{"200":{"responseParameters":{"method.response.header.Access-Control-Allow-Headers":"'Authorization,Content-Type'","method.response.header.Access-Control-Allow-Methods":"'GET,OPTIONS'","method.response.header.Access-Control-Allow-Origin":"'https://app.example'","method.response.header.Access-Control-Max-Age":"'300'","method.response.header.Vary":"'Origin'"},"responseTemplates":{},"selectionPattern":"","statusCode":"200"}},"passthroughBehavior":"WHEN_NO_MATCH","requestParameters":{},"requestTemplates":{"application/json":{"statusCode":200}},"timeoutInMillis":29000,"type":"MOCK","uri":""},"methodResponses":{"200":{"responseModels":{},"responseParameters":{"method.response.header.Access-Control-Allow-Headers":false,"method.response.header.Access-Control-Allow-Methods":false,"method.response.header.Access-Control-Allow-Origin":false,"method.response.header.Access-Control-Max-Age":false,"method.response.header.Vary":false},"statusCode":"200"}},"operationName":"stackctl OPTIONS /uploads/{key+}","requestModels":{},"requestParameters":{"method.request.path.key":true}}
                .rest_api.get_stages.item["prod"].deploymentId: another value
                .rest_api.get_stages.item["prod"].variables.STACKCTL_DEPLOYED: another value
            "#]]),
        row("api_of_terraform", API, &["rest_api"], expect![[r#"
            rest_api.uploads: import
              GET /: nothing → function STACK-presign
              OPTIONS /: nothing → preflight Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Methods: GET,OPTIONS; Access-Control-Allow-Origin: https://app.example; Access-Control-Max-Age: 300; Vary: Origin
              GET /uploads/{key+}: nothing → function STACK-presign
              OPTIONS /uploads/{key+}: nothing → preflight Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Methods: GET,OPTIONS; Access-Control-Allow-Origin: https://app.example; Access-Control-Max-Age: 300; Vary: Origin
              response.DEFAULT_4XX: nothing → Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Origin: https://app.example; Access-Control-Expose-Headers: x-amzn-ErrorType,x-amzn-RequestId; Vary: Origin; application/json: {"message":$context.error.messageString}
              response.DEFAULT_5XX: nothing → Access-Control-Allow-Headers: Authorization,Content-Type; Access-Control-Allow-Origin: https://app.example; Access-Control-Expose-Headers: x-amzn-ErrorType,x-amzn-RequestId; Vary: Origin; application/json: {"message":$context.error.messageString}
            rest_api.uploads: deploy
            rest_api.uploads: set the stage of
              throttling.rate: nothing → 50
              throttling.burst: nothing → 100
            rest_api.uploads is open: the stage example of others
        "#]], expect![[r#"
            .rest_api.get_gateway_responses.items: + {"defaultResponse":false,"responseParameters":{"gatewayresponse.header.Access-Control-Allow-Headers"…
            .rest_api.get_gateway_responses.items: + {"defaultResponse":false,"responseParameters":{"gatewayresponse.header.Access-Control-Allow-Headers"…
            .rest_api.get_resources.items["/"].resourceMethods.GET: + {"apiKeyRequired":false,"authorizationScopes":[],"authorizationType":"NONE","httpMethod":"GET","meth…
            .rest_api.get_resources.items["/"].resourceMethods.OPTIONS: + {"apiKeyRequired":false,"authorizationScopes":[],"authorizationType":"NONE","httpMethod":"OPTIONS","…
            .rest_api.get_resources.items: + {"id":"…","parentId":"…","path":"/uploads","pathPart":"uploads","resourceMethods":{}}
            .rest_api.get_resources.items: + {"id":"…","parentId":"…","path":"/uploads/{key+}","pathPart":"{key+}","resourceMethods":{"GET":{"api…
            .rest_api.get_rest_api.version: "" → "1"
            .rest_api.get_stages.item: + {"accessLogSettings":{},"cacheClusterEnabled":false,"createdDate":"…","deploymentId":"…","descriptio…
        "#]]).later(
            ("authorizer: none", "authorizer: none\n    throttling: { rate: 7, burst: 9 }"),
            expect![[r#"
                .rest_api.get_stages.item["prod"].methodSettings.*/*.throttlingBurstLimit: 100 → 9
                .rest_api.get_stages.item["prod"].methodSettings.*/*.throttlingRateLimit: 50.0 → 7.0
            "#]],
        ),
    ]
}
