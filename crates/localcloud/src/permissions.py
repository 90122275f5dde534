"""What AWS asks a caller's policies, where MiniStack asks less.

MiniStack asks for one action of each request. AWS also asks who gives a role away (iam:PassRole), and who gives a
thing the tags that it is born with. MiniStack knows roles by their names alone, and a function that is being created,
a user pool that is tagged, or a log stream not at all. Of the keys that conditions name, this file adds the tags of
user pools, APIs and what belongs to an API, the tags in a request, and the permissions boundary of roles.

Which actions were asked for goes back to the gateway, which writes them into its log.
"""
import contextvars
import json
from urllib.parse import quote, unquote

import ministack.core.iam_actions as actions
import ministack.core.iam_evaluator as evaluator
import ministack.services.apigateway_v1 as apis
import ministack.services.cognito as cognito
import ministack.services.iam as iam
import ministack.services.lambda_svc as functions

resource_by_ministack = actions.extract_resource_arn
enforce_by_ministack = evaluator.enforce
function_by_ministack = functions._get_function
lambda_action_by_ministack = actions._lambda_action
evaluate_by_ministack = evaluator.evaluate
simulated_request_by_ministack = iam._extract_simulate_params
simulated_keys = contextvars.ContextVar("simulated_keys", default={})
# The further actions that the request needs, and the actions that were checked so far.
besides = contextvars.ContextVar("besides", default=())
# What conditions may ask of the request itself.
keys = contextvars.ContextVar("keys", default={})
checked = contextvars.ContextVar("checked", default=None)
# Whether the caller may see a function's tags (LAM-52).
sees_tags = contextvars.ContextVar("sees_tags", default=True)


def resource(service, method, path, headers, body, parameters, region, account):
    arn = resource_by_ministack(service, method, path, headers, body, parameters, region, account)
    besides.set(())
    keys.set({})
    if service == "s3" and "/" in path.strip("/"):
        # An object, which may be large: it is not read.
        return arn
    action = actions.extract_iam_action(service, method, path, headers, body, parameters)
    said = read_json(body)
    role = actions._query_param(parameters, "RoleName") if service == "iam" else None
    if action == "iam:CreateRole":
        arn = f"arn:aws:iam::{account}:role{actions._query_param(parameters, 'Path') or '/'}{role}"
    elif role and iam._roles.get(role):
        arn = iam._roles.get(role)["Arn"]
    elif action == "lambda:CreateFunction":
        arn = f"arn:aws:lambda:{region}:{account}:function:{said.get('FunctionName')}"
    elif service == "cognito-idp" and said.get("ResourceArn"):
        arn = said["ResourceArn"]
    elif action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        arn += f":log-stream:{said.get('logStreamName')}"
    more = []
    if action in ("lambda:CreateFunction", "lambda:UpdateFunctionConfiguration") and said.get("Role"):
        more.append(("iam:PassRole", said["Role"], {"iam:PassedToService": "lambda.amazonaws.com"}))
    if action in ("cognito-idp:CreateUserPool", "cognito-idp:UpdateUserPool") and sends_by_ses(said):
        service_name = "email.cognito-idp.amazonaws.com"
        made = f"arn:aws:iam::{account}:role/aws-service-role/{service_name}/AWSServiceRoleForAmazonCognitoIdpEmailService"
        more.append(("iam:CreateServiceLinkedRole", made, {"iam:AWSServiceName": service_name}))
    wanted = requested_tags(action, said)
    boundary = {}
    if role:
        given = actions._query_param(parameters, "PermissionsBoundary")
        boundary = {"iam:PermissionsBoundary": given or (iam._roles.get(role) or {}).get("PermissionsBoundary")}
    keys.set({**wanted, **boundary, **resource_tags(arn)})
    if action in ("apigateway:PUT", "apigateway:DELETE") and path.startswith("/tags/"):
        # Who changes the tags of a thing changes the thing (AGW-69).
        thing = unquote(path[len("/tags/"):])
        more.append(("apigateway:PATCH", thing, {**wanted, **resource_tags(thing)}))
    tagging = {
        "s3:CreateBucket": (b"<Tag>" in body, "s3:TagResource", arn),
        "iam:CreateRole": (any(it.startswith("Tags.") for it in parameters), "iam:TagRole", arn),
        "lambda:CreateFunction": (said.get("Tags"), "lambda:TagResource", arn),
        "logs:CreateLogGroup": (said.get("tags"), "logs:TagResource", arn),
        # The pool has no ARN yet (COG-71).
        "cognito-idp:CreateUserPool": (said.get("UserPoolTags"), "cognito-idp:TagResource", "*"),
        "ssm:PutParameter": (said.get("Tags"), "ssm:AddTagsToResource", arn),
        # Of an API and of a stage (AGW-68).
        "apigateway:POST": (
            said.get("tags"), "apigateway:PUT", f"arn:aws:apigateway:{region}::/tags/{quote(arn, safe='')}%2F*"),
    }
    tagged, by, what = tagging.get(action, (False, None, None))
    if tagged:
        more.append((by, what, wanted))
    besides.set(more)
    return arn


def sends_by_ses(said):
    """Whether a pool gets settings with which Cognito sends mails by SES, for which it makes a role (COG-115)."""
    email = said.get("EmailConfiguration")
    return isinstance(email, dict) and email.get("EmailSendingAccount") == "DEVELOPER"


def requested_tags(action, said):
    """The tags of a request to Cognito or API Gateway, as keys of conditions."""
    names = {"cognito-idp": ("UserPoolTags", "Tags"), "apigateway": ("tags",)}.get((action or "").split(":")[0], ())
    tags = next((said[name] for name in names if isinstance(said.get(name), dict)), {})
    return {f"aws:RequestTag/{name}": value for name, value in tags.items()}


def resource_tags(arn):
    """The tags of a user pool, an API, or what belongs to an API, which has the API's tags (AGW-70)."""
    parts = arn.split(":", 5)
    tags = {}
    if arn.startswith("arn:aws:cognito-idp:"):
        pool = cognito._user_pools.get(parts[5].removeprefix("userpool/"))
        tags = (pool or {}).get("UserPoolTags") or {}
    elif arn.startswith("arn:aws:apigateway:") and parts[5].startswith("/restapis/"):
        names = parts[5].split("/")
        api = apis._rest_apis.get(names[2])
        if api:
            # MiniStack keeps tags that are set later apart.
            later = apis._v1_tags.get(":".join([*parts[:5], f"/restapis/{names[2]}"])) or {}
            tags = {**later, **(api.get("tags") or {})}
    return {f"aws:ResourceTag/{name}": value for name, value in tags.items()}


def read_json(body):
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def enforce(key, action, service, region, resource_arn="*", service_context=None):
    more = besides.get()
    besides.set(())

    def denied(action, resource_arn, context):
        if checked.get() is not None:
            checked.get().append(action)
        return enforce_by_ministack(key, action, service, region, resource_arn, context)

    if action == "lambda:GetFunction":
        sees_tags.set(not denied("lambda:ListTags", resource_arn, {}))
    context = {**(service_context or {}), **keys.get()}
    keys.set({})
    for asked in [(action, resource_arn, context), *more]:
        if refusal := denied(*asked):
            return refusal
    return None


def function(*arguments):
    status, headers, body = function_by_ministack(*arguments)
    if status == 200 and not sees_tags.get():
        told = json.loads(body)
        del told["Tags"]
        body = json.dumps(told).encode()
    return status, headers, body


def lambda_action(method, path):
    # MiniStack takes it for GetFunction.
    if method == "GET" and path.rstrip("/").endswith("/urls"):
        return "ListFunctionUrlConfigs"
    if path.rstrip("/").endswith("/event-invoke-config") and method in ("GET", "PUT", "DELETE"):
        return f"{method.capitalize()}FunctionEventInvokeConfig"
    return lambda_action_by_ministack(method, path)


def simulated_request(parameters):
    """A simulation knows the values of context keys that its request gives (IAM-32)."""
    entries, number = {}, 1
    while name := iam._p(parameters, f"ContextEntries.member.{number}.ContextKeyName"):
        value = iam._p(parameters, f"ContextEntries.member.{number}.ContextKeyValues.member.1")
        entries[name.lower()] = value
        number += 1
    simulated_keys.set(entries)
    return simulated_request_by_ministack(parameters)


def evaluate(context, *rest):
    context.service_context = {**context.service_context, **simulated_keys.get()}
    return evaluate_by_ministack(context, *rest)


actions.extract_resource_arn = resource
evaluator.evaluate = evaluate
iam._extract_simulate_params = simulated_request
actions._lambda_action = lambda_action
evaluator.enforce = enforce
functions._get_function = function
