"""Writes api.json: what AWS's own SAM translator makes of the API that src/rest_api/tests.rs compares with.

pip install aws-sam-translator==1.115.0; python make.py
"""

import json
import os
import pathlib

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"

from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

ORIGIN = "'http://localhost:5173'"
HEADERS = "'Authorization,Content-Type'"
POOL = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_pool"
FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:app-presign"


class NoPolicies(ManagedPolicyLoader):
    def __init__(self):
        pass

    def load(self):
        return {}


def event(path, method):
    return {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Api"}, "Path": path, "Method": method}}


responses = {
    kind: {
        "ResponseParameters": {
            "Headers": {"Access-Control-Allow-Origin": ORIGIN, "Access-Control-Allow-Headers": HEADERS}
        }
    }
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX")
}
template = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Api": {
            "Type": "AWS::Serverless::Api",
            "Properties": {
                "StageName": "production",
                "OpenApiVersion": "3.0.1",
                "EndpointConfiguration": {"Type": "REGIONAL"},
                "Cors": {
                    "AllowMethods": "'GET,OPTIONS'",
                    "AllowHeaders": HEADERS,
                    "AllowOrigin": ORIGIN,
                    "MaxAge": "'300'",
                },
                "GatewayResponses": responses,
                "Auth": {
                    "DefaultAuthorizer": "users",
                    "AddDefaultAuthorizerToCorsPreflight": False,
                    "Authorizers": {"users": {"UserPoolArn": POOL}},
                },
            },
        },
        "Function": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Runtime": "provided.al2023",
                "Handler": "bootstrap",
                "CodeUri": "s3://bucket/key",
                "Role": "arn:aws:iam::000000000000:role/app-presign",
                "Events": {"Root": event("/", "get"), "File": event("/uploads/{key+}", "get")},
            },
        },
    },
}
made = transform(template, {}, NoPolicies())["Resources"]["Api"]["Properties"]["Body"]
text = json.dumps(made, indent=2, sort_keys=True)
# What CloudFormation would put in.
text = text.replace("${Function.Arn}", FUNCTION).replace("${AWS::Region}", "eu-west-1")
pathlib.Path(__file__).with_name("api.json").write_text(text + "\n")
