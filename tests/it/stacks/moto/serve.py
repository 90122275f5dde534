"""moto server, with three answers as AWS gives them, until the process that started it is gone.

They are reads of things that the table never sets in moto, which has no data plane to open.
"""
import os, sys, threading

import moto.awslambda.urls as functions
from moto.s3.responses import S3Response

threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()


def no_urls(request, full_url, headers):
    """moto does not list function URLs."""
    return 200, {}, '{"FunctionUrlConfigs": []}'


def empty(element):
    return 200, {}, f'<{element} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'


functions.url_paths["{0}/2021-10-31/functions/(?P<name>[^/]+)/urls$"] = no_urls
# moto's answer has no body.
S3Response.get_bucket_notification = lambda self: empty("NotificationConfiguration")
# moto's answer has another element at its root.
S3Response.get_bucket_versioning = lambda self: empty("VersioningConfiguration")

from moto.server import main

main(["-H", "127.0.0.1", "-p", sys.argv[1]])
