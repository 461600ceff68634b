"""What this computer has and lacks for the program, each with the command that mends it."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

SPACE_NEEDED_BYTES = 500 * 1024 * 1024
# Shared library -> the Debian package that brings it.
_ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "GL": "libgl1",
        "EGL": "libegl1",
        "xkbcommon": "libxkbcommon0",
        "fontconfig": "libfontconfig1",
        "freetype": "libfreetype6",
        "dbus-1": "libdbus-1-3",
        "glib-2.0": "libglib2.0-0",
    }
)
_WITH_DISPLAY: Mapping[str, str] = MappingProxyType(
    {
        "xkbcommon-x11": "libxkbcommon-x11-0",
        "xcb-cursor": "libxcb-cursor0",
        "xcb-icccm": "libxcb-icccm4",
        "xcb-keysyms": "libxcb-keysyms1",
        "xcb-shape": "libxcb-shape0",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``mend`` is a command or an instruction, blank when all is well."""

    what: str
    is_well: bool
    says: str
    mend: str = ""
    is_needed: bool = True


def display_libraries(find: Callable[[str], str | None] = ctypes.util.find_library) -> list[Finding]:
    """The libraries that Qt loads; on a screen it needs some more than offscreen."""
    if not _is_linux():
        return []
    wanted = {**_ALWAYS, **(_WITH_DISPLAY if has_display() else {})}
    missing = {library: package for library, package in wanted.items() if find(library) is None}
    if not missing:
        return [Finding("display libraries", is_well=True, says=f"{len(wanted)} found")]
    return [
        Finding(
            "display libraries",
            is_well=False,
            says="missing: " + ", ".join(sorted(missing)),
            mend="apt-get install --yes " + " ".join(sorted(missing.values())),
        )
    ]


def has_display() -> bool:
    """Whether windows can be shown."""
    return not _is_linux() or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _is_linux() -> bool:
    return sys.platform.startswith("linux")


def time_zones() -> Finding:
    """Facilities live in time zones."""
    known = len(zoneinfo.available_timezones())
    return Finding("time zones", is_well=known > 0, says=f"{known} known", mend="" if known else "pip install tzdata")


def space(home: Path) -> Finding:
    """Room for the desk's file, its backups and its papers."""
    there = home
    while not there.exists() and there != there.parent:
        there = there.parent
    free = shutil.disk_usage(there).free
    is_well = free >= SPACE_NEEDED_BYTES
    mend = "" if is_well else f"free some space on the disk of {there}: 500 MB are needed"
    return Finding("disk space", is_well, f"{free // (1024 * 1024)} MB free for {home}", mend)


def printing() -> Finding:
    """The system's print commands; papers can be saved as PDF without them."""
    found = shutil.which("lp") or shutil.which("lpr")
    if not _is_linux():
        return Finding("printing", is_well=True, says="through the system's print dialog")
    mend = "" if found else "apt-get install --yes cups-client"
    says = f"{found} found" if found else "no print command; papers can still be saved as PDF"
    return Finding("printing", bool(found), says, mend, is_needed=False)
