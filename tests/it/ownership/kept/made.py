"""Makes the resources that a stack adopts, as other tools make them: `made.py URL STACK NAME…`."""

import io
import json
import sys
import zipfile

import botocore.session

URL, STACK, *NAMES = sys.argv[1:]
ACCOUNT = "000000000000"
REGION = "eu-west-1"
SESSION = botocore.session.get_session()
BUCKET = f"{STACK}-uploads-{ACCOUNT}-{REGION}"
ROLE = f"{STACK}-presign-{REGION}"
FUNCTION = f"{STACK}-presign"
GROUP = f"/aws/lambda/{FUNCTION}"


def client(service):
    return SESSION.create_client(service, region_name=REGION, endpoint_url=URL)


def adopted(address, **others):
    own = {"stackctl:stack": STACK, "stackctl:address": address, "stackctl:adopted": "true"}
    return own | others


def listed(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def create_bucket(**tags):
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": listed(adopted("bucket.uploads", **tags))})
    return s3


def bucket_of_cdk():
    """`new s3.Bucket(this, "Uploads", { enforceSSL, autoDeleteObjects, versioned, encryption: KMS_MANAGED,
    serverAccessLogsPrefix, eventBridgeEnabled, cors, lifecycleRules })`:
    https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-s3/lib/bucket.ts"""
    s3 = create_bucket(**{"aws-cdk:auto-delete-objects": "true", "team": "photos"})
    arn = f"arn:aws:s3:::{BUCKET}"
    everything = [arn, f"{arn}/*"]
    s3.put_bucket_policy(
        Bucket=BUCKET,
        Policy=policy(
            {
                "Action": "s3:*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Resource": everything,
            },
            {
                "Action": ["s3:PutBucketPolicy", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*"],
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/CustomS3AutoDeleteObjects"},
                "Resource": everything,
            },
            {
                "Action": "s3:PutObject",
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Resource": f"{arn}/logs/*",
            },
        ),
    )
    s3.put_bucket_encryption(
        Bucket=BUCKET,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]
        },
    )
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_logging(
        Bucket=BUCKET,
        BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": BUCKET, "TargetPrefix": "logs/"}},
    )
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    rule = {"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"], "MaxAgeSeconds": 3000}
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
    s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "archive",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "old/"},
                    "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                }
            ]
        },
    )


def bucket_of_terraform():
    """aws_s3_bucket with aws_s3_bucket_ownership_controls, _acl, _versioning, _lifecycle_configuration,
    _server_side_encryption_configuration with a customer's key, _cors_configuration, _accelerate_configuration:
    the examples of https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning
    and of the pages beside it. The policy lets in another account, as the example of aws_s3_bucket_policy does."""
    s3 = create_bucket(Name="My bucket", Environment="Dev")
    s3.put_bucket_ownership_controls(
        Bucket=BUCKET, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    )
    s3.put_bucket_policy(
        Bucket=BUCKET,
        Policy=policy(
            {
                "Sid": "AllowAccessFromAnotherAccount",
                "Effect": "Allow",
                "Principal": {"AWS": "123456789012"},
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
            }
        ),
    )
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket=BUCKET,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
    )
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    s3.put_bucket_cors(
        Bucket=BUCKET,
        CORSConfiguration={
            "CORSRules": [
                {
                    "ID": "site",
                    "AllowedHeaders": ["*"],
                    "AllowedMethods": ["PUT", "POST"],
                    "AllowedOrigins": ["https://s3-website-test.hashicorp.com"],
                    "ExposeHeaders": ["ETag"],
                    "MaxAgeSeconds": 3000,
                },
                {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]},
            ]
        },
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "log",
                    "Status": "Enabled",
                    "Filter": {"And": {"Prefix": "log/", "Tags": [{"Key": "rule", "Value": "log"}]}},
                    "Expiration": {"Days": 90},
                },
            ]
        },
    )
    s3.put_bucket_accelerate_configuration(Bucket=BUCKET, AccelerateConfiguration={"Status": "Enabled"})


def bucket_of_cli():
    """The tutorial of a static website by the aws CLI, with a policy for everyone:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteAccessPermissionsReqd.html"""
    s3 = create_bucket()
    open_block = dict.fromkeys(
        ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], False
    )
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=open_block)
    s3.put_bucket_website(
        Bucket=BUCKET,
        WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}},
    )
    s3.put_bucket_policy(
        Bucket=BUCKET,
        Policy=policy(
            {
                "Sid": "PublicReadGetObject",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject"],
                "Resource": [f"arn:aws:s3:::{BUCKET}/*"],
            }
        ),
    )


TRUST = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}


def create_role(*trust, path, **tags):
    iam = client("iam")
    tags = adopted("role.presign", **{"stackctl:region": REGION}, **tags)
    document = policy(*trust)
    iam.create_role(RoleName=ROLE, Path=path, AssumeRolePolicyDocument=document, Tags=listed(tags), MaxSessionDuration=7200)
    return iam


def code():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zip:
        zip.writestr("index.js", "exports.handler = async () => ({ statusCode: 200 });")
    return file.getvalue()


def create_function(path, **settings):
    function = client("lambda")
    function.create_function(
        FunctionName=FUNCTION, Role=f"arn:aws:iam::{ACCOUNT}:role{path}{ROLE}", Code={"ZipFile": code()}, **settings
    )
    function.get_waiter("function_active_v2").wait(FunctionName=FUNCTION)
    return function


def function_of_cdk():
    """`new lambda.Function(this, "Presign", { tracing: ACTIVE, deadLetterQueue, ephemeralStorageSize, layers,
    environment, logRetention, reservedConcurrentExecutions })` with its default role:
    https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-lambda/lib/function.ts"""
    path = f"/stackctl/{STACK}/{REGION}/"
    iam = create_role(TRUST, path=path, team="photos")
    basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=basic)
    statement = {"Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "Effect": "Allow", "Resource": "*"}
    iam.put_role_policy(
        RoleName=ROLE, PolicyName="PresignServiceRoleDefaultPolicy1A2B", PolicyDocument=policy(statement)
    )
    queue = client("sqs").create_queue(QueueName=f"{STACK}-dead")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    layer = client("lambda").publish_layer_version(LayerName=f"{STACK}-extras", Content={"ZipFile": code()})
    logs = client("logs")
    logs.create_log_group(logGroupName=GROUP, tags=adopted("log_group.presign", team="photos"))
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=731)
    function = create_function(
        path,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Description="presigns",
        Environment={"Variables": {"AWS_NODEJS_CONNECTION_REUSE_ENABLED": "1", "TABLE": "photos", "URL_EXPIRES": "1h"}},
        TracingConfig={"Mode": "Active"},
        DeadLetterConfig={"TargetArn": arn},
        EphemeralStorage={"Size": 1024},
        Layers=[layer["LayerVersionArn"]],
        Tags=adopted("function.presign", team="photos"),
    )
    function.put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=7)


def function_of_terraform():
    """aws_iam_role with an assume role policy for two services and another account, aws_lambda_function with vpc_config,
    kms_key_arn and file system, aws_lambda_alias, aws_lambda_permission, aws_lambda_function_event_invoke_config,
    aws_cloudwatch_log_group with a metric filter and a subscription filter: the examples of
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function and of the pages beside
    it."""
    path = "/service-role/"
    other = {"Sid": "support", "Action": "sts:AssumeRole", "Effect": "Allow"}
    other |= {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}
    edge = {"Sid": "", "Effect": "Allow", "Action": "sts:AssumeRole"}
    edge |= {"Principal": {"Service": ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]}}
    iam = create_role(edge, other, path=path)
    statement = {"Action": ["ec2:Describe*"], "Effect": "Allow", "Resource": "*"}
    iam.put_role_policy(RoleName=ROLE, PolicyName="test_policy", PolicyDocument=policy(statement))
    logs = client("logs")
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    tags = adopted("log_group.presign", Environment="production")
    logs.create_log_group(logGroupName=GROUP, kmsKeyId=key, tags=tags)
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="errors",
        filterPattern="ERROR",
        metricTransformations=[{"metricName": "errors", "metricNamespace": "app", "metricValue": "1"}],
    )
    function = create_function(
        path,
        Runtime="nodejs20.x",
        Handler="index.test",
        Environment={"Variables": {"ENVIRONMENT": "production"}},
        KMSKeyArn=key,
        FileSystemConfigs=[
            {
                "Arn": f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/fsap-0123456789abcdef0",
                "LocalMountPath": "/mnt/local_storage",
            }
        ],
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"},
        VpcConfig={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        Tags=adopted("function.presign", Application="example"),
    )
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTION}"
    logs.put_subscription_filter(logGroupName=GROUP, filterName="all", filterPattern="", destinationArn=arn)
    version = function.publish_version(FunctionName=FUNCTION)["Version"]
    function.create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion=version)
    function.add_permission(
        FunctionName=FUNCTION,
        StatementId="AllowExecutionFromCloudWatch",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=f"arn:aws:events:{REGION}:{ACCOUNT}:rule/RunDaily",
    )
    function.put_function_event_invoke_config(
        FunctionName=FUNCTION, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60
    )


def pool_of_cdk():
    """`new cognito.UserPool(this, "Users", { selfSignUpEnabled, mfa: OPTIONAL, mfaSecondFactor, customAttributes,
    lambdaTriggers, deviceTracking })` and `pool.addClient("web")` with their defaults:
    https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-cognito/lib/user-pool.ts and user-pool-client.ts"""
    cognito = client("cognito-idp")
    message = "The verification code to your new account is {####}"
    trigger = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:trigger"
    pool = cognito.create_user_pool(
        PoolName=f"{STACK}-users",
        AccountRecoverySetting={
            "RecoveryMechanisms": [
                {"Name": "verified_phone_number", "Priority": 1},
                {"Name": "verified_email", "Priority": 2},
            ]
        },
        AdminCreateUserConfig={
            "AllowAdminCreateUserOnly": False,
            "InviteMessageTemplate": {
                "EmailMessage": "Hello {username}, your password is {####}",
                "EmailSubject": "Welcome",
                "SMSMessage": "{username} {####}",
            },
        },
        AutoVerifiedAttributes=["email", "phone_number"],
        EmailVerificationMessage=message,
        EmailVerificationSubject="Verify your new account",
        SmsVerificationMessage=message,
        SmsAuthenticationMessage="Your code is {####}",
        VerificationMessageTemplate={
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
            "EmailMessage": message,
            "EmailSubject": "Verify your new account",
            "SmsMessage": message,
        },
        SmsConfiguration={
            "SnsCallerArn": f"arn:aws:iam::{ACCOUNT}:role/UserssmsRole",
            "ExternalId": "UsersExternalId",
        },
        Schema=[
            {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
            {"Name": "plan", "AttributeDataType": "String", "Mutable": True},
        ],
        LambdaConfig={"PostConfirmation": trigger, "PreTokenGeneration": trigger},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
        UserPoolTags=adopted("user_pool.users", team="photos"),
    )["UserPool"]["Id"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        SmsMfaConfiguration={
            "SmsAuthenticationMessage": "Your code is {####}",
            "SmsConfiguration": {
                "SnsCallerArn": f"arn:aws:iam::{ACCOUNT}:role/UserssmsRole",
                "ExternalId": "UsersExternalId",
            },
        },
    )
    cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=f"{STACK}-users-web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlows=["implicit", "code"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["profile", "phone", "email", "openid", "aws.cognito.signin.user.admin"],
        CallbackURLs=["https://example.com"],
        LogoutURLs=["https://example.com/bye"],
        SupportedIdentityProviders=["COGNITO"],
        AccessTokenValidity=60,
        IdTokenValidity=60,
        RefreshTokenValidity=30,
        TokenValidityUnits={"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        ReadAttributes=["email", "custom:plan"],
        WriteAttributes=["email"],
    )
    cognito.create_user_pool_client(UserPoolId=pool, ClientName="backend", GenerateSecret=True)


def pool_of_terraform():
    """aws_cognito_user_pool with account_recovery_setting, lambda_config, schema, user_pool_add_ons,
    user_attribute_update_settings and email_configuration, aws_cognito_user_pool_domain,
    aws_cognito_resource_server, aws_cognito_user_group and aws_cognito_identity_provider: the examples of
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cognito_user_pool and of the pages beside
    it."""
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(
        PoolName=f"{STACK}-users",
        Policies={"PasswordPolicy": {"MinimumLength": 6, "PasswordHistorySize": 3}},
        AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        AutoVerifiedAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        LambdaConfig={"PreSignUp": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:check"},
        UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"},
        UserPoolTier="PLUS",
        UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
        EmailConfiguration={
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.com",
            "From": "no-reply@example.com",
            "ReplyToEmailAddress": "help@example.com",
        },
        Schema=[
            {
                "Name": "mynumber",
                "AttributeDataType": "Number",
                "Mutable": False,
                "NumberAttributeConstraints": {"MinValue": "2", "MaxValue": "6"},
            }
        ],
        UserPoolTags=adopted("user_pool.users", Environment="production"),
    )["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain=f"{STACK}-domain", UserPoolId=pool)
    cognito.create_identity_provider(
        UserPoolId=pool,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails={"authorize_scopes": "email", "client_id": "id", "client_secret": "secret"},
        AttributeMapping={"email": "email", "username": "sub"},
    )
    cognito.create_resource_server(
        UserPoolId=pool,
        Identifier="https://example.com",
        Name="example",
        Scopes=[{"ScopeName": "sample-scope", "ScopeDescription": "a Sample Scope Description"}],
    )
    cognito.create_group(UserPoolId=pool, GroupName="user-group", Description="Managed by Terraform", Precedence=42)
    cognito.create_user_pool_client(UserPoolId=pool, ClientName="theirs")


def create_api(**settings):
    api = client("apigateway")
    made = api.create_rest_api(name=f"{STACK}-uploads", **settings)
    root = api.get_resources(restApiId=made["id"])["items"][0]["id"]
    return api, made["id"], root


def put(api, id, resource, verb, integration, **method):
    api.put_method(restApiId=id, resourceId=resource, httpMethod=verb, **({"authorizationType": "NONE"} | method))
    api.put_integration(restApiId=id, resourceId=resource, httpMethod=verb, **integration)


def lambda_of(name):
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    return {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}


def api_of_cdk():
    """`new apigateway.RestApi(this, "Api", { deployOptions: { tracingEnabled, loggingLevel, metricsEnabled, variables } })`
    with its stage `prod`, its default endpoint, a resource, `addGatewayResponse`, and another stage:
    https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-apigateway/lib/restapi.ts and stage.ts. A method
    for `GET /` stands in the way of the stack's route."""
    api, id, root = create_api(
        description="photos",
        endpointConfiguration={"types": ["EDGE"]},
        tags=adopted("rest_api.uploads", team="photos"),
        version="2.3",
    )
    put(api, id, root, "GET", lambda_of("theirs"))
    photos = api.create_resource(restApiId=id, parentId=root, pathPart="photos")["id"]
    put(api, id, photos, "ANY", lambda_of("theirs"), apiKeyRequired=True)
    api.put_gateway_response(
        restApiId=id,
        responseType="THROTTLED",
        statusCode="429",
        responseTemplates={"application/json": '{"message":"slow down"}'},
    )
    deployment = api.create_deployment(restApiId=id)["id"]
    for stage, variables in [("prod", {"table": "photos"}), ("beta", {"table": "beta"})]:
        api.create_stage(
            restApiId=id,
            stageName=stage,
            deploymentId=deployment,
            tracingEnabled=True,
            variables=variables,
            tags={"team": "photos"},
        )
    patch = lambda path, value: {"op": "replace", "path": path, "value": value}
    api.update_stage(
        restApiId=id,
        stageName="prod",
        patchOperations=[
            patch("/*/*/logging/loglevel", "INFO"),
            patch("/*/*/metrics/enabled", "true"),
            patch("/~1photos/GET/throttling/rateLimit", "5"),
            patch("/accessLogSettings/destinationArn", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:access"),
            patch("/accessLogSettings/format", "$context.requestId"),
        ],
    )


def api_of_terraform():
    """aws_api_gateway_rest_api with a policy, binary_media_types and minimum_compression_size,
    aws_api_gateway_model, _request_validator, _authorizer, _usage_plan and _api_key: the examples of
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_rest_api and of the pages
    beside it."""
    api, id, root = create_api(
        endpointConfiguration={"types": ["REGIONAL"]},
        binaryMediaTypes=["image/png"],
        minimumCompressionSize=1024,
        policy=policy(
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "*",
                "Condition": {"IpAddress": {"aws:SourceIp": "123.123.123.123/32"}},
            }
        ),
        tags=adopted("rest_api.uploads", Environment="production"),
    )
    api.create_model(
        restApiId=id, name="user", description="a JSON schema", contentType="application/json", schema='{"type":"object"}'
    )
    api.create_request_validator(restApiId=id, name="body", validateRequestBody=True)
    authorizer = api.create_authorizer(
        restApiId=id,
        name="demo",
        type="TOKEN",
        authorizerUri=lambda_of("authorizer")["uri"],
        identitySource="method.request.header.Authorization",
        authorizerResultTtlInSeconds=60,
    )["id"]
    demo = api.create_resource(restApiId=id, parentId=root, pathPart="demo")["id"]
    put(api, id, demo, "GET", {"type": "MOCK"}, authorizationType="CUSTOM", authorizerId=authorizer)
    deployment = api.create_deployment(restApiId=id)["id"]
    api.create_stage(restApiId=id, stageName="example", deploymentId=deployment)
    plan = api.create_usage_plan(name=f"{STACK}-plan", apiStages=[{"apiId": id, "stage": "example"}])["id"]
    key = api.create_api_key(name=f"{STACK}-key", enabled=True)["id"]
    api.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")


for name in NAMES:
    globals()[name]()
