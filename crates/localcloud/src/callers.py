"""Who may do what in MiniStack: the gateway says who sends a request, and only the root key has the root's rights.

MiniStack takes a request without a key, the key `test` and any twelve digits for the root, and does not verify what
they sign. Here the root is the one key of this local cloud, in a request whose signature the gateway has verified. A
request from a web page never has the root's rights, even if the gateway should let it through.

This comes first: what MiniStack's other modules import by name must be replaced before they do.
"""
import contextvars
import dataclasses
import hashlib
import hmac
import os
import re
from urllib.parse import parse_qs, unquote

# All files that MiniStack writes, from its import on, are for this user alone.
os.umask(0o077)

import ministack.core.iam_evaluator as evaluator
import ministack.core.lambda_runtime as runtime
import ministack.core.router as router

ROOT_KEY = os.environ.pop("STACKCTL_ROOT_KEY")
ROOT_SECRET = os.environ.pop("STACKCTL_ROOT_SECRET")
# Who sends the request that is being answered: root, key, anyone or page. None is MiniStack itself, between requests.
caller = contextvars.ContextVar("caller", default=None)
# The service that the gateway recognised.
expected_service = contextvars.ContextVar("expected_service", default="")
# A form upload is signed in its policy, which MiniStack verifies.
verifies_form = contextvars.ContextVar("verifies_form", default=False)


def is_stranger():
    return caller.get() in ("anyone", "page")


def is_root(key):
    if key != ROOT_KEY:
        return not key and caller.get() is None
    return caller.get() in (None, "root") or caller.get() == "anyone" and verifies_form.get()


resolve_by_ministack = evaluator.resolve_credential


def resolve(key, *arguments, **named):
    found = resolve_by_ministack(key, *arguments, **named)
    if key == ROOT_KEY and isinstance(found, evaluator.ResolvedCredential):
        return dataclasses.replace(found, secret_access_key=ROOT_SECRET)
    return found


# The operations that a bucket's policy may allow everyone.
OF_OBJECTS = {
    "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket",
    "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts", "s3:PutObject",
}


def is_open(service, action):
    """Whether AWS lets anybody send it: buckets and APIs say themselves whom they let in."""
    if service == "cognito-idp":
        return evaluator._served_unsigned(service, action)
    return action in OF_OBJECTS or action in ("execute-api:Invoke", "lambda:InvokeFunctionUrl")


enforce_for_keys = evaluator.enforce


def enforce_for_callers(key, action, service, region, resource_arn="*", service_context=None):
    if is_stranger():
        if not is_open(service, action):
            return evaluator.AuthError("MissingAuthenticationToken", "Request is missing Authentication Token")
        if not key:
            return None
    return enforce_for_keys(key, action, service, region, resource_arn, service_context)


check_keys = evaluator.check_credentials


def check_callers(key, service=None):
    # A form or a preflight: the bucket judges by itself whom it lets in.
    if is_stranger() and not key and service == "s3":
        return None
    return check_keys(key, service)


detect_by_ministack = router.detect_service


def detect(*arguments):
    """What a stranger sends is for the service that the gateway took it for, or for none."""
    service = detect_by_ministack(*arguments)
    return service if not is_stranger() or service == expected_service.get() else "refused"


def execution_credentials(config):
    """The session of a function's role. MiniStack's own can be computed by any page that guesses two names."""
    from ministack.services import sts

    account, _region = runtime._account_region_from_function_config(config)
    role, arn = config.get("Role", ""), config.get("FunctionArn", "")
    name, session = role.rsplit("/", 1)[-1], config.get("FunctionName", "function")[:64]

    def word(use):
        return hmac.new(ROOT_SECRET.encode(), f"{use}:{arn}:{role}".encode(), hashlib.sha256).hexdigest()

    credentials = {
        "AWS_ACCESS_KEY_ID": f"ASIA{word('key')[:16].upper()}",
        "AWS_SECRET_ACCESS_KEY": word("secret"),
        "AWS_SESSION_TOKEN": word("token"),
    }
    sts.register_session(credentials["AWS_ACCESS_KEY_ID"], {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "UserId": f"{name}:{session}",
        "SecretAccessKey": credentials["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": credentials["AWS_SESSION_TOKEN"],
    })
    return credentials


evaluator.is_root_access_key = is_root
evaluator.resolve_credential = resolve
evaluator.enforce = enforce_for_callers
evaluator.check_credentials = check_callers
router.detect_service = detect
runtime.execution_credentials = execution_credentials


def is_hostile(scope, headers):
    """Whether a request claims rights that its sender has not, or is for MiniStack's own paths."""
    parameters = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    authorization = headers.get("authorization", "").strip()
    key = router.extract_access_key_id({"authorization": authorization}, parameters)
    version_2 = authorization.startswith("AWS ") or any(it.lower() == "awsaccesskeyid" for it in parameters)
    if version_2 or key == "test" or re.fullmatch(r"\d{12}", key) or key == ROOT_KEY and caller.get() != "root":
        return True
    if caller.get() != "page":
        return False
    path = unquote(scope["path"]).lstrip("/")
    return (
        path.startswith("_") and not path.startswith("_aws/execute-api/")
        or any(it.strip().lower() == "action" for it in parameters)
        or re.match(r"aws|.*(credential|signature)=", authorization, re.IGNORECASE | re.DOTALL) is not None
    )
