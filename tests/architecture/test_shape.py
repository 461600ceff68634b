"""Sizes, names and habits that a reader relies on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = sorted((ROOT / "src").rglob("*.py"))
EVERYTHING = SOURCE + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "tools").rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES = 500, 70
BANNED = {"manager", "helper", "helpers", "utils", "util", "handler", "handlers", "data", "info", "process", "common", "base"}
# Where imports may wait until they are needed, so that the window is painted first.
LATE_IMPORTERS = {"cli.py"}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_imports_keep_to_the_floors() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_package_stands_on_a_floor() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}
    floors = contracts["floors"]
    assert floors["exhaustive"] is True
    named = set(re.findall(r"\w+", " ".join(floors["layers"])))
    package = ROOT / "src" / "access_desk"
    there = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    assert there - {"__init__"} <= named
    # Who must not import a library is a list; a package that is added belongs into each of them but its own.
    for contract_id, owner in (("qt-in-ui", "ui"), ("sql-in-storage", "storage"), ("pdf-in-documents", "documents")):
        held = {name.removeprefix("access_desk.") for name in contracts[contract_id]["source_modules"]}
        assert there - {"__init__", owner} <= held


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in EVERYTHING
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in EVERYTHING
        for function in _functions(_tree(path))
        if (function.end_lineno or 0) - function.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_modules_have_names_of_the_trade() -> None:
    assert [str(path) for path in SOURCE if path.stem in BANNED or path.parent.name in BANNED] == []


def test_nothing_sleeps() -> None:
    sleeping = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in EVERYTHING
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "sleep"
    ]
    assert sleeping == []


def test_only_the_start_up_module_imports_late() -> None:
    late = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCE
        if path.name not in LATE_IMPORTERS
        for function in _functions(_tree(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


FIRST_PAINT = "first_paint.py"


def test_screens_show_names_as_text() -> None:
    """A bare QLabel or QMessageBox renders markup; the kit's own labels do not."""
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCE
        if "ui" in path.parts and "kit" not in path.parts and path.name != FIRST_PAINT
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"QLabel", "QMessageBox", "QToolTip.showText"}
    ]
    assert bare == []


def test_the_first_paint_shows_only_its_own_words() -> None:
    """Its labels are bare, because setting a text format costs a fifth of a start: so nothing but literals goes in."""
    (path,) = [path for path in SOURCE if path.name == FIRST_PAINT]
    calls = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
    made = [node for node in calls if ast.unparse(node.func) == "_label"]
    assert made
    assert all(isinstance(argument, ast.Constant) for node in made for argument in node.args)
    assert len([node for node in calls if ast.unparse(node.func) == "QLabel"]) == 1


def test_public_things_say_what_they_are() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCE
        for node in _tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"files\.pythonhosted\.org|pypi\.org/simple|registry\.npmjs\.org|deb\.debian\.org|--(extra-)?index-url",
        r"/(opt|work|root|home|tmp)/",
    ],
)
def test_no_tracked_file_names_a_registry_or_this_machine(pattern: str) -> None:
    here = Path(__file__).relative_to(ROOT).as_posix()
    found = subprocess.run(
        ["git", "grep", "-nIE", pattern, "--", ".", f":!{here}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if found.returncode not in (0, 1):
        pytest.skip("not a git checkout")
    assert found.stdout == ""


def test_licences_stand_beside_what_is_bundled() -> None:
    assert "SIL OPEN FONT LICENSE" in (ROOT / "resources/fonts/OFL.txt").read_text("utf-8").upper()
    assert "ISC" in (ROOT / "resources/icons/LICENSE").read_text("utf-8")
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert "LESSER GENERAL PUBLIC LICENSE" in (ROOT / "resources/licences/LGPL-3.0.txt").read_text("utf-8")


def test_every_icon_that_code_names_is_bundled() -> None:
    named = {
        keyword.value.value
        for path in SOURCE
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "icon" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    }
    assert {name for name in named if name and not (ROOT / "resources/icons" / f"{name}.svg").is_file()} == set()


def test_a_shell_script_can_be_run() -> None:
    for script in (".ci/run", "tools/setup.sh"):
        assert subprocess.run(["bash", "-n", script], cwd=ROOT, check=False).returncode == 0
        assert (ROOT / script).stat().st_mode & 0o111


def test_hashes_of_the_locks_are_complete() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        names = re.findall(r"^[A-Za-z0-9_.\-\[\]]+==\S+", text, re.MULTILINE)
        assert names
        assert text.count("--hash=sha256:") >= len(names)
