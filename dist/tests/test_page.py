"""docs/five-minutes.md with the wheel: a new Vite project signs in and uploads in Chromium, without Rust."""

import os
import sys
import unittest

from place import OUT, ROOT, Place

[WHEEL] = OUT.glob("stackctl-*.whl")


class Page(unittest.TestCase):
    def test_a_new_vite_project_signs_in_and_uploads(self):
        place = Place()
        place.run(sys.executable, "-m", "venv", "v")
        place.run("v/bin/pip", "install", "--quiet", "--no-index", WHEEL)
        place.forget_calls()
        chromium = {it: os.environ[it] for it in ["CHROMIUM"] if it in os.environ}
        said = place.run("node", ROOT / "web/tests/run", place.folder / "v/bin/stackctl", "start.test.mjs", **chromium)
        self.assertIn("✔ a new Vite project without Rust signs in and uploads", said)
        self.assertEqual(place.called(), "", "no compiler is needed")
