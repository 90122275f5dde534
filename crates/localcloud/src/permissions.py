"""What AWS asks a caller's policies, where MiniStack asks less.

MiniStack asks for one action of each request. AWS also asks who gives a role away (iam:PassRole), and who gives a
thing the tags that it is born with. MiniStack knows roles by their names alone, and a function that is being created,
a user pool that is tagged, or a log stream not at all.

Which actions were asked for goes back to the gateway, which writes them into its log.
"""
import contextvars
import json
from urllib.parse import quote

import ministack.core.iam_actions as actions
import ministack.core.iam_evaluator as evaluator
import ministack.services.iam as iam
import ministack.services.lambda_svc as functions

resource_by_ministack = actions.extract_resource_arn
enforce_by_ministack = evaluator.enforce
function_by_ministack = functions._get_function
# What the request needs besides, and what it was asked for so far.
besides = contextvars.ContextVar("besides", default=())
checked = contextvars.ContextVar("checked", default=None)
# Whether the caller may see a function's tags (LAM-52).
sees_tags = contextvars.ContextVar("sees_tags", default=True)


def resource(service, method, path, headers, body, parameters, region, account):
    arn = resource_by_ministack(service, method, path, headers, body, parameters, region, account)
    besides.set(())
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
    tagging = {
        "s3:CreateBucket": (b"<Tag>" in body, "s3:TagResource", arn),
        "iam:CreateRole": (any(it.startswith("Tags.") for it in parameters), "iam:TagRole", arn),
        "lambda:CreateFunction": (said.get("Tags"), "lambda:TagResource", arn),
        "logs:CreateLogGroup": (said.get("tags"), "logs:TagResource", arn),
        "cognito-idp:CreateUserPool": (
            said.get("UserPoolTags"), "cognito-idp:TagResource", f"arn:aws:cognito-idp:{region}:{account}:userpool/*"),
        "ssm:PutParameter": (said.get("Tags"), "ssm:AddTagsToResource", arn),
        # Of an API and of a stage (AGW-68).
        "apigateway:POST": (
            said.get("tags"), "apigateway:PUT", f"arn:aws:apigateway:{region}::/tags/{quote(arn, safe='')}%2F*"),
    }
    tagged, by, what = tagging.get(action, (False, None, None))
    if tagged:
        more.append((by, what, {}))
    besides.set(more)
    return arn


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
    for asked in [(action, resource_arn, service_context), *more]:
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


actions.extract_resource_arn = resource
evaluator.enforce = enforce
functions._get_function = function
