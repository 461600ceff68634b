"""The right side of Register: what is missing, what is owed, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from access_desk.presentation.coverage_fields import CLEARANCE
from access_desk.presentation.registration_drafts import RegistrationState
from access_desk.presentation.registration_state import Missing, Owed
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Card, Figures, column, row, rule
from access_desk.ui.kit.labels import Chip, IconLabel, KeyCap, PlainLabel
from access_desk.ui.kit.theme import current

MOST_MISSING, FORMS = 5, "forms"
# What the page needs besides the list, and how high its lines are, at the reference height.
BESIDE_LIST, MISSING_LINE, CLEAR_LINE, MORE_LINE = 574, 43, 30, 22


@dataclass(frozen=True, slots=True)
class _Later:
    """A line of what filing does not wait for."""

    key: str
    section: int
    label: str
    text: str


def _empty(lines: QVBoxLayout) -> None:
    while (item := lines.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


class MissingCard(Card):
    """Before you file: every missing thing, each leading to its field."""

    def __init__(self, go_to: Callable[[str], object]) -> None:
        self._chip = Chip("", "attention")
        super().__init__("Before you file", name="registerMissing", aside=self._chip)
        self._go_to = go_to
        # How many pixels the banner and what is told above the page take more than usual.
        self.taken = 0
        self._shown: tuple[Missing, ...] | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self._complete = PlainLabel("", tone="secondary")
        self._complete.setWordWrap(True)
        self._complete_row = QWidget()
        done = row(IconLabel("circle-check", token="balanced_fg"), spacing=8)
        done.addWidget(self._complete, 1)
        self._complete_row.setLayout(column(rule(), done, spacing=8))
        self._clear = QVBoxLayout()
        self._clear.setSpacing(6)
        self._clear_box = QWidget()
        self._clear_box.setLayout(column(rule(), PlainLabel("Filing does not wait for", style="caption", tone="muted")))
        self._shown_clear: tuple[tuple[_Later, ...], int] | None = None
        self.body.addLayout(self._lines)
        self.body.addWidget(self._clear_box)
        self.body.addLayout(self._clear)
        self.body.addWidget(self._complete_row)

    def show_state(self, state: RegistrationState) -> None:
        """Paint it."""
        count = len(state.missing)
        self._chip.show_state(f"{count} missing" if count else "Ready to file", "attention" if count else "done")
        done = [one.title for one in state.sections if one.status == "complete"]
        verb = "complete" if len(done) > 1 else "is complete"
        self._complete.say(f"{', '.join(done)} {verb}")
        self._complete_row.setVisible(bool(done))
        self._show_clear(state)
        if state.missing == self._shown:
            return
        self._shown = state.missing
        _empty(self._lines)
        for one in state.missing[:MOST_MISSING]:
            self._lines.addWidget(self._line(one))
        if count > MOST_MISSING:
            self._lines.addWidget(PlainLabel(f"and {count - MOST_MISSING} more", style="caption", tone="muted"))

    def links(self) -> list[QWidget]:
        """The ways to what is missing, from the top."""
        lines = [layout.itemAt(place) for layout in (self._lines, self._clear) for place in range(layout.count())]
        widgets = [item.widget() for item in lines if item is not None]
        return [link for one in widgets if one is not None for link in one.findChildren(KeyButton)]

    def _show_clear(self, state: RegistrationState) -> None:
        known = {one.label for one in state.missing}
        forms = [_Later(FORMS, 0, "Forms", forms_text(state.forms))] if state.forms else []
        clearing = [_Later(one.key, CLEARANCE, one.label, one.text) for one in state.clearance.to_clear if one.label not in known]
        errors = [_Later(one.key, one.section, one.label, one.text) for one in state.advice if one.is_error]
        warnings = [_Later(one.key, one.section, one.label, one.text) for one in state.advice if not one.is_error]
        to_clear = (*forms, *errors, *clearing, *warnings)
        shown = min(len(state.missing), MOST_MISSING)
        owed = max(0, len(state.owed.lines) - 1) + bool(state.owed.later)
        height = self.window().height() / current().px(1)
        room = int(height - self.taken / current().px(1)) - BESIDE_LIST - MISSING_LINE * shown - MORE_LINE * (owed + bool(shown))
        most = max(0, room // CLEAR_LINE)
        if len(to_clear) > most:
            most = max(0, (room - MORE_LINE) // CLEAR_LINE)
        if (to_clear, most) == self._shown_clear:
            return
        self._shown_clear = (to_clear, most)
        # What stops filing comes first: where there is no room, the rest is one line.
        self._clear_box.setVisible(bool(to_clear) and most > 0)
        _empty(self._clear)
        for one in to_clear[:most]:
            self._clear.addWidget(self._clear_line(one))
        if len(to_clear) > most:
            text = f"and {len(to_clear) - most} more" if most else f"and {len(to_clear)} that filing does not wait for"
            self._clear.addWidget(PlainLabel(text, style="caption", tone="muted"))

    def _clear_line(self, one: _Later) -> QWidget:
        line = QWidget()
        link = KeyButton(one.label, name=f"clear_{one.key}", kind="link", on_press=lambda: self._go_to(one.key))
        link.setAccessibleDescription(one.text)
        layout = row(spacing=6)
        layout.addWidget(link)
        layout.addWidget(PlainLabel(one.text, style="caption", tone="secondary", elide=True), 1)
        layout.addWidget(KeyCap(f"Alt {one.section}" if one.section else "Shift F8"))
        line.setLayout(layout)
        return line

    def _line(self, one: Missing) -> QWidget:
        line = QWidget()
        link = KeyButton(one.label, name=f"missing_{one.key}", kind="link", on_press=lambda: self._go_to(one.key))
        text = column(link, PlainLabel(one.detail, style="caption", tone="secondary", elide=True), spacing=0)
        layout = row(spacing=6)
        layout.addLayout(text, 1)
        layout.addWidget(KeyCap(f"Alt {one.section}"))
        line.setLayout(layout)
        return line


class FormsCard(Card):
    """What a visit that was just filed still needs: the forms, by name, and the way to them."""

    def __init__(self, open_forms: Callable[[], object]) -> None:
        self._chip = Chip("", "attention")
        super().__init__("Forms", name="registerForms", aside=self._chip)
        self._titles = PlainLabel("", tone="secondary")
        self._titles.setWordWrap(True)
        self.open = KeyButton("Forms", "Shift F8", name="registerOpenForms", icon_name="file-check", on_press=open_forms)
        self.body.addWidget(self._titles)
        self.body.addWidget(self.open)

    def show_forms(self, forms: Sequence[str]) -> None:
        """Paint it."""
        self._chip.show_state(f"{len(forms)} to do" if forms else "All done", "attention" if forms else "done")
        self._titles.say("\n".join(forms) or "Every form that this visit needs is done.")


def forms_text(forms: Sequence[str]) -> str:
    """``5 to do: Consent to treatment, …`` on one line."""
    return f"{len(forms)} to do: {', '.join(forms)}"


class OwedCard(Card):
    """Owed today; while money may not be asked for, it says so and shows no sum."""

    def __init__(self) -> None:
        super().__init__("Owed today", name="registerOwed")
        self._figures = Figures(name="registerOwedLines")
        self._due = PlainLabel("", style="money")
        self._due_row = QWidget()
        self._due_row.setLayout(row(PlainLabel("Due today", weight=600), 1, self._due))
        self._later = PlainLabel("", style="label", tone="muted")
        self._later_row = QWidget()
        self._later_row.setLayout(row(PlainLabel("Billed later, estimate", style="label", tone="muted"), 1, self._later))
        self._note = PlainLabel("", tone="secondary")
        self._note.setWordWrap(True)
        for widget in (self._figures, rule(), self._due_row, self._later_row, self._note):
            self.body.addWidget(widget)

    def show_owed(self, owed: Owed) -> None:
        """Paint it."""
        self._figures.show_lines([(line.label, line.amount.dollars()) for line in owed.lines])
        self._figures.setVisible(bool(owed.lines))
        self._due_row.setVisible(owed.due is not None)
        self._due.say(owed.due.dollars() if owed.due is not None else "")
        self._later_row.setVisible(bool(owed.later) and owed.due is not None)
        self._later.say(owed.later.dollars())
        self._note.say(owed.note)
        self._note.setVisible(bool(owed.note))


class RegisterSide(QWidget):
    """The whole right side."""

    def __init__(
        self,
        go_to: Callable[[str], object],
        file: Callable[[], object],
        pay: Callable[[], object],
        park: Callable[[], object],
        discard: Callable[[], object],
        open_forms: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setObjectName("registerSide")
        self.missing = MissingCard(lambda key: open_forms() if key == FORMS else go_to(key))
        self.forms = FormsCard(open_forms)
        self.owed = OwedCard()
        self.file = KeyButton(
            "File registration", "F12", name="registerFile", kind="primary", icon_name="check", large=True, on_press=file
        )
        self.pay = KeyButton("Take payment", "F8", name="registerPay", icon_name="hand-coins", on_press=pay)
        self.park = KeyButton("Park", "Shift F7", name="registerPark", icon_name="square-parking", on_press=park)
        self.discard = KeyButton("Discard…", name="registerDiscard", on_press=discard)
        below = row(spacing=8)
        below.addWidget(self.park, 1)
        below.addWidget(self.discard, 1)
        self.setLayout(column(self.missing, self.forms, self.owed, self.file, self.pay, below, 1, spacing=10))

    def stops(self) -> list[QWidget]:
        """Where the keyboard stops, from the top."""
        return [*self.missing.links(), self.forms.open, self.file, self.pay, self.park, self.discard]

    def show_state(self, state: RegistrationState) -> None:
        """Paint it."""
        self.missing.show_state(state)
        self.missing.setVisible(state.phase != "filed")
        self.forms.show_forms(state.forms)
        self.forms.setVisible(state.phase == "filed")
        self.owed.show_owed(state.owed)
        is_visit = bool(state.form and state.form.visit_id)
        is_filed = state.phase == "filed"
        self.file.say("Find the next patient" if is_filed else "File changes" if is_visit else "File registration")
        self.file.set_busy(state.phase == "filing")
        self.park.setVisible(not is_filed)
        self.discard.setVisible(not is_filed)
        self.pay.set_blocked(pay_blocked(state))


def pay_blocked(state: RegistrationState) -> str:
    """Why no payment can be taken from here now; blank when one can."""
    if state.owed.due is None:
        return state.owed.note
    if state.filed is None and not (state.form and state.form.visit_id):
        return "File the registration first, F12: a payment belongs to a visit."
    return ""


def shown_alerts(alerts: Sequence[str]) -> list[Chip]:
    """The banner's chips."""
    return [_alert(text) for text in alerts]


def _alert(text: str) -> Chip:
    if "nterpreter" in text:
        return Chip(text, "info", "languages")
    icons = {"Likely": "users", "Print": "printer", "Name": "users", "Not": "users"}
    return Chip(text, "attention", icons.get(text.partition(" ")[0], "triangle-alert"))
