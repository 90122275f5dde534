"""Makes resources as people do with a script of boto3: `by_hand.py URL NAME`.

A bucket with versioning and lifecycle rules, a user pool with attributes of its own and a domain, an API with a stage.
"""

import io
import sys

import boto3

URL, NAME = sys.argv[1:]
REGION = "eu-west-1"
TAGS = {"team": "photos", "made-by": "hand"}

session = boto3.Session(region_name=REGION)
s3 = session.resource("s3", endpoint_url=URL)
cognito = session.client("cognito-idp", endpoint_url=URL)
apigateway = session.client("apigateway", endpoint_url=URL)


def make_bucket():
    bucket = s3.Bucket(f"{NAME}-legacy-photos")
    bucket.create(CreateBucketConfiguration={"LocationConstraint": REGION})
    bucket.wait_until_exists()
    bucket.Versioning().enable()
    bucket.Tagging().put(Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in TAGS.items()]})
    bucket.LifecycleConfiguration().put(
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "archive",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "old/"},
                    "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
                },
                {
                    "ID": "former-versions",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "2025/"},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                },
            ]
        }
    )
    bucket.Website().put(WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    bucket.put_object(Key="2025/cat.jpg", Body=b"a cat", ContentType="image/jpeg", Metadata={"camera": "x100"})
    bucket.put_object(Key="2025/cat.jpg", Body=b"another cat", ContentType="image/jpeg")
    bucket.upload_fileobj(io.BytesIO(b"a dog"), "2025/dog.jpg")
    s3.Object(bucket.name, "2025/dog.jpg").delete()


def make_user_pool():
    pool = cognito.create_user_pool(
        PoolName=f"{NAME}-legacy-people",
        Schema=[
            {
                "Name": "department",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "40"},
            },
            {
                "Name": "floor",
                "AttributeDataType": "Number",
                "Mutable": True,
                "NumberAttributeConstraints": {"MinValue": "0", "MaxValue": "9"},
            },
        ],
        AutoVerifiedAttributes=["email"],
        AdminCreateUserConfig={
            "AllowAdminCreateUserOnly": True,
            "InviteMessageTemplate": {
                "EmailSubject": "Welcome",
                "EmailMessage": "Hello {username}, your first password is {####}",
            },
        },
        UserPoolTags=TAGS,
    )["UserPool"]
    cognito.create_user_pool_domain(Domain=f"{NAME}-legacy-people", UserPoolId=pool["Id"])
    cognito.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="website",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        CallbackURLs=["https://photos.example/signed-in"],
        AllowedOAuthFlows=["code"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["openid", "email"],
        SupportedIdentityProviders=["COGNITO"],
        ReadAttributes=["email", "custom:department"],
    )
    cognito.create_group(UserPoolId=pool["Id"], GroupName="editors", Description="May change photos", Precedence=1)
    cognito.admin_create_user(
        UserPoolId=pool["Id"],
        Username="ada",
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": "ada@example.com"},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "custom:department", "Value": "engines"},
        ],
    )
    cognito.admin_add_user_to_group(UserPoolId=pool["Id"], Username="ada", GroupName="editors")


def make_api():
    api = apigateway.create_rest_api(
        name=f"{NAME}-legacy-api",
        description="photos, by hand",
        endpointConfiguration={"types": ["REGIONAL"]},
        binaryMediaTypes=["image/jpeg"],
        tags=TAGS,
    )["id"]
    root = apigateway.get_resources(restApiId=api)["items"][0]["id"]
    status = apigateway.create_resource(restApiId=api, parentId=root, pathPart="status")["id"]
    method = {"restApiId": api, "resourceId": status, "httpMethod": "GET"}
    apigateway.put_method(**method, authorizationType="NONE")
    apigateway.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    apigateway.put_method_response(**method, statusCode="200")
    apigateway.put_integration_response(
        **method, statusCode="200", responseTemplates={"application/json": '{"up": true}'}
    )
    deployment = apigateway.create_deployment(restApiId=api, description="by hand")["id"]
    apigateway.create_stage(
        restApiId=api, stageName="beta", deploymentId=deployment, variables={"table": "photos"}, tags=TAGS
    )
    apigateway.update_stage(
        restApiId=api,
        stageName="beta",
        patchOperations=[{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "7"}],
    )


make_bucket()
make_user_pool()
make_api()
