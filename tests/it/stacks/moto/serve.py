"""moto server, with three answers as AWS gives them, until the process that started it is gone.

They are reads of things that are not set.
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
# moto's answer has no body while there are no entries.
notification = S3Response.get_bucket_notification


def with_body(self):
    is_set = self.backend.get_bucket_notification_configuration(self.bucket_name)
    return notification(self) if is_set else empty("NotificationConfiguration")


S3Response.get_bucket_notification = with_body
# moto's answer has another element at its root.
S3Response.get_bucket_versioning = lambda self: empty("VersioningConfiguration")

from moto.server import main

main(["-H", "127.0.0.1", "-p", sys.argv[1]])
