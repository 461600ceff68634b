"""``python -m tests.bench``: measures, prints a table, and writes it down when asked."""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import Figure

NAMES = ("payment", "start", "keys", "sheet", "day", "index", "central", "feed", "storm", "peer", "wire")
HEADER = """# Performance

What is measured with `make bench` (`python -m tests.bench`), every figure a ratio in one run with its floor or peer
in turns. Times move with the machine; ratios are what counts. Measured on two shared cores, Debian 12, Python 3.11.

| what | ratio | goal | met | against | detail |
|---|---|---|---|---|---|
"""


def main() -> int:
    """Measure; the status says nothing, a figure is for reading."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], default=[])
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="access-desk-bench-", dir=Path.cwd() / "build" if Path("build").is_dir() else None))
    figures: list[Figure] = []
    try:
        for name in arguments.names or NAMES:
            figures += importlib.import_module(f"tests.bench.{name}").measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table = HEADER + "".join(f"{figure.line}\n" for figure in figures)
    sys.stdout.write(table)
    if arguments.write:
        kept = arguments.write.read_text("utf-8") if arguments.write.exists() else ""
        _, marker, campaigns = kept.partition("\n## Campaigns")
        arguments.write.write_text(table + marker + campaigns, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
