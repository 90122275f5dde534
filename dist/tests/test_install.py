"""install.sh and the archives, from a web server on this machine."""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import unittest

from place import OUT, ROOT, Place
from site_of_releases import ARCHIVE, VERSION, Site

PLATFORMS = json.loads((ROOT / "dist/platforms.json").read_text())


class Install(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.site = Site(self.place.folder / "site")
        self.addCleanup(self.site.close)
        self.latest = self.site.folder / "latest/download"
        self.url = self.site.url
        self.program = self.place.home / ".local/bin/stackctl"

    def install(self, code=0, **more):
        done = self.place.try_run("sh", ROOT / "install.sh", **{"STACKCTL_BASE_URL": self.url, **more})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def refused(self, why, **more):
        said = self.install(code=1, **more)
        self.assertIn(why, said)
        self.assertFalse(self.program.exists())

    def test_the_newest_release(self):
        said = self.install()
        self.assertIn(VERSION, self.place.run(self.program, "--version"))
        self.assertIn(f"Installed stackctl {VERSION}", said)
        self.assertIn("Add the folder to your PATH", said)
        self.place.bins.append(self.program.parent)
        # Again, over the program that is there.
        self.assertNotIn("Add the folder", self.install())
        self.assertEqual([it.name for it in self.program.parent.iterdir()], ["stackctl"])

    def test_a_version_and_a_folder(self):
        shutil.rmtree(self.latest)
        elsewhere = self.place.folder / "my bin"
        self.install(STACKCTL_VERSION=f"v{VERSION}", STACKCTL_BIN=str(elsewhere))
        self.place.run(elsewhere / "stackctl", "--version")

    def test_another_shell_and_wget(self):
        """With dash and wget alone, where this machine has them."""
        tools = self.place.folder / "tools"
        tools.mkdir()
        for name in ("cat", "chmod", "cp", "cut", "dash", "grep", "gzip", "ldd", "mkdir", "mktemp", "mv", "rm", "sed",
                     "sh", "sha256sum", "tar", "uname", "wget"):
            found = shutil.which(name)
            if found is None:
                self.skipTest(f"this machine has no {name}")
            (tools / name).symlink_to(found)
        done = subprocess.run(
            ["dash", str(ROOT / "install.sh")],
            env={"HOME": str(self.place.home), "PATH": str(tools), "STACKCTL_BASE_URL": self.url},
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.place.run(self.program, "--version")

    def test_a_wrong_checksum(self):
        sums = self.latest / "SHA256SUMS"
        wrong = hashlib.sha256(b"other").hexdigest()
        sums.write_text(re.sub(rf"^\S+  {re.escape(ARCHIVE.name)}$", f"{wrong}  {ARCHIVE.name}", sums.read_text(), flags=re.M))
        self.refused("nothing was installed")

    def test_a_truncated_archive(self):
        archive = self.latest / ARCHIVE.name
        archive.write_bytes(archive.read_bytes()[:-1000])
        self.refused("nothing was installed")

    def test_no_checksum(self):
        for text in ("", f"{'0' * 64}  other.tar.gz\n", f"{'0' * 63}  {ARCHIVE.name}\n", f"{'0' * 64}  x{ARCHIVE.name}\n",
                     f"{'0' * 64}  {ARCHIVE.name}\n" * 2):
            with self.subTest(text):
                (self.latest / "SHA256SUMS").write_text(text)
                self.refused("does not have one checksum")

    def test_no_file(self):
        (self.latest / ARCHIVE.name).unlink()
        self.refused("could not download")

    def test_an_archive_without_the_program(self):
        archive = self.latest / ARCHIVE.name
        with tarfile.open(archive, "w:gz"):
            pass
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        (self.latest / "SHA256SUMS").write_text(f"{digest}  {ARCHIVE.name}\n")
        self.refused("could not unpack")

    def test_an_address_without_tls(self):
        self.refused("is not an HTTPS address", STACKCTL_BASE_URL="http://example.com")
        self.refused("is not an HTTPS address", STACKCTL_BASE_URL="file:///tmp")

    def test_a_script_that_arrives_in_part_does_nothing(self):
        text = (ROOT / "install.sh").read_text()
        for part in range(0, len(text) - len("main\n"), 200):
            done = self.place.try_run("sh", text=text[:part], STACKCTL_BASE_URL=self.url)
            self.assertNotIn("Installed", done.stdout)
            self.assertFalse(self.program.exists())

    def test_other_platforms(self):
        expected = {
            ("Windows_NT", "x86_64"): "no program for Windows_NT",
            ("MINGW64_NT-10.0", "x86_64"): "no program for Windows; run this script in WSL 2",
            ("FreeBSD", "amd64"): "no program for FreeBSD",
            ("Linux", "riscv64"): "no program for Linux on riscv64",
        }
        for (system, machine), why in expected.items():
            with self.subTest(system=system, machine=machine):
                self.pretend(system, machine)
                if system == "Windows_NT":
                    why = "no program for Windows"
                self.refused(why)

    def test_musl(self):
        (self.place.forbidden / "ldd").write_text("#!/bin/sh\necho 'musl libc (x86_64)' >&2\nexit 1\n")
        (self.place.forbidden / "ldd").chmod(0o755)
        self.refused("this system has musl")

    def test_each_platform_asks_for_its_archive(self):
        uname = {"linux": "Linux", "darwin": "Darwin"}
        for row in PLATFORMS:
            machine = row["target"].split("-")[0]
            if row["os"] == "darwin" and machine == "aarch64":
                machine = "arm64"
            self.pretend(uname[row["os"]], machine)
            (self.latest / "SHA256SUMS").write_text("")
            self.refused(f"one checksum of stackctl-{row['target']}.tar.gz")

    def pretend(self, system, machine):
        uname = self.place.forbidden / "uname"
        uname.write_text(f'#!/bin/sh\nif [ "$1" = -m ]; then echo {machine}; else echo {system}; fi\n')
        uname.chmod(0o755)


class Archives(unittest.TestCase):
    def test_content(self):
        with tarfile.open(ARCHIVE) as tar:
            names = {it.name: it.mode for it in tar.getmembers()}
        folder = ARCHIVE.name.removesuffix(".tar.gz")
        modes = {"stackctl": 0o755, "README.md": 0o644, "LICENSE": 0o644, "LICENSE-APACHE": 0o644, "LICENSE-MIT": 0o644}
        self.assertEqual(names, {f"{folder}/{name}": mode for name, mode in modes.items()})

    def test_checksums_cover_every_file(self):
        done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=OUT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        listed = {line.split("  ")[1] for line in (OUT / "SHA256SUMS").read_text().splitlines()}
        self.assertEqual(listed, {it.name for it in OUT.iterdir()} - {"SHA256SUMS"})

    def test_cargo_binstall_finds_them(self):
        """The templates of binstall, filled as cargo-binstall fills them, are the names that the archives have."""
        command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
        [package] = [it for it in json.loads(said)["packages"] if it["name"] == "stackctl"]
        repository, version = package["repository"], package["version"]
        binstall = package["metadata"]["binstall"]
        self.assertEqual(binstall["pkg-fmt"], "tgz")
        for row in PLATFORMS:
            values = {
                "repo": repository,
                "name": package["name"],
                "version": version,
                "target": row["target"],
                "archive-suffix": ".tar.gz",
                "bin": "stackctl",
                "binary-ext": "",
            }
            fill = lambda text: re.sub(r"\{ (\S+) \}", lambda it: values[it.group(1)], text)
            folder = f"stackctl-{row['target']}"
            url = f"{repository}/releases/download/v{version}/{folder}.tar.gz"
            self.assertEqual(fill(binstall["pkg-url"]), url)
            self.assertEqual(fill(binstall["bin-dir"]), f"{folder}/stackctl")
        self.assertIn(f"STACKCTL_BASE_URL:-{repository}/releases}}", (ROOT / "install.sh").read_text())
        npm = json.loads((ROOT / "dist/npm/package.json").read_text())
        self.assertEqual(npm["repository"]["url"], f"git+{repository}.git")
