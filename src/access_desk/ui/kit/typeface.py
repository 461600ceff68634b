"""The bundled typeface, made known to Qt weight by weight."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFontDatabase

from access_desk.ui.kit.resources import resource_folder

FAMILY = "IBM Plex Sans"
# Bold is for print, italics for nothing that is data: neither is loaded for the screen.
SCREEN_WEIGHTS = ("Regular", "Medium", "SemiBold")


@cache
def load_weight(weight: str) -> None:
    """Make one weight known to Qt, once per process."""
    QFontDatabase.addApplicationFont(str(resource_folder() / "fonts" / f"IBMPlexSans-{weight}.ttf"))
