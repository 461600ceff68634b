"""The plans of one visit and what is known of them, folded so that the order in which events arrive does not matter.

Every field, the order of benefits and each standing (eligibility, authorization, questionnaire, estimate) is decided by the
latest clock stamp; a removed plan stays removed. An event of another desk may come before the one it builds on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from access_desk.domain.coverage.authorization import payer_key
from access_desk.domain.coverage.events import (
    AuthorizationRecorded,
    AuthorizationRuleSet,
    CardKept,
    CoverageAdded,
    CoverageAmended,
    CoverageRemoved,
    CoveragesReordered,
    EligibilityChecked,
    SecondaryPayerAnswered,
)
from access_desk.domain.estimates.events import EstimateMade, GoodFaithAsked, GoodFaithMade
from access_desk.domain.events import Recorded
from access_desk.domain.money import Money
from access_desk.domain.visits.events import Coverage, VisitRegistered

COVERAGE_FIELDS = tuple(one.name for one in fields(Coverage))
_DATES = ("subscriber_birth_date", "starts", "ends")


def coverage_texts(coverage: Coverage) -> dict[str, str]:
    """A plan's fields as events tell their changes."""
    texts = {name: str(getattr(coverage, name) or "") for name in COVERAGE_FIELDS}
    texts["copay"] = "" if coverage.copay is None else str(coverage.copay)
    texts["medicare"] = "1" if coverage.medicare else ""
    return texts


def coverage_of(texts: Mapping[str, str]) -> Coverage:
    """The plan that texts describe. Raises DeskError or ValueError for a text that cannot be read."""
    values: dict[str, Any] = {name: text for name, text in texts.items() if name in COVERAGE_FIELDS}
    for name in _DATES:
        if name in values:
            values[name] = date.fromisoformat(values[name]) if values[name] else None
    if "copay" in values:
        values["copay"] = Money.parse(values["copay"]) if values["copay"] else None
    values["medicare"] = bool(values.get("medicare"))
    return Coverage(**values)


@dataclass(frozen=True, slots=True)
class Mark:
    """When and by whom something was recorded; ``stamp`` orders."""

    stamp: str = ""
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that holds until a later one."""

    mark: Mark
    body: Any


@dataclass(frozen=True, slots=True)
class PlanState:
    """One plan. ``texts`` are its fields with the stamp that set each; ``position`` is 0 until its making was seen."""

    coverage_id: str
    position: int = 0
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    removed: bool = False
    cards: Mapping[str, Kept] = field(default_factory=dict)
    eligibility: Kept | None = None
    authorization: Kept | None = None
    estimate: Kept | None = None

    @property
    def coverage(self) -> Coverage:
        """The plan as it stands."""
        return coverage_of({name: text for name, (_, text) in self.texts.items()})

    @property
    def is_known(self) -> bool:
        """Whether it pays for the visit, as far as the events that are here tell."""
        return self.position > 0 and not self.removed


@dataclass(frozen=True, slots=True)
class CoverageState:
    """All plans of a visit; ``order`` is the last order of benefits that was given."""

    came_at: datetime | None = None
    plans: Mapping[str, PlanState] = field(default_factory=dict)
    order: Kept | None = None
    questionnaire: Kept | None = None
    good_faith_asked: Kept | None = None
    good_faith: Kept | None = None

    def in_order(self) -> tuple[PlanState, ...]:
        """The plans that pay, first payer first."""
        given: tuple[str, ...] = self.order.body.order if self.order else ()
        ranks = {coverage_id: rank for rank, coverage_id in enumerate(given)}
        known = (plan for plan in self.plans.values() if plan.is_known)
        return tuple(sorted(known, key=lambda plan: (ranks.get(plan.coverage_id, len(ranks)), plan.position, plan.coverage_id)))

    def plan(self, coverage_id: str) -> PlanState | None:
        """A plan that pays; None for one that is not here or was removed."""
        found = self.plans.get(coverage_id)
        return found if found is not None and found.is_known else None


@dataclass(frozen=True, slots=True)
class AuthorizationRules:
    """For which types of visit each payer wants an authorization, by payer key, with the stamp of the last word on it."""

    said: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def by_payer(self) -> dict[str, tuple[str, ...]]:
        """The rules as deciders read them."""
        return {payer: visit_types for payer, (_, visit_types) in self.said.items()}


def evolve_rules(state: AuthorizationRules | None, event: Recorded) -> AuthorizationRules | None:
    """The rules after one more event of the facility's history."""
    state = state or AuthorizationRules()
    if isinstance(event.body, AuthorizationRuleSet):
        payer = payer_key(event.body.payer)
        if event.stamp >= state.said.get(payer, ("", ()))[0]:
            return AuthorizationRules({**state.said, payer: (event.stamp, event.body.visit_types)})
    return state


def first_id(visit_id: str, position: int) -> str:
    """The id of a plan that the visit was registered with."""
    return f"{visit_id}.{position}"


def evolve(state: CoverageState | None, event: Recorded) -> CoverageState | None:
    """The plans after one more event of the visit's history."""
    return folded(state or CoverageState(), event.body, Mark(event.stamp, event.recorded_at, event.actor_id))


def folded(state: CoverageState, body: object, mark: Mark) -> CoverageState:
    """The plans after one more fact; a fact of another kind changes nothing."""
    match body:
        case VisitRegistered(visit_id=visit_id, coverages=coverages) as made:
            state = replace(state, came_at=made.happened_at or mark.at)
            for position, coverage in enumerate(coverages, 1):
                state = _added(state, first_id(visit_id, position), position, coverage, mark)
        case CoverageAdded(coverage_id=coverage_id, position=position, coverage=coverage):
            state = _added(state, coverage_id, position, coverage, mark)
        case CoverageAmended(coverage_id=coverage_id, changes=changes):
            state = _with_texts(state, coverage_id, changes, mark)
        case CoverageRemoved(coverage_id=coverage_id):
            state = _with_plan(state, replace(_plan(state, coverage_id), removed=True))
        case CardKept(coverage_id=coverage_id, side=side):
            plan = _plan(state, coverage_id)
            cards = {**plan.cards, side: _later(plan.cards.get(side), Kept(mark, body))}
            state = _with_plan(state, replace(plan, cards=cards))
        case EligibilityChecked(coverage_id=coverage_id):
            plan = _plan(state, coverage_id)
            state = _with_plan(state, replace(plan, eligibility=_later(plan.eligibility, Kept(mark, body))))
        case AuthorizationRecorded(coverage_id=coverage_id):
            plan = _plan(state, coverage_id)
            state = _with_plan(state, replace(plan, authorization=_later(plan.authorization, Kept(mark, body))))
        case EstimateMade(coverage_id=coverage_id):
            plan = _plan(state, coverage_id)
            state = _with_plan(state, replace(plan, estimate=_later(plan.estimate, Kept(mark, body))))
        case CoveragesReordered():
            state = replace(state, order=_later(state.order, Kept(mark, body)))
        case SecondaryPayerAnswered():
            state = replace(state, questionnaire=_later(state.questionnaire, Kept(mark, body)))
        case GoodFaithAsked():
            state = replace(state, good_faith_asked=_later(state.good_faith_asked, Kept(mark, body)))
        case GoodFaithMade():
            state = replace(state, good_faith=_later(state.good_faith, Kept(mark, body)))
    return state


def _later(kept: Kept | None, new: Kept) -> Kept:
    return new if kept is None or new.mark.stamp >= kept.mark.stamp else kept


def _plan(state: CoverageState, coverage_id: str) -> PlanState:
    return state.plans.get(coverage_id) or PlanState(coverage_id)


def _with_plan(state: CoverageState, plan: PlanState) -> CoverageState:
    return replace(state, plans={**state.plans, plan.coverage_id: plan})


def _added(state: CoverageState, coverage_id: str, position: int, coverage: Coverage, mark: Mark) -> CoverageState:
    state = _with_plan(state, replace(_plan(state, coverage_id), position=position))
    return _with_texts(state, coverage_id, coverage_texts(coverage), mark)


def _with_texts(state: CoverageState, coverage_id: str, changes: Mapping[str, str], mark: Mark) -> CoverageState:
    plan = _plan(state, coverage_id)
    texts = dict(plan.texts)
    for name, text in changes.items():
        if name not in texts or mark.stamp >= texts[name][0]:
            texts[name] = (mark.stamp, text)
    return _with_plan(state, replace(plan, texts=texts))
