"""Records of events that Lambda gave up, in a bucket (LAM-77).

MiniStack writes them to queues, topics and functions alone.
"""
import datetime
import json

import ministack.services.lambda_svc as lambda_service
import ministack.services.s3 as records
from ministack.core.responses import new_uuid

route_by_ministack = lambda_service._route_async_failure


def route_failure(target, function, event, result):
    bucket = target.rpartition(":s3:::")[2]
    if bucket == target:
        return route_by_ministack(target, function, event, result)
    known = lambda_service._functions.get(function, {})
    retries = (known.get("event_invoke_config") or {}).get("MaximumRetryAttempts", 2)
    now = datetime.datetime.now(datetime.timezone.utc)
    record = {
        "version": "1.0",
        "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "requestContext": {
            "requestId": new_uuid(),
            "functionArn": known.get("config", {}).get("FunctionArn", "") + ":$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": retries + 1,
        },
        "requestPayload": event,
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": result.get("function_error") or "Unhandled",
        },
        "responsePayload": result.get("body"),
    }
    key = f"aws/lambda/async/{function}/{now:%Y/%m/%d/%Y-%m-%dT%H.%M.%S}-{new_uuid()}"
    records._put_object(bucket, key, json.dumps(record, default=str).encode(), {"content-type": "application/json"})


lambda_service._route_async_failure = route_failure

