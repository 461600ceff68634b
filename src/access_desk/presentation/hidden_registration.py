"""The Register page on a screen that the public can see: its fields as they are typed, and nothing else that says who it is."""

from __future__ import annotations

from dataclasses import replace

from access_desk.presentation.disputes import TWO_SAID
from access_desk.presentation.hidden_names import hidden_alert, hidden_number, hidden_title, hidden_year
from access_desk.presentation.likely_records import hidden_beside
from access_desk.presentation.registration_drafts import PARKED, RegistrationState
from access_desk.presentation.registration_state import Banner, Fact, SectionState
from access_desk.presentation.registration_taken_up import record_says

# Identity, contact and coverage fold to what was typed into them.
_SAYS_WHO = (1, 2, 4)
_ON_FILE = "The record on file says otherwise. Filing changes it."
_PLANS = "the plans of the last visit"


def hidden_registration(state: RegistrationState) -> RegistrationState:
    """The state as it is painted while names are hidden."""
    form = state.form
    told = record_says(form) if form is not None else {}
    on_file = {key: _ON_FILE for key, text in state.cautions.items() if told.get(key) == text}
    filed = state.filed
    return replace(
        state,
        banner=_banner(state.banner, form.mrn) if state.banner is not None and form is not None else None,
        sections=tuple(_section(one) for one in state.sections),
        cautions={**state.cautions, **on_file},
        beside=hidden_beside(state.beside) if state.beside is not None else None,
        notice=_notice(state.notice),
        heads=tuple(replace(one, says="") for one in state.heads),
        drafts=tuple(replace(one, title=hidden_title(one.title)) for one in state.drafts),
        filed=replace(filed, name=hidden_title(filed.name), mrn=hidden_number(filed.mrn)) if filed is not None else None,
        offered=f"{state.offered.partition(':')[0]}: {_PLANS}" if state.offered else "",
    )


def _notice(notice: str) -> str:
    if notice.startswith(TWO_SAID):
        return f"{TWO_SAID} Ask the patient; a shift lead settles it on Disputed."
    return f"{PARKED}{hidden_title(notice[len(PARKED) :])}" if notice.startswith(PARKED) else notice


def _banner(banner: Banner, mrn: str) -> Banner:
    facts = tuple(_fact(one, mrn) for one in banner.facts)
    return Banner(hidden_title(banner.name), facts, tuple(hidden_alert(one) for one in banner.alerts))


def _fact(fact: Fact, mrn: str) -> Fact:
    if fact.caption == "Born" and not fact.value.startswith("Not known"):
        return Fact(fact.caption, hidden_year(fact.value))
    if fact.caption == "MRN" and fact.value == mrn:
        return Fact(fact.caption, hidden_number(mrn))
    return fact


def _section(section: SectionState) -> SectionState:
    says_who = section.number in _SAYS_WHO and section.status != "withheld" and section.summary != section.status_text
    return replace(section, summary=section.status_text) if says_who else section
