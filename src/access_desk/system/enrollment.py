"""What a desk knows of the central it is enrolled with: `central.json` in its home. Nothing in it is secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.storage.durable_files import write_private

FORMAT: Final = "access-desk.enrollment/1"


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Which central, how it is recognized (its authority's certificate and that one's fingerprint), and what it gave.

    ``number`` is this desk's among all of central's; ``series`` says where its series of numbers begin. ``snapshot_key`` (hex)
    signs central's snapshots; blank when the desk enrolled with an earlier release: it follows the feed. ``also`` are the
    further facilities that it was enrolled for.
    """

    url: str
    authority: str
    fingerprint: str
    facility_id: str
    number: int
    series: Mapping[str, int] = field(default_factory=dict)
    snapshot_key: str = ""
    also: tuple[str, ...] = ()

    @property
    def facilities(self) -> tuple[str, ...]:
        """Every facility that the desk serves, the first one first."""
        return self.facility_id, *self.also


def enrollment_file(folder: Path) -> Path:
    """Where it lies."""
    return folder / "central.json"


def load_enrollment(folder: Path) -> Enrollment | None:
    """The desk's enrollment; None when it works by itself.

    Raises:
        DamagedDatabaseError: it cannot be understood.
        UnavailableError: it cannot be read.
    """
    path = enrollment_file(folder)
    try:
        found = json.loads(path.read_bytes())
        if found.pop("format") != FORMAT:
            raise ValueError(FORMAT)
        found["also"] = tuple(found.get("also", ()))
        return Enrollment(**found)
    except FileNotFoundError:
        return None
    except OSError as wrong:
        raise UnavailableError(f"{path} cannot be read ({wrong.strerror}). Nothing was changed.") from wrong
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise DamagedDatabaseError(f"{path} cannot be understood. Put it back from a copy of the folder.") from wrong


def keep_enrollment(folder: Path, enrollment: Enrollment) -> None:
    """Write it down, in one step. Raises UnavailableError."""
    path = enrollment_file(folder)
    try:
        write_private(path, (json.dumps({"format": FORMAT, **asdict(enrollment)}, indent=1) + "\n").encode())
    except OSError as wrong:
        raise UnavailableError(f"{path} cannot be written ({wrong.strerror}). The desk is not enrolled yet.") from wrong
