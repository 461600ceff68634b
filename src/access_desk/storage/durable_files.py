"""Writing files whole or not at all, and keeping them through a power cut."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import Final

_COPIED_AT_ONCE: Final = 1 << 20


def write_private(path: Path, content: bytes) -> None:
    """Replace a small file in one step, readable by its owner only.

    Raises:
        OSError: it could not be written; what was there before is untouched.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(beside, "wb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def put_in_place(beside: Path, path: Path) -> None:
    """Rename a file that is durable already over another in the same folder, durably. Raises OSError."""
    beside.replace(path)
    sync_folder(path.parent)


def copy_durably(source: Path, target: Path) -> None:
    """Copy a file, readable by its owner only, and make the copy's content durable. Raises OSError."""
    with source.open("rb") as old, open(target, "wb", opener=_private) as new:
        shutil.copyfileobj(old, new, _COPIED_AT_ONCE)
        new.flush()
        os.fsync(new.fileno())


def sync_file(path: Path) -> None:
    """Make a file's content durable. Raises OSError."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable, where the system has such a thing. Raises OSError."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
