"""A web server on this machine with the files of a release, where GitHub would have them."""

import http.server
import shutil
import subprocess
import threading

from place import OUT, ROOT

[ARCHIVE] = OUT.glob("*.tar.gz")
VERSION = subprocess.run([ROOT / "dist/version"], check=True, capture_output=True, text=True).stdout.strip()


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Site:
    def __init__(self, folder):
        self.folder = folder
        for part in ("latest/download", f"download/v{VERSION}"):
            (folder / part).mkdir(parents=True)
            for name in (ARCHIVE.name, "SHA256SUMS"):
                shutil.copy(OUT / name, folder / part)
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), lambda *it: Handler(*it, directory=str(folder))
        )
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
