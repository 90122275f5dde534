"""Writes urls.json and forms.json: what botocore signs, for tests/botocore.rs to compare with.

pip install botocore==1.43.11; python make.py
"""

import datetime
import json
import pathlib
from unittest import mock

import botocore.auth
import botocore.session
import botocore.signers
from botocore.config import Config

NOW = datetime.datetime(2026, 11, 24, 3, 30, 0, tzinfo=datetime.timezone.utc)
ID, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "FwoGZXIvYXdzE//token+with/odd=="

KEYS = [
    "plain.txt", "a b.txt", "a+b.txt", "a%20b.txt", "100%.txt", "%", "%%", "%2F", "a/b/c.txt", "a//b.txt", "/leading.txt",
    "trailing/", "./dot.txt", "../dotdot.txt", "a/./b.txt", "a/../b.txt", "a/..", ".", "..", "...", "~tilde", "a~b",
    "ünïcödé.txt", "φωτογραφία 1+2.jpg", "日本語.png", "emoji-😀.gif", "e\u0301 combining", "quote'.txt", 'double".txt',
    "semi;colon", "comma,", "colon:", "question?.txt", "hash#.txt", "amp&and", "equals=", "at@", "dollar$", "bang!",
    "star*", "(paren)", "[square]", "{curly}", "<angle>", "pipe|", "back\\slash", "caret^", "back`tick", "under_score",
    "hyphen-minus", "tab\there", "new\nline", "space ", " space", "two  spaces", "mixed /+%~é.txt", "x" * 900,
    "uploads/5f0c-1/2b1e/a b+c%d.txt", "a?b=c&d=e", "\u00a0nbsp", "\u202eright-to-left",
]


def client(region, token, style, endpoint=None):
    session = botocore.session.Session()
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": style, "us_east_1_regional_endpoint": "regional"},
        request_checksum_calculation="when_required",
    )
    return session.create_client(
        "s3", region_name=region, endpoint_url=endpoint, config=config,
        aws_access_key_id=ID, aws_secret_access_key=SECRET, aws_session_token=token,
    )


def frozen():
    return mock.patch.multiple(
        "botocore.auth",
        get_current_datetime=lambda *a, **k: NOW.replace(tzinfo=None),
    )


urls = []


def url(region, token, operation, method, key, query, headers, params, expires=300, endpoint=None):
    style = "path" if endpoint else "virtual"
    s3 = client(region, token, style, endpoint)
    everything = {"Bucket": "my-bucket", **({"Key": key} if key is not None else {}), **params}
    made = s3.generate_presigned_url(operation, Params=everything, ExpiresIn=expires)
    urls.append({
        "region": region, "token": token, "endpoint": endpoint, "method": method, "key": key,
        "query": query, "headers": headers, "expires": expires, "url": made,
    })


def post(region, token, key, content_type, size, expires):
    s3 = client(region, token, "virtual")
    made = s3.generate_presigned_post(
        "my-bucket", key, Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}, ["content-length-range", size, size]], ExpiresIn=expires,
    )
    return {"region": region, "token": token, "key": key, "contentType": content_type, "size": size,
            "expires": expires, "url": made["url"], "fields": made["fields"]}


with frozen(), mock.patch("botocore.signers.datetime_now", lambda *a: NOW, create=True), mock.patch(
    "botocore.signers.get_current_datetime", lambda *a, **k: NOW.replace(tzinfo=None), create=True
):
    for key in KEYS:
        url("eu-west-1", None, "put_object", "PUT", key, {}, {}, {})
    for region in ("us-east-1", "eu-west-1"):
        for token in (None, TOKEN):
            for endpoint in (None, "http://127.0.0.1:4599"):
                at = dict(region=region, token=token, endpoint=endpoint)
                k = "uploads/me/1/a b+ü.txt"
                url(operation="put_object", method="PUT", key=k, query={}, params={}, expires=10,
                    headers={}, **at)
                url(operation="put_object", method="PUT", key=k, query={},
                    headers={"content-type": "image/png", "content-length": "5"},
                    params={"ContentType": "image/png", "ContentLength": 5}, **at)
                url(operation="get_object", method="GET", key=k, headers={},
                    query={"response-content-disposition": "attachment; filename=\"a b.txt\""},
                    params={"ResponseContentDisposition": "attachment; filename=\"a b.txt\""}, **at)
                url(operation="delete_object", method="DELETE", key=k, query={}, headers={}, params={}, **at)
                url(operation="list_objects_v2", method="GET", key=None, headers={},
                    query={"list-type": "2", "prefix": "uploads/me/", "encoding-type": "url"}, params={"Prefix": "uploads/me/"}, **at)
                url(operation="create_multipart_upload", method="POST", key=k, headers={}, query={"uploads": ""},
                    params={}, **at)
                url(operation="upload_part", method="PUT", key=k, headers={},
                    query={"partNumber": "3", "uploadId": "a+b/c=="}, params={"PartNumber": 3, "UploadId": "a+b/c=="}, **at)
                url(operation="list_parts", method="GET", key=k, headers={}, query={"uploadId": "u"},
                    params={"UploadId": "u"}, **at)
                url(operation="complete_multipart_upload", method="POST", key=k, headers={}, query={"uploadId": "u"},
                    params={"UploadId": "u"}, **at)
                url(operation="abort_multipart_upload", method="DELETE", key=k, headers={}, query={"uploadId": "u"},
                    params={"UploadId": "u"}, **at)
    forms = [
        post(region, token, key, kind, size, 300)
        for region in ("us-east-1", "eu-west-1") for token in (None, TOKEN)
        for key, kind, size in (("uploads/me/1/a b+ü.txt", "image/png", 5), ("uploads/me/2/φ%.txt", "text/plain", 0))
    ]

here = pathlib.Path(__file__).parent
for name, made in (("urls", urls), ("forms", forms)):
    here.joinpath(f"{name}.json").write_text(json.dumps(made, indent=1, ensure_ascii=True) + "\n")
print(len(urls), len(forms), urls[0]["url"])
