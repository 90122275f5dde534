"""Writes urls.json and forms.json: what botocore signs, for tests/it/botocore.rs to compare with.

python3 -m venv venv; venv/bin/pip install botocore==1.43.11; venv/bin/python make.py
"""

import datetime
import json
import pathlib
from unittest import mock

import botocore.session
from botocore.config import Config

NOW = datetime.datetime(2026, 11, 24, 3, 30, 0)
ID, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "FwoGZXIvYXdzE//token+with/odd=="
LOCAL = "http://127.0.0.1:4599"
CHECKSUM = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="

KEYS = [
    "plain.txt", "a b.txt", "a+b.txt", "a%20b.txt", "100%.txt", "%", "%%", "%2F", "a/b/c.txt", "a//b.txt", "/leading.txt",
    "trailing/", "./dot.txt", "../dotdot.txt", "a/./b.txt", "a/../b.txt", "a/..", ".", "..", "...", "~tilde", "a~b",
    "ünïcödé.txt", "φωτογραφία 1+2.jpg", "日本語.png", "emoji-😀.gif", "e\u0301 combining", "quote'.txt", 'double".txt',
    "semi;colon", "comma,", "colon:", "question?.txt", "hash#.txt", "amp&and", "equals=", "at@", "dollar$", "bang!",
    "star*", "(paren)", "[square]", "{curly}", "<angle>", "pipe|", "back\\slash", "caret^", "back`tick", "under_score",
    "hyphen-minus", "tab\there", "new\nline", "space ", " space", "two  spaces", "mixed /+%~é.txt", "x" * 900,
    "uploads/5f0c-1/2b1e/a b+c%d.txt", "a?b=c&d=e", "\u00a0nbsp", "\u202eright-to-left",
]


def client(region, token, endpoint, style):
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": style, "us_east_1_regional_endpoint": "regional"},
        request_checksum_calculation="when_required",
    )
    return botocore.session.Session().create_client(
        "s3", region_name=region, endpoint_url=endpoint, config=config,
        aws_access_key_id=ID, aws_secret_access_key=SECRET, aws_session_token=token,
    )


CLIENTS = {
    (region, token, endpoint): client(region, token, endpoint, "path" if endpoint else "virtual")
    for region in ("us-east-1", "eu-west-1", "cn-north-1") for token in (None, TOKEN) for endpoint in (None, LOCAL)
}

urls, forms = [], []


def url(at, operation, method, key, params=None, query=None, headers=None, expires=300, bucket="my-bucket"):
    region, token, endpoint = at
    everything = {"Bucket": bucket, **({} if key is None else {"Key": key}), **(params or {})}
    s3 = client(*at, "path") if "." in bucket else CLIENTS[at]
    made = s3.generate_presigned_url(operation, Params=everything, ExpiresIn=expires)
    urls.append({
        "region": region, "token": token, "endpoint": endpoint, "bucket": bucket, "method": method, "key": key,
        "query": query or [], "headers": headers or {}, "expires": expires, "url": made,
    })


def form(at, key, kind, size, checksum=None, expires=300):
    region, token, endpoint = at
    fields = {
        **({"Content-Type": kind} if kind else {}),
        **({"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum} if checksum else {}),
    }
    conditions = [{name: value} for name, value in fields.items()] + [["content-length-range", *size]]
    made = CLIENTS[at].generate_presigned_post(
        "my-bucket", key, Fields=fields, Conditions=conditions, ExpiresIn=expires)
    forms.append({
        "region": region, "token": token, "endpoint": endpoint, "key": key, "contentType": kind, "size": size,
        "checksum": checksum, "expires": expires, "url": made["url"], "fields": made["fields"],
    })


def every_operation(at, key):
    url(at, "put_object", "PUT", key, expires=10)
    url(at, "put_object", "PUT", key,
        {"ContentType": "image/png", "ContentLength": 5, "ChecksumSHA256": CHECKSUM},
        headers={"content-type": "image/png", "content-length": "5", "x-amz-checksum-sha256": CHECKSUM})
    name = "attachment; filename=\"a b.txt\"; filename*=UTF-8''%CF%86%2B.txt"
    url(at, "get_object", "GET", key, {"ResponseContentDisposition": name, "ResponseContentType": "image/png"},
        [["response-content-disposition", name], ["response-content-type", "image/png"]])
    url(at, "delete_object", "DELETE", key)
    url(at, "list_objects_v2", "GET", None,
        {"Prefix": "uploads/me/", "MaxKeys": 7, "ContinuationToken": "1a+b/c=", "EncodingType": "url"},
        [["list-type", "2"], ["prefix", "uploads/me/"], ["max-keys", "7"], ["continuation-token", "1a+b/c="],
         ["encoding-type", "url"]])
    url(at, "create_multipart_upload", "POST", key, {"ContentType": "image/png"}, [["uploads", ""]],
        {"content-type": "image/png"})
    url(at, "upload_part", "PUT", key, {"PartNumber": 3, "UploadId": "a+b/c=="},
        [["partNumber", "3"], ["uploadId", "a+b/c=="]])
    for operation, method in (
        ("list_parts", "GET"), ("complete_multipart_upload", "POST"), ("abort_multipart_upload", "DELETE"),
    ):
        url(at, operation, method, key, {"UploadId": "u"}, [["uploadId", "u"]])
    url(at, "list_parts", "GET", key, {"UploadId": "u", "PartNumberMarker": 1000},
        [["uploadId", "u"], ["part-number-marker", "1000"]])
    url(at, "complete_multipart_upload", "POST", key, {"UploadId": "u", "IfNoneMatch": "*", "MpuObjectSize": 7},
        [["uploadId", "u"]], {"if-none-match": "*", "x-amz-mp-object-size": "7"})


with mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: NOW), mock.patch(
    "botocore.signers.get_current_datetime", lambda *_, **__: NOW
):
    for key in KEYS:
        url(("eu-west-1", None, None), "put_object", "PUT", key)
        url(("us-east-1", TOKEN, None), "get_object", "GET", key)
        url(("eu-west-1", TOKEN, LOCAL), "delete_object", "DELETE", key)
    for at in CLIENTS:
        every_operation(at, "uploads/me/1/a b+ü.txt")
        form(at, "uploads/me/1/a b+ü.txt", "image/png", [5, 5])
        form(at, "uploads/me/2/φ%.txt", None, [0, 100])
        form(at, "uploads/me/3/a", "text/plain", [5, 5], CHECKSUM)
    url(("eu-west-1", None, None), "put_object", "PUT", "a b", bucket="my.dotted.bucket")
    url(("eu-west-1", None, None), "list_objects_v2", "GET", None, {"Prefix": "p"},
        [["list-type", "2"], ["prefix", "p"], ["encoding-type", "url"]], bucket="my.dotted.bucket")

here = pathlib.Path(__file__).parent
for name, made in (("urls", urls), ("forms", forms)):
    lines = ",\n".join(json.dumps(it) for it in made)
    here.joinpath(f"{name}.json").write_text(f"[\n{lines}\n]\n")
print(len(urls), "URLs,", len(forms), "forms")
