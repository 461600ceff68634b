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
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)


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


@lru_cache(maxsize=512)
def _padded(name: str, color: str, size: int, after: int, ratio: float) -> QPixmap:
    wide = QPixmap(round((size + after) * ratio), round(size * ratio))
    wide.fill(Qt.GlobalColor.transparent)
    wide.setDevicePixelRatio(ratio)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, _pixmap(name, color, size, STROKE, ratio))
    painter.end()
    return wide


def icon(name: str, color: str, size: int = 16, after: int = 0) -> QIcon:
    """An icon for a button, with ``after`` empty pixels before the words: Qt itself leaves too few."""
    return QIcon(_padded(name, color, size, after, _ratio()))


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
