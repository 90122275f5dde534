"""Validates recorded requests against botocore's service models.

    python validate.py RECORDED.jsonl

Each line is a request of stackctl as the local cloud's gateway recorded it. A request is mapped to its operation by the
model (X-Amz-Target, Action, or method, path and query), its members are read back by the shapes, and each is checked:
known, required, of its type, in its enum, within its length and range, fitting its pattern. Empty lists, maps and strings
are allowed only where EMPTY says why. The script first checks itself with the requests of SELF_TEST.
"""

import base64
import json
import re
import sys
import unicodedata
import urllib.parse
import xml.etree.ElementTree as ElementTree
from collections import Counter
from functools import cache

import botocore.session

# Where an empty list, map or string is sent, and why that is right: operation and path, with [] for any index.
EMPTY = {
    ("cognito-idp:UpdateUserPool", "LambdaConfig"): "removes the triggers that others have set (COG-62)",
    ("cognito-idp:UpdateGroup", "Description"): "removes the mark of a group that is released (COG-122)",
    ("s3:PutBucketLifecycleConfiguration", "LifecycleConfiguration.Rules[].Filter"): "all objects (S3-80)",
    ("s3:PutBucketNotificationConfiguration", "NotificationConfiguration"): "removes all entries: there is no delete (S3-90)",
    ("s3:PutBucketNotificationConfiguration", "NotificationConfiguration.EventBridgeConfiguration"): "is on when the empty element is present (S3-90)",
    ("lambda:CreateFunction", "Environment.Variables"): "a function without variables, as the API answers it",
    ("lambda:UpdateFunctionConfiguration", "Environment.Variables"): "takes the last variables away; without it they stay",
}

# Operations of another endpoint that has the same paths.
ELSEWHERE = {"ListDirectoryBuckets"}

# Rules of the models that AWS does not enforce: operation, path, and a part of the violation.
EXCEPTIONS = {}

SERVICES = ["s3", "iam", "lambda", "cognito-idp", "apigateway", "logs", "ssm", "sts"]

# Headers of the protocol and the SDK, which are no members.
PROTOCOL_HEADERS = {
    "accept", "content-length", "content-type", "host", "user-agent", "x-amz-content-sha256", "x-amz-date",
    "x-amz-decoded-content-length", "x-amz-target", "x-amz-trailer", "x-amz-user-agent", "content-encoding",
}

session = botocore.session.get_session()


@cache
def model(service):
    return session.get_service_model(service)


class Unreadable(Exception):
    """A request that is no operation of its service."""


# --- from HTTP to an operation and its members


def read(record):
    """The operation and its members."""
    service = record["service"]
    if service not in SERVICES:
        raise Unreadable(f"no service {service}")
    parts = urllib.parse.urlsplit(record["uri"])
    query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    headers = {name.lower(): value for name, value in record["headers"]}
    body = record["body"].encode()
    protocol = model(service).metadata["protocol"]
    if protocol == "json":
        prefix = model(service).metadata["targetPrefix"] + "."
        target = headers.get("x-amz-target", "")
        operation = find_operation(service, target.removeprefix(prefix) if target.startswith(prefix) else None)
        return operation, from_json(json.loads(body or b"{}"), operation.input_shape)
    if protocol == "query":
        form = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
        fields = dict(form)
        operation = find_operation(service, fields.pop("Action", None))
        if fields.pop("Version", None) != model(service).metadata["apiVersion"]:
            raise Unreadable("another Version than the model's")
        return operation, from_form(fields, operation.input_shape)
    return rest(service, record["method"], parts.path, query, headers, body)


def find_operation(service, name):
    if name not in model(service).operation_names:
        raise Unreadable(f"no operation {name}")
    return model(service).operation_model(name)


def rest(service, method, path, query, headers, body):
    found = []
    for name in set(model(service).operation_names) - ELSEWHERE:
        operation = model(service).operation_model(name)
        labels = match(operation, method, path, dict(query))
        if labels is not None and has_required(operation, query, headers):
            found.append((specific(operation), name, operation, labels))
    if not found:
        raise Unreadable(f"no operation for {method} {path}?{urllib.parse.urlencode(query)}")
    _, _, operation, labels = max(found, key=lambda it: it[:2])
    return operation, members(service, operation, labels, query, headers, body)


def constants(operation):
    _, _, text = operation.http["requestUri"].partition("?")
    return dict(urllib.parse.parse_qsl(text, keep_blank_values=True))


def match(operation, method, path, query):
    """The labels of the path, when it is the operation's."""
    if operation.http["method"] != method:
        return None
    if any(query.get(name) != value for name, value in constants(operation).items()):
        return None
    pattern = operation.http["requestUri"].partition("?")[0]
    regex = re.sub(r"\\{(\w+)\\\+\\}|\\{(\w+)\\}", lambda it: f"(?P<{it[1]}>.+)" if it[1] else f"(?P<{it[2]}>[^/]+)", re.escape(pattern))
    matched = re.fullmatch(regex, path.rstrip("/") or "/")
    return matched and {name: urllib.parse.unquote(value) for name, value in matched.groupdict().items()}


def has_required(operation, query, headers):
    """Whether what tells operations of one path apart is there."""
    shape = operation.input_shape
    for name in shape.required_members if shape else []:
        serialization = shape.members[name].serialization
        key = serialization.get("name", name)
        if serialization.get("location") == "querystring" and key not in dict(query):
            return False
        if serialization.get("location") == "header" and key.lower() not in headers:
            return False
    return True


def specific(operation):
    shape = operation.input_shape
    required = sum(
        shape.members[name].serialization.get("location") in ("querystring", "header") for name in shape.required_members
    ) if shape else 0
    literals = len(re.sub(r"\{[^}]*\}", "", operation.http["requestUri"]))
    return len(constants(operation)) + required, literals


def members(service, operation, labels, query, headers, body):
    shape = operation.input_shape
    result, known_query, known_headers = {}, set(constants(operation)) | {"x-id"}, set(PROTOCOL_HEADERS)
    if shape is None:
        return {}
    payload = shape.serialization.get("payload")
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        key = member.serialization.get("name", name)
        if location == "uri":
            result[name] = from_text(labels[key], member)
        elif location == "querystring":
            known_query.add(key)
            values = [value for it, value in query if it == key]
            if values:
                many = member.type_name == "list"
                result[name] = [from_text(it, member.member) for it in values] if many else from_text(values[0], member)
        elif location == "header":
            known_headers.add(key.lower())
            if key.lower() in headers:
                result[name] = from_text(headers[key.lower()], member)
        elif location == "headers":
            named = {it: value for it, value in headers.items() if it.startswith(key)}
            known_headers |= set(named)
            if named:
                result[name] = {it.removeprefix(key): value for it, value in named.items()}
    for key, _ in query:
        if key not in known_query:
            result.setdefault("?", []).append(f"query {key}")
    for key in headers:
        if operation.http_checksum and key.startswith(("x-amz-checksum-", "x-amz-sdk-checksum-")):
            continue
        if key.startswith("x-amz-") and key not in known_headers:
            result.setdefault("?", []).append(f"header {key}")
    in_body = {name: it for name, it in shape.members.items() if not it.serialization.get("location")}
    if payload:
        if shape.members[payload].type_name in ("blob", "string"):
            if body:
                result[payload] = body
        elif body:
            result[payload] = parse(service, body, shape.members[payload])
    elif body and in_body:
        parsed = parse(service, body, shape)
        for name in parsed.keys() & shape.members.keys() - in_body.keys():
            parsed[f"{name}, which is not a member of the body"] = parsed.pop(name)
        result |= parsed
    elif body:
        result.setdefault("?", []).append("a body")
    return result


def parse(service, body, shape):
    if model(service).metadata["protocol"] == "rest-xml":
        return from_xml(ElementTree.fromstring(body), shape)
    return from_json(json.loads(body), shape)


def from_text(text, shape):
    """A member of a path, a query or a header."""
    kind = shape.type_name
    try:
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
    except ValueError:
        return text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind == "blob":
        return base64.b64decode(text)
    return text


def from_json(value, shape):
    if shape is None or value is None:
        return value
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        names = {it.serialization.get("name", name): name for name, it in shape.members.items()}
        read = {}
        for key, it in value.items():
            name = names.get(key)
            read[name or f"{key}, which is not in the model"] = from_json(it, shape.members[name]) if name else it
        return read
    if kind == "list" and isinstance(value, list):
        return [from_json(it, shape.member) for it in value]
    if kind == "map" and isinstance(value, dict):
        return {key: from_json(it, shape.value) for key, it in value.items()}
    if kind == "blob" and isinstance(value, str):
        return base64.b64decode(value, validate=True)
    return value


def from_xml(element, shape):
    kind = shape.type_name
    local = lambda it: it.tag.rpartition("}")[2]
    if kind == "structure":
        read = {}
        by_name = {}
        for name, member in shape.members.items():
            flat = member.type_name == "list" and member.serialization.get("flattened")
            inner = member.member.serialization.get("name") if flat else None
            by_name[member.serialization.get("name", inner or name)] = (name, member, flat)
        for child in element:
            name, member, flat = by_name.get(local(child), (f"{local(child)}, which is not in the model", None, False))
            if member is None:
                read[name] = child.text
            elif flat:
                read.setdefault(name, []).append(from_xml(child, member.member))
            else:
                read[name] = from_xml(child, member)
        return read
    if kind == "list":
        inner = shape.member.serialization.get("name", "member")
        for child in element:
            if local(child) != inner:
                raise Unreadable(f"a {local(child)} in a list of {inner}")
        return [from_xml(child, shape.member) for child in element]
    return from_text(element.text or "", shape)


def from_form(fields, shape):
    """Reads the query protocol: `Tags.member.1.Key`."""
    if shape is None:
        return {f"{key}, which is not in the model": value for key, value in fields.items()}
    tree = {}
    for key, value in fields.items():
        node = tree
        *path, last = key.split(".")
        for part in path:
            node = node.setdefault(part, {})
        node[last] = value
    return from_tree(tree, shape)


def from_tree(node, shape):
    kind = shape.type_name
    if kind == "structure" and isinstance(node, dict):
        names = {it.serialization.get("name", name): name for name, it in shape.members.items()}
        read = {}
        for key, it in node.items():
            name = names.get(key)
            read[name or f"{key}, which is not in the model"] = from_tree(it, shape.members[name]) if name else it
        return read
    if kind == "list":
        # An empty list is a parameter without a value.
        if node == "":
            return []
        inner = node if shape.serialization.get("flattened") else node["member"]
        if sorted(inner, key=int) != [str(it + 1) for it in range(len(inner))]:
            raise Unreadable(f"the numbers of a list are {sorted(inner)}")
        return [from_tree(inner[key], shape.member) for key in sorted(inner, key=int)]
    if kind == "map":
        return {it["key"]: from_tree(it["value"], shape.value) for it in node["entry"].values()}
    return from_text(node, shape)


# --- from members to violations


def check(value, shape, path, found):
    kind = shape.type_name
    types = {
        "structure": dict, "list": list, "map": dict, "string": (str, bytes), "integer": int, "long": int,
        "float": (int, float), "double": (int, float), "boolean": bool, "blob": bytes, "timestamp": (int, float, str),
    }
    if not isinstance(value, types[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return found.append((path, f"{type(value).__name__} is no {kind}"))
    if kind == "structure":
        for name in shape.required_members:
            if name not in value:
                found.append((f"{path}.{name}", "required and missing"))
        for name, it in value.items():
            if name == "?":
                found.extend((path, f"unknown {what}") for what in it)
            elif name not in shape.members:
                found.append((f"{path}.{name}", "unknown"))
            else:
                check(it, shape.members[name], f"{path}.{name}", found)
    elif kind == "list":
        within(len(value), shape, path, "items", found)
        for it in value:
            check(it, shape.member, f"{path}[]", found)
    elif kind == "map":
        within(len(value), shape, path, "entries", found)
        for key, it in value.items():
            check(key, shape.key, f"{path}.key", found)
            check(it, shape.value, f"{path}.value", found)
    elif kind == "string" and isinstance(value, str):
        within(len(value), shape, path, "characters", found)
        if shape.enum and value not in shape.enum:
            found.append((path, f"{value!r} is none of {', '.join(shape.enum)}"))
        pattern = shape.metadata.get("pattern")
        if pattern and not regex(pattern).fullmatch(value):
            found.append((path, f"{value!r} does not fit {pattern}"))
    elif kind == "blob":
        within(len(value), shape, path, "bytes", found)
    elif kind in ("integer", "long", "float", "double"):
        within(value, shape, path, "", found)
    if path and value in ("", [], {}, b""):
        found.append((path, "empty"))


def within(size, shape, path, unit, found):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least or most is not None and size > most:
        found.append((path, f"{size} {unit}: must be {least} to {most}".replace(" :", ":")))


@cache
def regex(pattern):
    """A pattern of the models, which are Java's: Python's `re` has no \\p{…}."""
    pattern = re.sub(r"\\p\{(\w)\}", lambda it: category(it[1]), pattern)
    # A hyphen after \w is itself.
    return re.compile(pattern.replace("[\\w-", "[\\w\\-"))


@cache
def category(letter):
    """The characters of a Unicode category, as the inside of a class."""
    ranges, start = [], None
    for code in range(sys.maxunicode + 2):
        belongs = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(letter)
        if belongs and start is None:
            start = code
        if not belongs and start is not None:
            ranges.append((start, code - 1))
            start = None
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def violations(record):
    """The operation's name, and what is wrong with the request: places and reasons."""
    try:
        operation, values = read(record)
    except (Unreadable, ValueError, KeyError, ElementTree.ParseError) as error:
        return f"{record['service']}:?", [("", f"unreadable: {error!r}")]
    name = f"{record['service']}:{operation.name}"
    found = []
    if record.get("operation") not in (None, operation.name):
        found.append(("", f"the gateway calls it {record['operation']}"))
    if operation.input_shape is not None:
        check(values, operation.input_shape, "", found)
    left = []
    for path, reason in found:
        path = path.lstrip(".")
        if reason == "empty" and (name, path) in EMPTY:
            continue
        if any(part in reason for part in EXCEPTIONS.get((name, path), {})):
            continue
        left.append((path, reason))
    return name, left


# --- the script itself


def request(service, method, uri, headers=(), body=b""):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {
        "service": service, "method": method, "uri": uri, "headers": [list(it) for it in headers],
        "body": body.decode(),
    }


def cognito(name, body):
    return request("cognito-idp", "POST", "/", [("X-Amz-Target", f"AWSCognitoIdentityProviderService.{name}")], body)


def iam(form):
    return request("iam", "POST", "/", [], urllib.parse.urlencode({"Version": "2010-05-08", **form}).encode())


CORS = '<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{}</CORSConfiguration>'
RULE = "<CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule>"

# A request, its operation, and what must be found in it.
SELF_TEST = [
    (cognito("DescribeUserPool", {"UserPoolId": "eu-west-1_abc"}), "DescribeUserPool", None),
    (cognito("DescribeUserPool", {}), "DescribeUserPool", "UserPoolId: required and missing"),
    (cognito("DescribeUserPool", {"UserPoolId": "x"}), "DescribeUserPool", "does not fit"),
    (cognito("DescribeUserPool", {"UserPoolId": 1}), "DescribeUserPool", "int is no string"),
    (cognito("DescribeUserPool", {"UserPoolId": "eu-west-1_abc", "Too": 1}), "DescribeUserPool", "Too, which is not in the model: unknown"),
    (cognito("DescribeNothing", {}), None, "no operation DescribeNothing"),
    (cognito("CreateUserPool", {"PoolName": "p", "AutoVerifiedAttributes": []}), "CreateUserPool", "AutoVerifiedAttributes: empty"),
    (cognito("CreateUserPool", {"PoolName": "p", "MfaConfiguration": "MAYBE"}), "CreateUserPool", "is none of"),
    (cognito("CreateUserPool", {"PoolName": "p" * 129}), "CreateUserPool", "129 characters"),
    (cognito("CreateUserPool", {"PoolName": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 5}}}), "CreateUserPool", "5: must be 6 to 99"),
    (cognito("AdminCreateUser", {"UserPoolId": "eu-west-1_abc", "Username": "a", "TemporaryPassword": "x x"}), "AdminCreateUser", "does not fit"),
    (iam({"Action": "GetRole", "RoleName": "a"}), "GetRole", None),
    (iam({"Action": "GetRole", "RoleName": "a b"}), "GetRole", "does not fit"),
    (iam({"Action": "CreateRole", "RoleName": "a", "AssumeRolePolicyDocument": "{}", "Tags.member.1.Key": "k", "Tags.member.1.Value": "é"}), "CreateRole", None),
    (iam({"Action": "CreateRole", "RoleName": "a", "AssumeRolePolicyDocument": "{}", "Tags.member.1.Key": "k"}), "CreateRole", "Tags[].Value: required and missing"),
    (iam({"Action": "CreateRole", "RoleName": "a", "AssumeRolePolicyDocument": "{}", "Tags.member.1.Key": "k#", "Tags.member.1.Value": "v"}), "CreateRole", "does not fit"),
    (iam({"Action": "GetRole", "RoleName": "a", "Path": "/"}), "GetRole", "unknown"),
    (request("s3", "PUT", "/bucket?cors", [], CORS.format(RULE).encode()), "PutBucketCors", None),
    (request("s3", "PUT", "/bucket?cors", [], CORS.format("<CORSRule/>").encode()), "PutBucketCors", "AllowedMethods: required and missing"),
    (request("s3", "PUT", "/bucket?cors", [], CORS.format("<Rule/>").encode()), "PutBucketCors", "unknown"),
    (request("s3", "GET", "/bucket?list-type=2&max-keys=many"), "ListObjectsV2", "str is no integer"),
    (request("s3", "GET", "/bucket?list-type=2&keys=1"), "ListObjectsV2", "unknown query keys"),
    (request("s3", "PUT", "/bucket/a/b?x-id=PutObject", [("x-amz-acl", "open")], b"x"), "PutObject", "is none of"),
    (request("s3", "PUT", "/bucket/a/b?partNumber=1&uploadId=u", [], b"x"), "UploadPart", None),
    (request("s3", "PUT", "/bucket/a/b", [("x-amz-copy-source", "c/d")]), "CopyObject", None),
    (request("s3", "PUT", "/bucket", [("x-amz-made-up", "1")]), "CreateBucket", "unknown header x-amz-made-up"),
    (request("lambda", "GET", "/2015-03-31/functions/a%20b"), "GetFunction", "does not fit"),
    (request("lambda", "POST", "/2015-03-31/functions", [], {"FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r"}), "CreateFunction", "Code: required and missing"),
    (request("apigateway", "PATCH", "/restapis/a/stages/b", [], {"patchOperations": [{"op": "put"}]}), "UpdateStage", "is none of"),
    (request("apigateway", "POST", "/restapis", [], {"name": "a", "tags": {}}), "CreateRestApi", "tags: empty"),
    (request("apigateway", "DELETE", "/restapis"), None, "no operation"),
]


def self_test():
    for record, operation, expected in SELF_TEST:
        name, found = violations(record)
        text = "; ".join(f"{path}: {reason}" for path, reason in found)
        assert operation is None or name.endswith(":" + operation), (name, operation)
        assert (expected in text) if expected else not text, (name, text, expected)
    wrong = dict(SELF_TEST[0][0], operation="DescribeUserPoolClient")
    assert violations(wrong)[1] == [("", "the gateway calls it DescribeUserPoolClient")]


def main(path):
    self_test()
    seen, wrong = Counter(), {}
    with open(path) as lines:
        for line in lines:
            record = json.loads(line)
            name, found = violations(record)
            seen[name] += 1
            for place, reason in found:
                wrong.setdefault((name, place, reason), record)
    for (name, place, reason), record in sorted(wrong.items()):
        print(f"{name} {place}: {reason}\n    {record['method']} {record['uri']}", file=sys.stderr)
    print(f"{sum(seen.values())} requests of {len(seen)} operations against AWS's models: {len(wrong)} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
