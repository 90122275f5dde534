#!/usr/bin/env python3
"""Writes licences.txt, which `stackctl version -v` prints: the crates that are compiled into stackctl and into the functions
inside it, by licence. With --check it only compares. `make audit` checks it, and `make licences` renews it."""

import pathlib
import subprocess
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE / "licences.txt"
LAMBDA = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]
# What is built, its name, and the platforms it is built for.
PARTS = [
    ("stackctl", "the program", ["all"]),
    ("presign", "the function presign", LAMBDA),
    ("webhook", "the function webhook", LAMBDA),
]


def crates(package, platforms):
    """The name, version and licence of each crate that is linked; the project's own are left out."""
    command = ["cargo", "tree", "--locked", "--package", package, "--edges", "normal,no-proc-macro"]
    command += [it for platform in platforms for it in ("--target", platform)]
    command += ["--prefix", "none", "--format", "{p}|{l}"]
    output = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = set()
    for line in output.splitlines():
        crate, _, licence = line.removesuffix(" (*)").partition("|")
        if line and "(/" not in crate and "(proc-macro)" not in crate:
            name, version = crate.split()[:2]
            licence = " ".join(licence.removesuffix(" (*)").replace("/", " OR ").split())
            found.add((name, version.removeprefix("v"), licence))
    assert found, f"cargo tree lists nothing for {package}"
    return found


def page():
    text = "stackctl and Rust's standard library are under MIT OR Apache-2.0. Each crate's source has the text of its licence.\n"
    for package, name, platforms in PARTS:
        text += f"\nIn {name}:\n"
        by_licence = {}
        for crate, version, licence in sorted(crates(package, platforms)):
            by_licence.setdefault(licence, []).append(f"{crate} {version}".replace(" ", "\u00a0"))
        for licence, names in sorted(by_licence.items()):
            lines = textwrap.wrap(
                ", ".join(names), 100, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
            )
            lines = "\n".join(lines).replace("\u00a0", " ")
            text += f"  {licence}\n{lines}\n"
    return text


if "--check" in sys.argv[1:]:
    if PAGE.read_text() != page():
        sys.exit(f"{PAGE} is not what Cargo.lock says: run `make licences`, and read the difference")
else:
    PAGE.write_text(page())
