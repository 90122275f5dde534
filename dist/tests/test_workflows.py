"""The workflows agree with the other files."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from place import ROOT
from site_of_releases import VERSION

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
RELEASE = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())


class Workflows(unittest.TestCase):
    def test_each_platform_is_built(self):
        rows = json.loads((ROOT / "dist/platforms.json").read_text())
        expected = [{key: row[key] for key in ("target", "runner")} for row in rows]
        self.assertEqual(RELEASE["jobs"]["build"]["strategy"]["matrix"]["include"], expected)

    def test_actions_are_pinned_and_their_versions_are_named(self):
        others = ["action.yml", "docs/github-actions.md"]
        texts = [it.read_text() for it in [*WORKFLOWS, *(ROOT / other for other in others)]]
        lines = [line for text in texts for line in text.splitlines() if "uses:" in line]
        self.assertGreater(len(lines), 10)
        for line in lines:
            if "stackctl/stackctl@" not in line:
                self.assertRegex(line, r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
        pins = {tuple(re.search(r"uses: (\S+)@(\S+)", it).groups()) for it in lines}
        self.assertEqual(len(pins), len({action for action, _ in pins}), "each action has one version")

    def test_the_documented_version_is_this_one(self):
        self.assertIn(f"uses: stackctl/stackctl@v{VERSION}\n", (ROOT / "docs/github-actions.md").read_text())

    def test_uv_is_the_tested_one(self):
        [wanted] = re.findall(r"^uv==\S+$", (ROOT / "dist/requirements.txt").read_text(), re.M)
        self.assertIn(f"pipx run --spec {wanted} uv publish", (ROOT / ".github/workflows/release.yml").read_text())

    def test_each_npm_package_is_published_once_and_the_main_one_last(self):
        [step] = [it for it in RELEASE["jobs"]["npm"]["steps"] if "publish --access" in it.get("run", "")]
        [wanted] = re.findall(r"for package in (.+); do", step["run"])
        rows = json.loads((ROOT / "dist/platforms.json").read_text())
        names = [f"{row['os']}-{row['cpu']}" for row in rows] + ["uploads", "react"]
        for version in ("1.2.3", "1.2.3-rc.1"):
            files = [f"stackctl-{name}-{version}.tgz" for name in names] + [f"stackctl-{version}.tgz"]
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "dist-files").mkdir()
                for it in files:
                    (Path(folder) / "dist-files" / it).touch()
                command = ["bash", "-c", f"printf '%s\n' {wanted}"]
                said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.split()
            self.assertEqual(sorted(said), sorted(f"dist-files/{it}" for it in files))
            self.assertEqual(said[-1], f"dist-files/{files[-1]}")

    def test_only_tags_publish(self):
        publishing = {"release", "pypi", "npm"}
        self.assertEqual(RELEASE["jobs"]["release"]["if"], "github.ref_type == 'tag'")
        for name in publishing - {"release"}:
            self.assertEqual(RELEASE["jobs"][name]["needs"], "release")
        for name, job in RELEASE["jobs"].items():
            writes = {key for key, value in job["permissions"].items() if value == "write"}
            self.assertEqual(bool(writes), name in publishing, name)
