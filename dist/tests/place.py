"""A place where stackctl is installed and used: an empty home, no cargo, and a local cloud of the tests' own."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = Path(os.environ.get("OUT", ROOT / "target/dist-tests"))
TOOLS = ROOT / "target/tools/dist/bin"
# The program that was built, for what is not about its installation.
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/stackctl"

STACK = """\
stack: NAME
region: eu-west-1
buckets:
  uploads:
    cors: { origins: [http://localhost:5173] }
functions:
  presign:
    builtin: presign
    buckets:
      uploads: { prefix: uploads/, allow: [put] }
user_pools:
  users:
    deletion_protection: false
    clients:
      web: {}
apis:
  uploads:
    cors: { origins: [http://localhost:5173] }
    authorizer: users
    routes:
      GET /: presign
"""


class Failed(AssertionError):
    """A command that ended with another exit code than expected."""


class Place:
    """An empty home folder. Its PATH has no cargo: programs of that name there say so and fail."""

    def __init__(self, *bins):
        self.folder = Path(tempfile.mkdtemp(prefix="stackctl-dist-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.home = self.folder / "home"
        self.home.mkdir()
        self.bins = [Path(it) for it in bins]
        self.forbidden = self.folder / "forbidden"
        self.forbidden.mkdir()
        for name in ("cargo", "rustc", "rustup", "cargo-lambda"):
            program = self.forbidden / name
            program.write_text(f'#!/bin/sh\necho {name} "$@" >> {self.folder}/called\nexit 99\n')
            program.chmod(0o755)

    def environment(self, **more):
        kept = {it: value for it, value in os.environ.items() if it.startswith(("PIP_", "SSL_", "PYENV_")) or it.lower().endswith("_proxy")}
        rest = [it for it in os.environ["PATH"].split(":") if not (Path(it) / "cargo").exists()]
        path = [*self.bins, self.forbidden, *rest]
        return {
            **kept,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PATH": ":".join(map(str, path)),
            # The emulator is installed once for this user, not once for a test.
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            **more,
        }

    def run(self, *command, code=0, cwd=None, text=None, **more):
        """Runs a command, and returns what it said on stdout."""
        done = self.try_run(*command, cwd=cwd, text=text, **more)
        if done.returncode != code:
            raise Failed(f"{command} ended with {done.returncode}, not {code}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def try_run(self, *command, cwd=None, text=None, **more):
        return subprocess.run(
            [str(it) for it in command],
            cwd=cwd or self.folder,
            env=self.environment(**more),
            input=text if text is not None else "",
            capture_output=True,
            text=True,
            timeout=240,
        )

    def forget_calls(self):
        """pip asks rustc for its version while it installs."""
        (self.folder / "called").unlink(missing_ok=True)

    def called(self):
        """The forbidden programs that were called."""
        log = self.folder / "called"
        return log.read_text() if log.exists() else ""


class Cloud:
    """A local cloud that is started by the first stackctl that needs it, and stopped at the end."""

    started = None

    @classmethod
    def state(cls, place, stackctl):
        if cls.started is None:
            folder = tempfile.mkdtemp(prefix="stackctl-cloud-")
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = str(free.getsockname()[1])
            cls.started = f"{folder}/state"
            place.run(*stackctl, "local", "up", "--port", port, "--region", "eu-west-1", STACKCTL_LOCAL_STATE=cls.started)
            stop = [str(BUILT), "local", "down"]
            environment = {**os.environ, "STACKCTL_LOCAL_STATE": cls.started}
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            atexit.register(subprocess.run, stop, env=environment, capture_output=True)
        return cls.started
