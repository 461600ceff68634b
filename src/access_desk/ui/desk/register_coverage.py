"""The plans of a registration, in the order in which they pay."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from access_desk.presentation.coverage_clearance import PlanHead
from access_desk.presentation.coverage_fields import ORDER_REASON
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_drafts import RegistrationState
from access_desk.presentation.registration_fields import PLAN_ROWS
from access_desk.ui.desk.register_card import CardDialog
from access_desk.ui.desk.register_section import FormRows
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import row, rule
from access_desk.ui.kit.labels import Chip, IconLabel, PlainLabel


class _Plan(QWidget):
    """One plan: a line with its number, name and eligibility, and its fields while it is unfolded."""

    def __init__(self, number: int, model: RegistrationModel, typed: Callable[[str, str], object]) -> None:
        super().__init__()
        self.number, self._model = number, model
        self.rows = FormRows(PLAN_ROWS, f"plan{number}.", typed, model.leave, model.enter_section)
        self._name = PlainLabel("", weight=600, elide=True)
        self._more = PlainLabel("", tone="secondary", elide=True)
        self._chip = Chip("", "plain")

        def button(text: str, name: str, icon: str, press: Callable[[], object]) -> KeyButton:
            return KeyButton(text, name=f"{name}{number}", kind="quiet", small=True, icon_name=icon, on_press=press)

        self.change = button("Change", "changePlan", "pencil", lambda: model.unfold_plan(number))
        self.up = button("Pays earlier", "planUp", "chevron-up", lambda: model.move_plan_up(number))
        self.scan = button("Scan card", "scanCard", "scan-line", self._scan)
        self.remove = button("Remove", "removePlan", "x", lambda: model.remove_plan(number))
        head = row(PlainLabel(f"Plan {number}", tone="secondary"), spacing=8)
        head.addSpacing(4)
        head.addWidget(self._name, 3)
        head.addWidget(self._more, 2)
        for widget in (self._chip, self.up, self.scan, self.remove, self.change):
            head.addWidget(widget)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        if number > 1:
            lines.addWidget(rule())
        lines.addLayout(head)
        lines.addWidget(self.rows)

    def buttons(self) -> tuple[KeyButton, ...]:
        """The buttons of the head."""
        return (self.change, self.scan, self.up, self.remove)

    def show_state(self, state: RegistrationState, head: PlanHead) -> None:
        """Paint it."""
        form = state.form
        if form is None:
            return
        plan = form.plans[self.number - 1]
        name = f"{plan.get('payer', '')} {plan.get('plan', '')}".strip()
        is_used = form.plan_is_used(self.number)
        folded = head.can_fold and state.open_plan != self.number
        self._name.say(name or ("" if is_used else "Not entered: the visit is self-pay"))
        # As wide as the name, so that the summary follows it; only an endless name gives way.
        self._name.setMaximumWidth(self._name.fontMetrics().horizontalAdvance(self._name.whole()) + 4)
        self._more.say(head.says if folded else "")
        self._chip.setVisible(bool(head.chip) and folded)
        if head.chip:
            icon = {"balanced": "circle-check", "short": "circle-alert"}.get(head.tone, "triangle-alert")
            self._chip.show_state(head.chip, head.tone, icon)
        self.change.setVisible(folded)
        self.up.setVisible(self.number > 1 and not folded)
        self.scan.say(head.card or "Scan card")
        self.scan.setVisible(is_used and not folded)
        self.remove.setVisible((len(form.plans) > 1 or is_used) and not folded)
        self.rows.setVisible(not folded)
        self.rows.show_form(form, state.errors, state.cautions, state.advice)

    def _scan(self) -> None:
        CardDialog(self, self._model, self.number).open()


class CoverageSection(QWidget):
    """All plans, those of the last visit to take over, and a button for one more."""

    number = 4

    def __init__(self, model: RegistrationModel, typed: Callable[[str, str], object]) -> None:
        super().__init__()
        self._model, self._typed = model, typed
        self._plans: list[_Plan] = []
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(10)
        self.use = KeyButton("Still the same: use it", name="useLastPlans", icon_name="check", on_press=self._use_last)
        self._offer = QWidget()
        self._offered = PlainLabel("", weight=600, elide=True)
        offer = row(IconLabel("rotate-ccw", token="info_fg"), spacing=8)
        offer.addWidget(PlainLabel("Last visit", tone="secondary"))
        offer.addWidget(self._offered, 1)
        offer.addWidget(self.use)
        self._offer.setLayout(offer)
        self._lines.addWidget(self._offer)
        self._reason = FormRows(((ORDER_REASON,),), "", typed, model.leave, model.enter_section)
        self.add = KeyButton("Add another plan", name="addPlan", icon_name="plus", small=True, on_press=model.add_plan)
        self._lines.addWidget(self._reason)
        self._lines.addLayout(row(self.add, 1))

    def _use_last(self) -> None:
        self._model.use_last_plans()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def editor(self, key: str) -> QWidget | None:
        """The editor of a field."""
        rows = (self._reason, *(plan.rows for plan in self._plans))
        return next((one.editors[key] for one in rows if key in one.editors), None)

    def first(self) -> QWidget | None:
        """Where the keyboard arrives: at the last visit's plans, the open plan, or the way to change the first."""
        if not self._offer.isHidden():
            return self.use
        plan = next((one for one in self._plans if not one.rows.isHidden()), None)
        if plan is not None:
            return plan.rows.editors[f"plan{plan.number}.payer"]
        return self._plans[0].change if self._plans else None

    def stops(self) -> list[QWidget]:
        """Where the keyboard stops, in order: Enter leads through the fields, what is pressed stands behind them."""
        editors = [editor for one in self._plans for editor in one.rows.editors.values()]
        buttons = [button for one in self._plans for button in one.buttons()]
        return [self.use, *editors, *self._reason.editors.values(), self.add, *buttons]

    def show_state(self, state: RegistrationState) -> None:
        """Paint it; panels come and go with the plans."""
        form = state.form
        if form is None:
            return
        while len(self._plans) < len(form.plans):
            plan = _Plan(len(self._plans) + 1, self._model, self._typed)
            self._lines.insertWidget(len(self._plans) + 1, plan)
            self._plans.append(plan)
        while len(self._plans) > len(form.plans):
            gone = self._plans.pop()
            self._lines.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._offered.say(state.offered)
        self._offer.setVisible(bool(state.offered))
        for plan, head in zip(self._plans, state.heads, strict=False):
            plan.show_state(state, head)
        self._reason.show_form(form, state.errors)
        self._reason.setVisible(state.clearance.needs_order_reason)
        self.setEnabled(state.phase == "editing")
