"""The one style sheet: fills, borders, radii and focus, from the tokens. Whatever has the keyboard is yellow, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Template
from typing import Any

LEAST_TARGET = 28
_SHEET = Template(
    """
QWidget { color: $text_primary; }
QMainWindow, QWidget#page, QWidget#pageBody, QStackedWidget#pages { background: $bg_app; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QToolTip { background: $bg_surface; color: $text_primary; border: 1px solid $border_strong; padding: 4px; }
QLabel { background: transparent; }
QLabel[tone="muted"] { color: $text_muted; }
QLabel[tone="secondary"] { color: $text_secondary; }
QLabel[tone="disabled"] { color: $text_disabled; }
QLabel[tone="accent"] { color: $accent_text; }
QLabel[tone="balanced"] { color: $balanced_fg; }
QLabel[tone="short"] { color: $short_fg; }
QLabel[tone="over"] { color: $over_fg; }
QLabel[tone="attention"] { color: $attention_fg; }
QLabel[tone="offline"] { color: $offline_fg; }
QLabel[tone="info"] { color: $info_fg; }
QLabel[tone="rail"] { color: $text_rail; }
QFrame[card="true"] { background: $bg_surface; border: 1px solid $border_subtle; border-radius: ${card}px; }
QFrame[card="sunken"] { background: $bg_sunken; border: 1px solid $border_subtle; border-radius: ${card}px; }
QFrame[band="balanced"] { background: $balanced_bg; border: 1px solid $balanced_bd; border-radius: ${card}px; }
QFrame[band="short"] { background: $short_bg; border: 1px solid $short_bd; border-radius: ${card}px; }
QFrame[band="over"] { background: $over_bg; border: 1px solid $over_bd; border-radius: ${card}px; }
QFrame[band="attention"] { background: $attention_bg; border: 1px solid $attention_bd; border-radius: ${card}px; }
QFrame[band="info"] { background: $info_bg; border: 1px solid $info_bd; border-radius: ${card}px; }
QFrame[band="offline"] { background: $offline_bg; border: 1px solid transparent; border-radius: ${card}px; }
QFrame[summary="true"] { background: $bg_surface; border: 2px solid $short_fg; border-radius: ${card}px; }
QFrame[summary="true"]:focus { background: $focus_fill; border: 2px solid $focus_ring; }
QFrame[rule="true"] { background: $border_subtle; border: none; max-height: 1px; min-height: 1px; }
QFrame#strip { background: $bg_surface; border: none; border-bottom: 1px solid $border_subtle; }
QFrame#keyBar { background: $bg_surface; border: none; border-top: 1px solid $border_subtle; }
QFrame#rail { background: $bg_rail; border: none; border-right: 1px solid $rail_edge; }
QFrame[over="true"] { background: $bg_app; border: none; border-left: 1px solid $border_strong; }
QFrame#tableHeader { background: $bg_sunken; border: none; border-bottom: 1px solid $border_subtle; }

QLineEdit, QPlainTextEdit, QComboBox {
  background: $bg_surface; color: $text_primary; border: 1px solid $border_control; border-radius: ${control}px;
  padding: 0 8px; min-height: ${field}px; selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit { padding: 4px 6px; }
/* A line of text has two pixels of its own beside its padding. */
QLineEdit { padding: 0 6px; }
QLineEdit[readOnly="true"], QLineEdit[blocked="true"] { background: $bg_sunken; color: $text_secondary; }
QLineEdit[kind="count"] { font-size: ${section_pt}pt; min-height: ${count}px; }
QLineEdit[kind="amount"] { font-size: ${amount_pt}pt; font-weight: 600; min-height: ${amount}px; padding: 0 12px; }
QLineEdit[kind="search"] { font-size: ${section_pt}pt; min-height: 40px; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"] {
  border: 2px solid $short_fg; padding: 0 7px;
}
QPlainTextEdit[invalid="true"] { padding: 3px 5px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {
  background: $focus_fill; color: $on_focus; border: 2px solid $focus_ring; padding: 0 7px;
  selection-background-color: $selection_in_focus; selection-color: $selected_in_focus;
}
QLineEdit:focus, QLineEdit[invalid="true"] { padding: 0 5px; }
QLineEdit[kind="amount"]:focus { padding: 0 11px; }
QPlainTextEdit:focus { padding: 3px 5px; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url("$chevron"); width: 14px; height: 14px; }
QComboBox::down-arrow:focus { image: url("$chevron_in_focus"); }
QComboBox QAbstractItemView {
  background: $bg_surface; color: $text_primary; border: 1px solid $border_control; outline: none;
  selection-background-color: $bg_selected; selection-color: $text_primary;
}

QPushButton {
  background: $bg_surface; color: $text_primary; border: 1px solid $border_control; border-radius: ${control}px;
  padding: 0 12px; min-height: ${button}px; font-weight: 500; text-align: center;
}
QPushButton:hover { background: $bg_hover; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; }
QPushButton[kind="danger"] { background: $danger_fill; color: $on_danger; border: 1px solid $danger_fill; font-weight: 600; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: $accent_text; }
QPushButton[kind="link"] {
  background: transparent; border: 1px solid transparent; color: $accent_text; text-decoration: underline;
  padding: 0 2px; min-height: 26px; text-align: left;
}
QPushButton[kind="problem"] {
  background: transparent; border: 1px solid transparent; color: $short_fg; text-decoration: underline;
  padding: 0 2px; min-height: 26px; text-align: left;
}
QPushButton[kind="quiet"]:hover, QPushButton[kind="link"]:hover, QPushButton[kind="problem"]:hover { background: $bg_hover; }
QPushButton[large="true"] { min-height: ${button_large}px; font-size: ${section_pt}pt; }
QPushButton[small="true"] { min-height: ${button_small}px; }
QPushButton[blocked="true"], QPushButton[blocked="true"]:hover, QPushButton[blocked="true"]:pressed {
  background: $bg_surface; color: $text_disabled; border: 1px solid $border_subtle;
}
QPushButton:checked, QPushButton:checked:hover { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton:focus, QPushButton:focus:hover, QPushButton:focus:pressed, QPushButton:focus:checked,
QPushButton[kind="primary"]:focus, QPushButton[kind="primary"]:focus:hover, QPushButton[kind="primary"]:focus:pressed,
QPushButton[kind="quiet"]:focus:hover, QPushButton[kind="link"]:focus:hover, QPushButton[kind="problem"]:focus:hover,
QPushButton[blocked="true"]:focus, QPushButton[blocked="true"]:focus:hover, QPushButton[blocked="true"]:focus:pressed {
  background: $focus_fill; color: $on_focus; border: 2px solid $focus_ring; padding: 0 11px;
}
QPushButton[kind="link"]:focus, QPushButton[kind="link"]:focus:hover,
QPushButton[kind="problem"]:focus, QPushButton[kind="problem"]:focus:hover { padding: 0 1px; }
QPushButton[segment="true"] { border-radius: 0; margin-left: -1px; }
QPushButton[segment="first"] { border-radius: 0; border-top-left-radius: 4px; border-bottom-left-radius: 4px; }
QPushButton[segment="last"] {
  border-radius: 0; border-top-right-radius: 4px; border-bottom-right-radius: 4px; margin-left: -1px;
}

QPushButton[strip="true"], QPushButton[railItem="true"] {
  border: none; border-radius: 0; background: transparent; padding: 0;
}
QPushButton[strip="true"]:focus { background: $focus_fill; border: 2px solid $focus_ring; }

QCheckBox { min-height: ${tick}px; }
QCheckBox { spacing: 8px; background: transparent; border: 2px solid transparent; border-radius: ${control}px; padding: 1px; }
QCheckBox:focus { background: $focus_fill; color: $on_focus; border: 2px solid $focus_ring; }
QCheckBox::indicator {
  width: 16px; height: 16px; border: 1px solid $border_control; border-radius: 3px; background: $bg_surface;
}
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent; image: url("$checkmark"); }

QTableView, QListView {
  background: $bg_surface; border: none; gridline-color: transparent; outline: none;
  selection-background-color: transparent; selection-color: $text_primary;
}
QHeaderView { background: $bg_sunken; border: none; }
QHeaderView::section {
  background: $bg_sunken; color: $text_secondary; border: none; border-bottom: 1px solid $border_subtle;
  padding: 0 11px; font-size: ${label_pt}pt; font-weight: 500; min-height: ${table_header}px;
}
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $border_strong; border-radius: 4px; min-height: 32px; margin: 1px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $border_strong; border-radius: 4px; min-width: 32px; margin: 1px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QFrame#dialog { background: $bg_surface; border: 1px solid $border_strong; border-radius: ${dialog}px; }
QFrame#toast { background: $bg_surface; border: 1px solid $border_strong; border-radius: ${card}px; }
QFrame#toast[tone="short"] { border: 1px solid $short_bd; }
QFrame#toast[tone="attention"] { border: 1px solid $attention_bd; }
QProgressBar { background: $chart_track; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""
)


def style_sheet(
    colors: Mapping[str, str],
    px: Callable[[int], int],
    scale: Mapping[str, Any],
    zoom: int,
    icons: Mapping[str, str] | None = None,
) -> str:
    """The style sheet of a theme at a zoom; ``icons`` are files of the chevron and the check mark in its colours."""
    icons = icons or {}
    high_contrast = colors["bg_app"] == "#000000"
    return _SHEET.substitute(
        colors,
        card=6,
        control=4,
        dialog=8,
        field=px(30),
        count=px(32),
        amount=px(54),
        button=px(32),
        button_large=px(42),
        tick=max(px(22), LEAST_TARGET - 6),
        button_small=max(px(26), LEAST_TARGET - 2),
        table_header=px(28),
        section_pt=scale["section"]["pt"] * zoom / 100,
        amount_pt=scale["amount"]["pt"] * zoom / 100,
        label_pt=scale["label"]["pt"] * zoom / 100,
        rail_edge="#FFFFFF" if high_contrast else colors["bg_rail"],
        selection_in_focus=colors["on_focus"],
        selected_in_focus=colors["focus_fill"],
        chevron=icons.get("chevron", ""),
        chevron_in_focus=icons.get("chevron_in_focus", ""),
        checkmark=icons.get("checkmark", ""),
    )
