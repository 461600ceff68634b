"""Lucide icons, coloured from tokens and rendered per device pixel ratio; each colour and size is rendered once."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from access_desk.ui.kit.resources import resource_folder

STROKE = "1.9"


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    return (resource_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _ratio() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen else 1.0


def pixmap(name: str, color: str, size: int, stroke: str = STROKE) -> QPixmap:
    """An icon of ``size`` logical pixels. Raises FileNotFoundError for an icon that is not bundled."""
    return _pixmap(name, color, size, stroke, _ratio())


@lru_cache(maxsize=1024)
def _pixmap(name: str, color: str, size: int, stroke: str, ratio: float) -> QPixmap:
    svg = _svg(name).replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    rendered = QPixmap(round(size * ratio), round(size * ratio))
    rendered.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rendered)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    rendered.setDevicePixelRatio(ratio)
    return rendered


def icon(name: str, color: str, size: int = 16) -> QIcon:
    """An icon for a button."""
    return QIcon(pixmap(name, color, size))


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    # Kept by the cache, so that it goes when the program ends.
    return tempfile.TemporaryDirectory(prefix="access-desk-icons-")


@lru_cache(maxsize=32)
def icon_file(name: str, color: str, stroke: str = STROKE) -> str:
    """A coloured icon as a file, for style sheets, which take no other."""
    path = Path(_folder().name) / f"{name}-{color.lstrip('#')}.svg"
    svg = _svg(name).replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    path.write_text(svg, encoding="utf-8")
    return path.as_posix()
