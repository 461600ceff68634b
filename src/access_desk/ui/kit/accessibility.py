"""Telling screen readers what changed, and the order in which Tab goes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Say a text aloud where a screen reader listens; silent everywhere else."""
    if not QAccessible.isActive() or not text:
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive if urgent else QAccessible.AnnouncementPoliteness.Polite)
    QAccessible.updateAccessibility(event)


def tab_order(widgets: Iterable[QWidget]) -> None:
    """Reading order for Tab and Enter."""
    for first, second in pairwise(widgets):
        QWidget.setTabOrder(first, second)
