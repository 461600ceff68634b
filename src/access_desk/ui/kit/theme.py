"""The design tokens as Qt knows them: fonts, palette, one style sheet. Fusion never follows the desktop's own colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QStyleFactory

from access_desk.ui.kit.icons import icon_file
from access_desk.ui.kit.qss import style_sheet
from access_desk.ui.kit.tokens import tokens
from access_desk.ui.kit.typeface import FAMILY, SCREEN_WEIGHTS, load_weight

HIGH_CONTRAST = "high-contrast"
THEMES = ("light", "dark", HIGH_CONTRAST)
_WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold}


@dataclass(frozen=True)
class Theme:
    """One theme's colours by token name, and the zoom in percent (90 to 150)."""

    name: str
    colors: Mapping[str, str]
    zoom: int = 100

    def color(self, token: str) -> QColor:
        """A colour by its token."""
        return QColor(self.colors[token])

    def font(self, style: str = "body", weight: int | None = None) -> QFont:
        """A font by its type style, in its own weight or another."""
        scale = tokens()["type"][style]
        font = QFont(FAMILY)
        font.setPointSizeF(scale["pt"] * self.zoom / 100)
        font.setWeight(_WEIGHTS[weight or scale["weight"]])
        return font

    def px(self, size: int) -> int:
        """A length of the design at this zoom."""
        return round(size * self.zoom / 100)


class ThemeKeeper(QObject):
    """The theme in use; ``changed`` tells widgets that paint themselves."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = make_theme("light")
        self._worn = ("", 0)
        self._hints: QStyleHints | None = None
        self._before = ""

    def use(self, name: str, zoom: int = 100) -> None:
        """Dress the whole application; dressed so already, it stays as it is."""
        if self._worn == (name, zoom):
            return
        self._worn = (name, zoom)
        for weight in SCREEN_WEIGHTS:
            load_weight(weight)
        zoom_before, self.theme = self.theme.zoom, make_theme(name, zoom)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyle(QStyleFactory.create("Fusion"))
            app.setPalette(_palette(self.theme))
            app.setFont(self.theme.font())
            colors = self.theme.colors
            files = {
                "chevron": icon_file("chevron-down", colors["text_secondary"]),
                "chevron_in_focus": icon_file("chevron-down", colors["on_focus"]),
                "checkmark": icon_file("check", colors["on_accent"], "3"),
            }
            app.setStyleSheet(style_sheet(colors, self.theme.px, tokens()["type"], zoom, files))
            if zoom != zoom_before:
                for widget in app.allWidgets():
                    # After the style sheet, which gives every widget back the font it was made with.
                    if callable(fit := getattr(widget, "fit_zoom", None)):
                        fit()
        self.changed.emit()

    def follow_contrast(self) -> None:
        """High contrast while the desktop asks for it, and back to what was worn before when it no longer does."""
        if self._hints is None:
            # Both are kept: the inner one goes with its outer one's Python side.
            self._hints = QGuiApplication.styleHints()
            self._contrast = self._hints.accessibility()
            self._contrast.contrastPreferenceChanged.connect(self.wear_contrast)
            self.wear_contrast(self._contrast.contrastPreference())

    def wear_contrast(self, preference: Qt.ContrastPreference) -> None:
        """What the desktop asks for now."""
        if preference is Qt.ContrastPreference.HighContrast:
            if self.theme.name != HIGH_CONTRAST:
                self._before = self.theme.name
                self.use(HIGH_CONTRAST, self.theme.zoom)
        elif self._before:
            before, self._before = self._before, ""
            self.use(before, self.theme.zoom)


def make_theme(name: str, zoom: int = 100) -> Theme:
    """A theme by its name: ``light``, ``dark`` or ``high-contrast``."""
    return Theme(name, tokens()["color"][name.replace("-", "_")], zoom)


@cache
def keeper() -> ThemeKeeper:
    """The one keeper of this process."""
    return ThemeKeeper()


def current() -> Theme:
    """The theme in use."""
    return keeper().theme


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "bg_app",
        QPalette.ColorRole.WindowText: "text_primary",
        QPalette.ColorRole.Base: "bg_surface",
        QPalette.ColorRole.AlternateBase: "bg_surface",
        QPalette.ColorRole.Text: "text_primary",
        QPalette.ColorRole.Button: "bg_surface",
        QPalette.ColorRole.ButtonText: "text_primary",
        QPalette.ColorRole.ToolTipBase: "bg_surface",
        QPalette.ColorRole.ToolTipText: "text_primary",
        QPalette.ColorRole.PlaceholderText: "text_muted",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.Link: "accent_text",
    }
    for role, token in roles.items():
        palette.setColor(role, theme.color(token))
    return palette
