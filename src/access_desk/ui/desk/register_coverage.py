"""The plans of a registration, in the order in which they pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_fields import PLAN_ROWS
from access_desk.presentation.registration_form import RegistrationForm
from access_desk.presentation.registration_state import plan_summary
from access_desk.ui.desk.register_section import FormRows
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import row, rule
from access_desk.ui.kit.labels import PlainLabel


class _Plan(QWidget):
    """One plan: its number and name, and its fields."""

    def __init__(self, number: int, model: RegistrationModel, typed: Callable[[str, str], object]) -> None:
        super().__init__()
        self.number = number
        self.rows = FormRows(PLAN_ROWS, f"plan{number}.", typed, model.leave, model.enter_section)
        self._name = PlainLabel("", weight=600, elide=True)
        remove = KeyButton(
            "Remove", name=f"removePlan{number}", kind="quiet", small=True, on_press=lambda: model.remove_plan(number)
        )
        head = row(PlainLabel(f"Plan {number}", tone="secondary"))
        head.addWidget(self._name, 1)
        head.addWidget(remove)
        self._remove = remove
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        if number > 1:
            lines.addWidget(rule())
        lines.addLayout(head)
        lines.addWidget(self.rows)

    def show_form(self, form: RegistrationForm, errors: Mapping[str, str]) -> None:
        """Paint it."""
        plan = form.plans[self.number - 1]
        name = f"{plan.get('payer', '')} {plan.get('plan', '')}".strip()
        more = plan_summary(plan)
        self._name.say(f"{name}   {more}" if name else "Not entered: the visit is self-pay")
        self._remove.setVisible(len(form.plans) > 1 or form.plan_is_used(self.number))
        self.rows.show_form(form, errors)


class CoverageSection(QWidget):
    """All plans, and a button for one more."""

    def __init__(self, model: RegistrationModel, typed: Callable[[str, str], object]) -> None:
        super().__init__()
        self._model, self._typed = model, typed
        self._plans: list[_Plan] = []
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(10)
        self._add = KeyButton("Add another plan", name="addPlan", icon_name="plus", small=True, on_press=model.add_plan)
        self._lines.addLayout(row(self._add, 1))

    def editor(self, key: str) -> QWidget | None:
        """The editor of a plan's field."""
        return next((plan.rows.editors[key] for plan in self._plans if key in plan.rows.editors), None)

    def show_form(self, form: RegistrationForm, errors: Mapping[str, str], *, editing: bool) -> None:
        """Paint it; panels come and go with the plans."""
        while len(self._plans) < len(form.plans):
            plan = _Plan(len(self._plans) + 1, self._model, self._typed)
            self._lines.insertWidget(len(self._plans), plan)
            self._plans.append(plan)
        while len(self._plans) > len(form.plans):
            gone = self._plans.pop()
            self._lines.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for plan in self._plans:
            plan.show_form(form, errors)
        self.setEnabled(editing)
