"""The wheel, as pip, uv and pipx install it."""

import sys
import unittest
import zipfile

from life import live
from place import OUT, TOOLS, Place
from site_of_releases import VERSION

[WHEEL] = OUT.glob("stackctl-*.whl")


class Wheel(unittest.TestCase):
    def test_it_has_the_program_alone(self):
        with zipfile.ZipFile(WHEEL) as wheel:
            names = [it.filename for it in wheel.infolist() if ".dist-info/" not in it.filename]
            [program] = names
            self.assertTrue(program.endswith(".data/scripts/stackctl"), program)
            metadata = next(it for it in wheel.namelist() if it.endswith(".dist-info/METADATA"))
            fields = wheel.read(metadata).decode().split("\n\n")[0].splitlines()
        self.assertIn(f"Version: {VERSION}", fields)
        self.assertEqual([it for it in fields if it.startswith("Requires-Dist")], [])

    def test_a_life_in_a_virtual_environment(self):
        place = Place()
        place.run(sys.executable, "-m", "venv", "v")
        place.run("v/bin/pip", "install", "--quiet", "--no-index", WHEEL)
        live(self, place, [place.folder / "v/bin/stackctl"], "wheel-life")

    def test_uv_tool_install(self):
        place = Place()
        bins = place.home / ".local/bin"
        place.bins.append(bins)
        place.run(TOOLS / "uv", "tool", "install", "--offline", "--from", WHEEL, "stackctl", UV_TOOL_BIN_DIR=str(bins))
        self.assertIn("stackctl", place.run("stackctl", "--version"))
        place.run(TOOLS / "uv", "tool", "uninstall", "stackctl", UV_TOOL_BIN_DIR=str(bins))
        self.assertFalse((bins / "stackctl").exists())

    def test_run_without_an_installation(self):
        place = Place()
        self.assertIn("stackctl", place.run(TOOLS / "uvx", "--offline", "--from", WHEEL, "stackctl", "--version"))
        place.run(TOOLS / "uvx", "--offline", "--from", WHEEL, "stackctl", "nonsense", code=64)
