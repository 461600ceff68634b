"""Cold start to a painted sign-in form, against a bare QMainWindow in a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figures import Figure

RUNS = 9
_BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
from PySide6.QtCore import QTimer
app = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
app.processEvents()
window.grab()
sys.stdout.write("painted\\n"); sys.stdout.flush()
"""
_OURS = """
import os, sys
from access_desk.cli import main
from access_desk.ui.start import Start
def painted(start):
    sys.stdout.write("painted\\n"); sys.stdout.flush()
    os._exit(0)
# The whole command as it is started at a desk, until the form was painted and the rest would be loaded.
Start.load = painted
main(["--home", sys.argv[1]])
"""


def _run(code: str, folder: Path) -> float:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # An installed program has its bytecode; a test run that forbids writing it would compile every module anew.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=variables
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"painted\n"
        taken = time.perf_counter() - begun
        child.kill()
    return taken


def measure(folder: Path) -> list[Figure]:
    """Medians of cold processes, in turns."""
    _run(_BARE, folder)
    _run(_OURS, folder)
    bare, ours = [], []
    for _ in range(RUNS):
        bare.append(_run(_BARE, folder))
        ours.append(_run(_OURS, folder))
    a, b = statistics.median(ours), statistics.median(bare)
    detail = f"{a * 1000:.0f} ms against {b * 1000:.0f} ms"
    return [Figure("cold start to a painted sign-in form", a / b, 1.5, "a bare QMainWindow process", detail)]
