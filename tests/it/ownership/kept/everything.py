"""Prints all that AWS's describe calls say of the resources of a stack, as JSON: `everything.py URL STACK KIND…`.

`KIND=NAME` is a resource of another name than the computed one.
"""

import json
import re
import sys

import botocore.session
from botocore.exceptions import ClientError

URL, STACK, *KINDS = sys.argv[1:]
KINDS = dict(kind.partition("=")[::2] for kind in KINDS)
ACCOUNT = "000000000000"
SESSION = botocore.session.get_session()


def client(service):
    return SESSION.create_client(service, region_name="eu-west-1", endpoint_url=URL)


def call(service, operation, **parameters):
    """The answer, or the code of the error, which is how many services say that a setting is not there."""
    try:
        answer = getattr(client(service), operation)(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    answer.pop("ResponseMetadata", None)
    return answer


def each(service, operations, **parameters):
    return {it: call(service, it, **parameters) for it in operations}


def bucket():
    name = KINDS["bucket"] or f"{STACK}-uploads-{ACCOUNT}-eu-west-1"
    settings = """tagging policy cors ownership_controls encryption versioning lifecycle_configuration logging website
        notification_configuration replication acl accelerate_configuration request_payment"""
    found = each("s3", [f"get_bucket_{it}" for it in settings.split()], Bucket=name)
    others = ["get_public_access_block", "get_object_lock_configuration", "list_object_versions"]
    return found | each("s3", others, Bucket=name)


def role():
    name = f"{STACK}-presign-eu-west-1"
    found = each("iam", ["get_role", "list_role_policies", "list_attached_role_policies"], RoleName=name)
    inline = found["list_role_policies"]["PolicyNames"]
    documents = {it: call("iam", "get_role_policy", RoleName=name, PolicyName=it) for it in inline}
    return found | {"get_role_policy": documents}


def function():
    name = f"{STACK}-presign"
    operations = """get_function get_policy get_function_concurrency get_function_event_invoke_config
        list_function_url_configs list_aliases list_versions_by_function list_event_source_mappings"""
    return each("lambda", operations.split(), FunctionName=name)


def log_group():
    name = f"/aws/lambda/{STACK}-presign"
    arn = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{name}"
    groups = call("logs", "describe_log_groups", logGroupNamePrefix=name)
    found = each("logs", ["describe_subscription_filters", "describe_metric_filters"], logGroupName=name)
    tags = call("logs", "list_tags_for_resource", resourceArn=arn)
    return found | {"describe_log_groups": groups, "list_tags_for_resource": tags}


def pool_id():
    name = KINDS.get("user_pool") or f"{STACK}-users"
    pages = client("cognito-idp").get_paginator("list_user_pools").paginate(MaxResults=60)
    return next(it["Id"] for page in pages for it in page["UserPools"] if it["Name"] == name)


def user_pool():
    pool = pool_id()
    operations = ["describe_user_pool", "get_user_pool_mfa_config", "list_groups", "list_users"]
    found = each("cognito-idp", operations, UserPoolId=pool)
    listed = each("cognito-idp", ["list_identity_providers", "list_resource_servers"], UserPoolId=pool, MaxResults=50)
    domain = found["describe_user_pool"]["UserPool"].get("Domain", "none")
    domain = call("cognito-idp", "describe_user_pool_domain", Domain=domain)
    return found | listed | {"describe_user_pool_domain": domain}


def user_pool_client():
    pool = pool_id()
    clients = client("cognito-idp").list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    describe = lambda it: call("cognito-idp", "describe_user_pool_client", UserPoolId=pool, ClientId=it["ClientId"])
    return {it["ClientName"]: describe(it) for it in clients}


def rest_api():
    apis = client("apigateway").get_rest_apis(limit=500)["items"]
    name = KINDS["rest_api"] or f"{STACK}-uploads"
    api = next(it["id"] for it in apis if it["name"] == name)
    operations = """get_rest_api get_resources get_authorizers get_gateway_responses get_models
        get_request_validators get_stages"""
    found = {
        it: call("apigateway", it, restApiId=api, **({"embed": ["methods"]} if it == "get_resources" else {}))
        for it in operations.split()
    }
    # Types that were never set are listed with what they inherit (AGW-51).
    found["get_gateway_responses"]["items"] = [
        it for it in found["get_gateway_responses"]["items"] if not it["defaultResponse"]
    ]
    # These lists are the account's, which other trials use meanwhile.
    for operation in ["get_usage_plans", "get_api_keys"]:
        all = call("apigateway", operation)["items"]
        found[operation] = {"items": [it for it in all if it["name"].startswith(f"{STACK}-")]}
    return found


def plain(value, key=""):
    """The value without what differs from run to run; a policy is read."""
    if isinstance(value, dict):
        return {key.replace(STACK, "STACK"): plain(it, key) for key, it in value.items()}
    if isinstance(value, list):
        return [plain(it) for it in value]
    if isinstance(value, str) and value.startswith("{") and not key.endswith("Template"):
        try:
            return plain(json.loads(value))
        except ValueError:
            pass
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    text = str(value).replace(STACK, "STACK")
    text = re.sub(r"AROA[A-Z0-9]+", "AROA", text)
    text = re.sub(r"eu-west-1_[A-Za-z0-9]+", "POOL", text)
    return text


print(json.dumps({kind: plain(globals()[kind]()) for kind in KINDS}, default=str))
