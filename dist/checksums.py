#!/usr/bin/env python3
"""Writes SHA256SUMS of the files of a folder, as sha256sum does: `dist/checksums.py FOLDER`."""

import hashlib
import sys
from pathlib import Path


def write_checksums(folder):
    lines = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != "SHA256SUMS":
            lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_checksums(Path(sys.argv[1]))
