"""The part of GitHub's API that comments need, on this machine."""

import http.server
import io
import json
import re
import threading
import zipfile
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "octo/page"


class GitHub:
    """`comments` has the comments of pull request 7, oldest first. `user` is the name that the token has, if any."""

    def __init__(self, token="ghs_token", writes=True, user=None):
        self.comments = []
        self.requests = []
        self.artifacts = []
        self.zips = {}
        self.pulls = []
        github = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.take()

            def do_POST(self):
                self.take()

            def do_PATCH(self):
                self.take()

            def take(self):
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                github.requests.append(f"{self.command} {url.path}")
                if self.headers["authorization"] != f"Bearer {token}":
                    return self.answer(401, {"message": "Bad credentials"})
                if url.path == "/user":
                    return self.answer(200, {"login": user}) if user else self.answer(403, {})
                if self.command != "GET" and not writes:
                    return self.answer(403, {"message": "Resource not accessible by integration"})
                if url.path == f"/repos/{REPOSITORY}/issues/7/comments":
                    if self.command == "GET":
                        query = parse_qs(url.query)
                        size, page = int(query["per_page"][0]), int(query["page"][0])
                        return self.answer(200, github.comments[(page - 1) * size : page * size])
                    return self.answer(201, github.add(json.loads(body)["body"], user or "github-actions[bot]"))
                if url.path == f"/repos/{REPOSITORY}/commits/{'f' * 40}/pulls":
                    return self.answer(200, github.pulls)
                if url.path == f"/repos/{REPOSITORY}/actions/artifacts":
                    [name] = parse_qs(url.query)["name"]
                    return self.answer(200, {"artifacts": [it for it in github.artifacts if it["name"] == name]})
                of_zip = re.fullmatch(f"/repos/{REPOSITORY}/actions/artifacts/([0-9]+)/zip", url.path)
                if of_zip:
                    return self.send(200, github.zips[int(of_zip[1])])
                changed = re.fullmatch(f"/repos/{REPOSITORY}/issues/comments/([0-9]+)", url.path)
                for comment in github.comments:
                    if changed and self.command == "PATCH" and str(comment["id"]) == changed[1]:
                        comment["body"] = json.loads(body)["body"]
                        return self.answer(200, comment)
                self.answer(404, {"message": "Not Found"})

            def answer(self, status, data):
                self.send(status, json.dumps(data).encode())

            def send(self, status, text):
                self.send_response(status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, body, login):
        # GitHub refuses longer ones.
        assert len(body) <= 65_536, len(body)
        kind = "Bot" if login.endswith("[bot]") else "User"
        comment = {"id": 1000 + len(self.comments), "user": {"login": login, "type": kind}, "body": body}
        self.comments.append(comment)
        return comment

    def merge(self, head, sha):
        """A pull request whose last commit is `head` was merged as the commit `sha`."""
        self.pulls.append({"merged_at": "2026-11-30T12:00:00Z", "merge_commit_sha": sha, "head": {"sha": head}})

    def keep(self, name, path, repository=1):
        """An artifact of a run in this repository, or in another one."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(path, path.name)
        number = len(self.artifacts) + 1
        self.zips[number] = packed.getvalue()
        run = {"head_sha": name.rsplit("-", 1)[1], "repository_id": 1, "head_repository_id": repository}
        created = f"2026-11-30T12:00:{number:02}Z"
        self.artifacts.append({"id": number, "name": name, "expired": False, "created_at": created, "workflow_run": run})

    def close(self):
        self.server.shutdown()
        self.server.server_close()
