"""As much of AWS's CLI as a command that tags something needs: names and forms come from AWS's own models."""

import json
import sys

import botocore.session
from botocore import xform_name

service, operation, *rest = sys.argv[1:]
options = dict(zip(rest[::2], rest[1::2], strict=True))
client = botocore.session.get_session().create_client(
    {"s3api": "s3"}.get(service, service),
    region_name=options.pop("--region"),
    endpoint_url=options.pop("--endpoint-url"),
)
model = client.meta.service_model
(name,) = [it for it in model.operation_names if xform_name(it, "-") == operation]
members = model.operation_model(name).input_shape.members
parameters = {}
for option, value in options.items():
    (member,) = [it for it in members if "--" + xform_name(it, "-") == option]
    parameters[member] = value if members[member].type_name == "string" else json.loads(value)
getattr(client, xform_name(name))(**parameters)
