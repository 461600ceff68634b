"""The wheel carries everything it needs and starts in an empty environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but the wheel, which sees the locked dependencies of the running one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    wheel = next(folder.glob("*.whl"))
    environment = folder / "env"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, timeout=300)
    # Behind the wheel's own folder, so that the checkout is not found first.
    (site / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return environment


def _run(environment: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    variables.pop("PYTHONPATH", None)
    command = [str(environment / "bin" / "access-desk"), *arguments]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, timeout=300, check=False)


def test_the_installed_program_is_the_wheels_own(installed: Path, tmp_path: Path) -> None:
    code = "import access_desk; print(access_desk.__file__)"
    python = installed / "bin" / "python"
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run([python, "-c", code], cwd=tmp_path, env=variables, capture_output=True, text=True, check=True)
    assert str(installed) in found.stdout


def test_it_says_how_it_is_used(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "example:" in done.stdout


def test_it_plays_the_demo_day_and_prints_its_papers(installed: Path, tmp_path: Path) -> None:
    day = ROOT / "resources" / "demo" / "demo-day.json"
    done = _run(installed, "play", str(day), "--out", str(tmp_path / "papers"), "--json", "-", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["ledger"]["sum"] == "0.00"
    assert {path.name for path in (tmp_path / "papers").iterdir()} == set(result["documents"])


def test_its_window_opens(installed: Path, tmp_path: Path) -> None:
    """A new practice desk's window, painted with the wheel's own fonts, icons and design tokens."""
    code = (
        "from pathlib import Path\n"
        "from access_desk.ui.start import application\n"
        "from access_desk.ui.shell.window import ShellWindow\n"
        "from access_desk.ui.kit.resources import resource_folder\n"
        "qt = application()\n"
        "window = ShellWindow()\n"
        "window.show()\n"
        "qt.processEvents()\n"
        "print(resource_folder(), window.isVisible(), window.grab().isNull())\n"
    )
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    variables.pop("PYTHONPATH", None)
    python = installed / "bin" / "python"
    opened = subprocess.run(
        [python, "-c", code], cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120, check=False
    )
    assert opened.returncode == 0, opened.stderr
    folder, visible, blank = opened.stdout.split()
    assert folder.startswith(str(installed))
    assert (visible, blank) == ("True", "False")


def test_wrong_use_is_one_line(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, "play", "no-such-file.json", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
