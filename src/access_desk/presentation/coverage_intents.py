"""What a person does in the Coverage and Financial clearance sections of Register."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from access_desk.domain.coverage.commands import CardGiven, CoverageFiling, card_media_type
from access_desk.domain.errors import DeskError, Refusal
from access_desk.presentation.coverage_clearance import PANEL, QUESTIONNAIRE, panel_fields
from access_desk.presentation.coverage_fields import MSP, MSP_BY
from access_desk.presentation.coverage_form import (
    CARD,
    ORDER_CHANGED,
    card_content,
    card_text,
    cards_in,
    filing_in,
    money_in,
    outcome_in,
)
from access_desk.presentation.registration_dates import shown_time
from access_desk.presentation.registration_drafts import RegistrationDrafts
from access_desk.presentation.registration_form import RegistrationForm, plan_values, used_plans
from access_desk.services.coverage import content_of

CARD_DRAFT = "card_image"


class CoverageIntents(RegistrationDrafts):
    """Plans, their order, cards, and the panels of clearance."""

    # ------------------------------------------------------------ plans

    def add_plan(self) -> None:
        """One more plan, next in the order of benefits."""
        form = self.state.form
        if form is not None and self.state.phase == "editing" and not form.withholds_coverage:
            number = len(form.plans) + 1
            self._is_dirty = True
            self._paint(replace(form, plans=(*form.plans, {})), replace(self._asking(f"plan{number}.payer"), open_plan=number))

    def remove_plan(self, number: int) -> None:
        """Take a plan out of the form; one on file is taken off the visit when the form is filed."""
        form = self.state.form
        if form is None or self.state.phase != "editing":
            return
        plans = tuple(plan for index, plan in enumerate(form.plans, 1) if index != number) or ({},)
        self._forget_plan_errors()
        errors = {key: text for key, text in self.state.errors.items() if not key.startswith("plan")}
        self._is_dirty = True
        self._paint(replace(form, plans=plans), replace(self._asking("plan1.payer"), errors=errors, open_plan=1, panel=""))

    def _forget_plan_errors(self) -> None:
        self._left = {key for key in self._left if not key.startswith("plan")}

    def move_plan_up(self, number: int) -> None:
        """Let a plan pay one place earlier."""
        form = self.state.form
        if form is None or self.state.phase != "editing" or not 1 < number <= len(form.plans):
            return
        plans = list(form.plans)
        plans[number - 2], plans[number - 1] = plans[number - 1], plans[number - 2]
        self._forget_plan_errors()
        self._is_dirty = True
        form = replace(form, plans=tuple(plans)).with_value(ORDER_CHANGED, "1")
        errors = {key: text for key, text in self.state.errors.items() if not key.startswith("plan")}
        opened = {number: number - 1, number - 1: number}.get(self.state.open_plan, self.state.open_plan)
        self._paint(form, replace(self.state, errors=errors, open_plan=opened, panel=""))

    def unfold_plan(self, number: int) -> None:
        """Show the fields of a plan."""
        if self.state.form is not None:
            self.keep_standing()
            self._show(replace(self._asking(f"plan{number}.payer"), open_plan=number))

    def use_last_plans(self) -> None:
        """The plans of the last visit still hold: they come into the form as they were, to be checked again."""
        form, last = self.state.form, self.last_insured_visit()
        if form is None or last is None or self.state.phase != "editing":
            return
        self._is_dirty = True
        plans = tuple(plan_values(one) for one in last.coverages)
        self._left |= {f"plan{number}.{name}" for number, plan in enumerate(plans, 1) for name in plan if plan[name]}
        self._paint(replace(form, plans=plans), replace(self.state, open_plan=0))

    # ------------------------------------------------------------ clearance

    def open_panel(self, panel: str) -> None:
        """Open the panel of a row, filled with what is known, or close it when it is open."""
        form = self.state.form
        if form is None or self.state.phase != "editing":
            return
        self.keep_standing()
        if self.state.panel == panel:
            self._paint(form, replace(self.state, panel=""))
            return
        kind, number = panel_fields(panel)
        if kind == "estimate":
            form = _prefilled_estimate(form, number)
        if panel == QUESTIONNAIRE and not form.value(MSP_BY):
            form = form.with_value(MSP_BY, "patient")
        opened = replace(self.state, panel=panel, section=5, focus=f"{PANEL}{panel}", focus_serial=self.state.focus_serial + 1)
        self._paint(form, opened)

    def after_typing(self, before: RegistrationForm, form: RegistrationForm, key: str) -> RegistrationForm:
        """What follows from a field of these sections: when a payer answered, which plan is first, the copay estimated with."""
        plan, _, name = key.partition(".")
        if name == "copay" and before.value(f"{plan}.es_allowed").strip():
            then = (money_in({"": before.value(f"{plan}.{one}")}, "") for one in ("copay", "es_copay"))
            form = form.with_value(f"{plan}.es_copay", form.value(key)) if next(then) == next(then) else form
        if name == "eb_status":
            now = self._desk.view.now()
            form = form.with_value(f"{plan}.eb_checked_at", now.astimezone(UTC).isoformat())
            form = form.with_value(f"{plan}.eb_checked_shown", shown_time(now))
        if key.startswith(MSP):
            form = self._as_questionnaire_says(form)
        return form

    def after_leaving(self, form: RegistrationForm, key: str) -> RegistrationForm:
        """A copay that the payer told is the plan's, when none was typed."""
        plan, _, name = key.partition(".")
        if name == "eb_copay" and form.value(key).strip() and not form.value(f"{plan}.copay").strip():
            form = form.with_value(f"{plan}.copay", form.value(key))
        return form

    def _as_questionnaire_says(self, form: RegistrationForm) -> RegistrationForm:
        found = outcome_in(form, self.today(), form.service_day(self.today()))
        plans = [plan for _, plan in used_plans(form)]
        others = [plan for plan in plans if not plan.get("medicare")]
        medicare = [plan for plan in plans if plan.get("medicare")]
        if found is None or not others or not medicare or bool(plans[0].get("medicare")) == found.is_medicare_first:
            return form
        ordered = [*medicare, *others] if found.is_medicare_first else [others[0], *medicare, *others[1:]]
        self._forget_plan_errors()
        return replace(form, plans=tuple(ordered)).with_value(ORDER_CHANGED, "1")

    # ------------------------------------------------------------ cards

    def keep_card(self, number: int, side: str, image: bytes) -> None:
        """Keep a scanned card with its plan: in a local draft until the form is filed."""
        form = self.state.form
        if form is None or self.state.phase != "editing" or number > len(form.plans):
            return
        try:
            given = CardGiven(side, content_of(image), card_media_type(image))
        except DeskError as refusal:
            self._show(replace(self.state, notice=refusal.text))
            return
        draft_id = self._new_id()
        content = base64.b64encode(image).decode("ascii")

        def done(_: object) -> None:
            now = self.state.form
            if now is not None and now.draft_id == form.draft_id and number <= len(now.plans):
                self._is_dirty = True
                now = now.with_value(f"plan{number}.{CARD}{side}", card_text(draft_id, given))
                self._paint(now, replace(self.state, notice=""))

        self._run(lambda: self._desk.drafts.save(draft_id, "", CARD_DRAFT, "", content), done, self._failed)

    def keep_card_file(self, number: int, side: str, path: Path) -> None:
        """Keep a card that a scanner wrote into a file."""
        try:
            image = path.read_bytes()
        except OSError as wrong:
            self._show(replace(self.state, notice=f"The image cannot be read ({wrong.strerror}). Choose another file."))
            return
        self.keep_card(number, side, image)

    def card_image(self, number: int, side: str) -> bytes | None:
        """The bytes of a plan's card; None without one."""
        form = self.state.form
        found = card_content(form.plans[number - 1], side) if form else None
        if found is None:
            return None
        draft_id, content = found
        return self._card_draft(draft_id) if draft_id else self._desk.coverage.image(content)

    def _card_draft(self, draft_id: str) -> bytes:
        draft = self._desk.drafts.find(draft_id)
        if draft is None:
            raise DeskError(Refusal.BAD_VALUE, "The image of the card is not here any more. Scan it again.")
        return base64.b64decode(draft.content)

    def drop_cards(self, form: RegistrationForm) -> None:
        """Forget the local copies of images that are filed, or of a form that is discarded."""
        for plan in form.plans:
            for card in cards_in(plan):
                self._desk.drafts.drop(card.draft_id)

    def discard(self) -> None:
        """Forget what was typed, and the images that were chosen for it."""
        form = self.state.form if self.state.phase == "editing" else None
        super().discard()
        if form is not None:
            self._run(lambda: self.drop_cards(form), lambda _: None, self._failed)

    # ------------------------------------------------------------ filing

    def clearing(self, form: RegistrationForm) -> tuple[CoverageFiling, tuple[bytes, ...]]:
        """What is filed about the plans, and the images that it names."""
        today, now = self.today(), self._desk.journal.clock.now()
        filing = filing_in(form, today, now, form.service_day(today))
        chosen = [card for plan in form.plans for card in cards_in(plan)]
        return filing, tuple(self._card_draft(card.draft_id) for card in chosen)


def _prefilled_estimate(form: RegistrationForm, number: int) -> RegistrationForm:
    """What the payer said goes into the estimate, where nothing was typed."""
    plan = form.plans[number - 1]
    told = {
        "es_copay": plan.get("copay") or plan.get("eb_copay", ""),
        "es_deductible": plan.get("eb_deductible", ""),
        "es_coinsurance": plan.get("eb_coinsurance", ""),
        "es_out_of_pocket": plan.get("eb_out_of_pocket", ""),
    }
    for name, text in told.items():
        if text and not plan.get(name):
            form = form.with_value(f"plan{number}.{name}", text)
    return form
