"""A registry of npm packages on this machine, with the tarballs of a folder."""

import base64
import hashlib
import http.server
import json
import tarfile
import threading
from urllib.parse import unquote


class Registry:
    """Serves the packages; `requests` has the paths that were asked for."""

    def __init__(self, tarballs, platforms):
        self.files = {}
        self.packages = {}
        self.requests = []
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = unquote(self.path).lstrip("/")
                registry.requests.append(path)
                if path in registry.files:
                    return self.answer(200, registry.files[path])
                package = registry.packages.get(path)
                self.answer(200 if package else 404, json.dumps(package or {"error": "not found"}).encode())

            def do_POST(self):
                self.answer(404, b"{}")

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        for path in tarballs:
            self.add(path)
        # The packages of other platforms have no file here: npm must not ask for it.
        [main] = self.packages["stackctl"]["versions"].values()
        for row in platforms:
            name = f"@stackctl/{row['os']}-{row['cpu']}"
            if name not in self.packages:
                limits = {key: [row[key]] for key in ("os", "cpu", "libc") if key in row}
                self.publish({"name": name, "version": main["version"], **limits}, f"{name}.tgz", b"")
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, path):
        with tarfile.open(path) as tar:
            manifest = json.load(tar.extractfile("package/package.json"))
        self.publish(manifest, f"files/{path.name}", path.read_bytes())

    def publish(self, manifest, path, data):
        if data:
            self.files[path] = data
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        manifest = {**manifest, "dist": {"tarball": self.url + path, "integrity": integrity}}
        version = manifest["version"]
        self.packages[manifest["name"]] = {
            "name": manifest["name"],
            "dist-tags": {"latest": version},
            "versions": {version: manifest},
        }

    def close(self):
        self.server.shutdown()
        self.server.server_close()
