"""Fields: what is typed stays, what is read from it is exact, and the keyboard is shown in yellow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from access_desk.domain.money import ZERO, Money
from access_desk.ui.kit.cards import column
from access_desk.ui.kit.fields import CheckRow, Combo, CountBox, Field, LineEdit, MoneyEdit, PinEdit, TextArea
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.theme import THEMES, current, keeper
from tests.ui.kit_stage import show

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
HOSTILE = ["<b>Robert</b>", "&amp; <img src=x>", "=1+1", "Nguyễn", "\u202egnp.exe", "a\x00b", "x" * 10_000, "محمد"]


def _beside(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    whole = QWidget()
    whole.setLayout(column(*widgets))
    show(qtbot, whole)
    return whole


@pytest.mark.parametrize(
    ("typed", "amount", "shown"),
    [
        ("120", Money(12_000), "120.00"),
        ("43.6", Money(4_360), "43.60"),
        (".5", Money(50), "0.50"),
        ("1,361", Money(136_100), "1,361.00"),
        ("0", ZERO, "0.00"),
        ("", None, ""),
    ],
)
def test_money_is_read_as_it_is_typed_and_shown_with_two_decimals(
    qtbot: QtBot, typed: str, amount: Money | None, shown: str
) -> None:
    edit, other = MoneyEdit(name="amount", label="Amount"), LineEdit(name="other", label="Other")
    _beside(qtbot, edit, other)
    edit.setFocus()
    qtbot.keyClicks(edit, typed)
    assert edit.text() == typed
    other.setFocus()
    assert (edit.money(), edit.text(), edit.problem()) == (amount, shown, "")
    assert edit.alignment() & Qt.AlignmentFlag.AlignRight


@pytest.mark.parametrize("typed", ["1.234", "12x", "--5", "1e5", "$", "NaN", "99999999999"])
def test_money_that_cannot_be_read_stays_as_typed(qtbot: QtBot, typed: str) -> None:
    edit, other = MoneyEdit(name="amount", label="Amount"), LineEdit(name="other", label="Other")
    _beside(qtbot, edit, other)
    edit.setFocus()
    qtbot.keyClicks(edit, typed)
    assert not edit.property("invalid")  # never while typing
    other.setFocus()
    assert (edit.text(), edit.money()) == (typed, None)
    assert edit.problem()
    assert edit.property("invalid")


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [("12", 12), ("12+8", 20), (" 12 + 8 ", 20), ("0", 0), ("", None), ("1.5", None), ("12+", None), ("x", None)],
)
def test_count_boxes_take_numbers_and_sums(qtbot: QtBot, typed: str, pieces: int | None) -> None:
    box = CountBox(name="twenties", label="$20")
    show(qtbot, box)
    qtbot.keyClicks(box, typed)
    assert box.pieces() == pieces
    assert box.text() == typed


def test_arriving_by_keyboard_selects_all_and_a_click_does_not(qtbot: QtBot) -> None:
    first, second = LineEdit(name="first", label="First"), LineEdit(name="second", label="Second")
    _beside(qtbot, first, second)
    second.show_text("Vega")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.selectedText() == "Vega"
    first.setFocus()
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    assert second.selectedText() == ""


def test_painting_tells_nobody_and_typing_tells_once(qtbot: QtBot) -> None:
    edit, heard = LineEdit(name="name", label="Name"), list[object]()
    edit.typed.connect(heard.append)
    show(qtbot, edit)
    edit.setFocus()
    edit.show_text("Vega")
    assert heard == []
    qtbot.keyClicks(edit, "x")
    assert heard == ["Vegax"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(qtbot: QtBot, text: str) -> None:
    label, edit = PlainLabel(text), LineEdit(name="name", label=text)
    _beside(qtbot, label, edit)
    assert label.textFormat() is Qt.TextFormat.PlainText
    edit.show_text(text)
    assert len(edit.text()) == len(text)
    assert "\x00" not in label.text()
    assert "\u202e" not in label.text()


def test_a_problem_is_said_below_the_field_and_to_the_screen_reader(qtbot: QtBot) -> None:
    edit = LineEdit(name="phone", label="Phone")
    field = Field("Emergency contact phone", edit, optional=True)
    show(qtbot, field)
    field.show_problem("Enter 10 digits. 9 are typed.")
    assert edit.accessibleDescription() == "Enter 10 digits. 9 are typed."
    assert edit.property("invalid")
    field.show_problem("")
    assert edit.accessibleDescription() == ""
    assert not edit.property("invalid")


def test_a_note_counts_its_letters_and_cuts_nothing(qtbot: QtBot) -> None:
    note = TextArea(name="note", label="Note", most=5)
    field = Field("Note", note)
    show(qtbot, field)
    hints = [label.text() for label in field.findChildren(PlainLabel)]
    assert "0 of 5" in hints
    note.show_text("longer than that")
    assert "16 of 5" in [label.text() for label in field.findChildren(PlainLabel)]
    assert note.toPlainText() == "longer than that"
    qtbot.keyClick(note, Qt.Key.Key_Tab)


def test_a_list_keeps_its_value_when_other_choices_come(qtbot: QtBot) -> None:
    combo, heard = Combo(name="state", label="State", choices=[("OH", "Ohio"), ("TX", "Texas")]), list[object]()
    combo.chosen.connect(heard.append)
    show(qtbot, combo)
    combo.show_value("TX")
    combo.set_choices([("TX", "Texas"), ("KY", "Kentucky")])
    assert combo.value() == "TX"
    combo.set_choices([("KY", "Kentucky")])
    assert combo.value() is None
    assert heard == []
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert heard == ["KY"]


def test_space_ticks_and_enter_goes_on(qtbot: QtBot) -> None:
    tick, heard = CheckRow("Copay today", name="copay"), list[object]()
    tick.ticked.connect(heard.append)
    show(qtbot, tick)
    tick.setFocus()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    qtbot.keyClick(tick, Qt.Key.Key_Return)
    assert heard == [True]


def test_a_pin_is_never_readable(qtbot: QtBot) -> None:
    pin, heard = PinEdit(name="pin"), list[object]()
    pin.entered.connect(heard.append)
    show(qtbot, pin)
    qtbot.keyClicks(pin, "402913")
    assert pin.displayText() != "402913"
    qtbot.keyClick(pin, Qt.Key.Key_Return)
    assert heard == ["402913"]


@pytest.mark.parametrize("theme", THEMES)
def test_what_has_the_keyboard_is_filled_and_nothing_else_is(qtbot: QtBot, theme: str) -> None:
    first, second = LineEdit(name="first", label="First"), LineEdit(name="second", label="Second")
    whole = _beside(qtbot, first, second)
    keeper().use(theme)
    first.setFocus()
    QApplication.processEvents()
    picture = whole.grab().toImage()

    def middle(edit: LineEdit) -> str:
        place = edit.geometry().center()
        return picture.pixelColor(place).name().upper()

    assert middle(first) == current().colors["focus_fill"].upper()
    assert middle(second) == current().colors["bg_surface"].upper()
    keeper().use("light")


def test_high_contrast_comes_and_goes_with_the_desktops(qtbot: QtBot) -> None:
    _beside(qtbot, LineEdit(name="name", label="Name"))
    keeper().use("dark", 110)
    keeper().wear_contrast(Qt.ContrastPreference.HighContrast)
    assert (current().name, current().zoom) == ("high-contrast", 110)
    keeper().wear_contrast(Qt.ContrastPreference.HighContrast)
    keeper().wear_contrast(Qt.ContrastPreference.NoPreference)
    assert (current().name, current().zoom) == ("dark", 110)
    keeper().wear_contrast(Qt.ContrastPreference.NoPreference)
    assert current().name == "dark"
    keeper().use("light")


def test_zoom_makes_type_larger_where_it_stands(qtbot: QtBot) -> None:
    label, edit = PlainLabel("Name"), LineEdit(name="name", label="Name")
    _beside(qtbot, label, edit)
    before = label.font().pointSizeF(), edit.height()
    keeper().use("light", 150)
    QApplication.processEvents()
    assert label.font().pointSizeF() == pytest.approx(before[0] * 1.5)
    assert edit.sizeHint().height() > before[1]
    keeper().use("light", 100)
