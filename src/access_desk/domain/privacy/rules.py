"""The rules of privacy: protected records, the facility directory, the accounting of disclosures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.patients.events import Demographics
from access_desk.domain.permissions import Action, may
from access_desk.domain.privacy.events import (
    GLASS_REASONS,
    PATIENT_FLAGS,
    VERDICTS,
    DisclosureRecorded,
    GlassBroken,
    GlassReviewed,
    PatientFlagged,
)
from access_desk.domain.staff import Person

PROTECTING = frozenset({"confidential", "vip"})
ACCOUNTING_YEARS = 6
PROTECTED_TEXT = (
    "This record is protected. Nothing of it was opened. It opens once it is recorded why you need it; ask a supervisor."
)


class ProtectedRecordError(DeskError):
    """A protected record was not opened; ``patient_id`` says for which one a reason has to be given."""

    def __init__(self, patient_id: str) -> None:
        super().__init__(Refusal.NOT_PERMITTED, PROTECTED_TEXT)
        self.patient_id = patient_id


@dataclass(frozen=True, slots=True)
class Glass:
    """One opening of a protected record. ``verdict`` is blank until a supervisor has looked."""

    glass_id: str
    patient_id: str
    opened_by: str
    opened_at: datetime
    until: datetime
    code: str
    text: str
    verdict: str = ""
    reviewed_by: str = ""
    review_note: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One line of the accounting of disclosures."""

    said: DisclosureRecorded
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PrivacyState:
    """What protects a patient's record and what was disclosed of it. ``flags`` maps each flag to whether it is on."""

    flags: Mapping[str, bool] = field(default_factory=dict)
    openings: Mapping[str, Glass] = field(default_factory=dict)
    disclosures: tuple[Disclosure, ...] = ()

    @property
    def on(self) -> frozenset[str]:
        """The flags that are on."""
        return frozenset(flag for flag, is_on in self.flags.items() if is_on)

    @property
    def is_protected(self) -> bool:
        """Whether opening the record needs a broken glass."""
        return bool(self.on & PROTECTING)

    def glass_of(self, person_id: str, now: datetime) -> Glass | None:
        """The opening that still stands for a person."""
        standing = [one for one in self.openings.values() if one.opened_by == person_id and one.opened_at <= now < one.until]
        return max(standing, key=lambda one: one.until, default=None)


def evolve(state: PrivacyState | None, event: Recorded) -> PrivacyState | None:
    """The privacy of a patient after one more event."""
    now = state or PrivacyState()
    match event.body:
        case PatientFlagged(flag=flag, is_on=is_on):
            return replace(now, flags={**now.flags, flag: is_on})
        case GlassBroken() as said:
            glass = Glass(said.glass_id, said.patient_id, event.actor_id, event.recorded_at, said.until, said.code, said.text)
            return replace(now, openings={**now.openings, said.glass_id: glass})
        case GlassReviewed(glass_id=glass_id, verdict=verdict, note=note) if glass_id in now.openings:
            seen = replace(now.openings[glass_id], verdict=verdict, reviewed_by=event.actor_id, review_note=note)
            return replace(now, openings={**now.openings, glass_id: seen})
        case DisclosureRecorded() as told:
            return replace(now, disclosures=(*now.disclosures, Disclosure(told, event.actor_id, event.recorded_at)))
    return state


def together(states: Sequence[PrivacyState]) -> PrivacyState:
    """Of records that are one person's: a flag of any of them counts, and what was opened and told of each."""
    if len(states) == 1:
        return states[0]
    flags = {flag: any(one.flags.get(flag, False) for one in states) for state in states for flag in state.flags}
    openings = {glass_id: glass for state in states for glass_id, glass in state.openings.items()}
    told = sorted(
        (one for state in states for one in state.disclosures), key=lambda one: (one.recorded_at, one.said.disclosure_id)
    )
    return PrivacyState(flags, openings, tuple(told))


def may_see(person_id: str, privacy: PrivacyState, now: datetime) -> bool:
    """Whether the person may see whose record it is: an open record, or one they broke the glass of."""
    return not privacy.is_protected or privacy.glass_of(person_id, now) is not None


def check_opening(person: Person, privacy: PrivacyState, now: datetime) -> str:
    """Raises ``not_permitted`` for a protected record whose glass is whole; else the reason that was given, or blank.

    A reason for every access to a protected record: minimum necessary, 45 CFR 164.502(b), audited by 164.312(b).
    """
    if not privacy.is_protected:
        return ""
    glass = privacy.glass_of(person.person_id, now)
    if glass is None:
        raise DeskError(Refusal.NOT_PERMITTED, PROTECTED_TEXT)
    return f"{glass.code}: {glass.text}"


def check_change(person: Person, privacy: PrivacyState, now: datetime) -> None:
    """Raises ``not_permitted``: through a broken glass a registrar only reads; leads and supervisors may change."""
    if not privacy.is_protected:
        return
    check_opening(person, privacy, now)
    if not may(person.role, Action.CHANGE_PROTECTED):
        raise DeskError(
            Refusal.NOT_PERMITTED, "This record is protected: you may read it. Ask a shift lead or a supervisor to change it."
        )


def masked(person: Demographics) -> Demographics:
    """What is shown of a protected record: that it exists."""
    return Demographics(family=f"{person.family.strip()[:1]}•••", given="protected")


def directory_answer(flags: frozenset[str]) -> str:
    """What may be said to somebody who asks for the patient by name, 45 CFR 164.510(a)."""
    if flags & {"no_information", "confidential", "directory_opt_out"}:
        return "I have no information about a person of that name."
    return "Location and general condition may be told to people who ask by name."


def decide_flag(patient_id: str, person: Person, privacy: PrivacyState, flag: str, *, is_on: bool, reason: str) -> list[Fact]:
    """Put a flag on, or take it off; a protecting flag is taken off by a lead or a supervisor, with a reason."""
    if flag not in PATIENT_FLAGS:
        raise DeskError(Refusal.BAD_VALUE, "Choose one of the privacy flags.")
    if (flag in privacy.on) == is_on:
        return []
    if flag in PROTECTING and not is_on and not may(person.role, Action.LIFT_PROTECTION):
        raise DeskError(Refusal.NOT_PERMITTED, "A shift lead or a supervisor takes this protection off.")
    if flag in PROTECTING and not reason.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say who asked for it, or why it ends.")
    return [Fact(patient_id, PatientFlagged(patient_id, flag, is_on, reason.strip()))]


def decide_break(
    glass_id: str, patient_id: str, privacy: PrivacyState, code: str, text: str, now: datetime, minutes: int
) -> list[Fact]:
    """Open a protected record for a while: a reason from the list and words of one's own."""
    if code not in GLASS_REASONS:
        raise DeskError(Refusal.BAD_VALUE, "Choose why you need this record.")
    if not privacy.is_protected:
        raise DeskError(Refusal.BAD_VALUE, "This record is not protected. Open it as usual.")
    if not text.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say in your own words why you need this record.")
    return [Fact(patient_id, GlassBroken(glass_id, patient_id, code, text.strip(), now + timedelta(minutes=minutes)))]


def decide_review(privacy: PrivacyState, glass_id: str, person: Person, verdict: str, note: str) -> list[Fact]:
    """Judge an opening; nobody judges their own, and one that was not justified needs words."""
    glass = privacy.openings.get(glass_id)
    if verdict not in VERDICTS:
        raise DeskError(Refusal.BAD_VALUE, "An opening was justified, or it was not.")
    if glass is None:
        raise DeskError(Refusal.UNKNOWN_REFERENCE, "This opening is not in the log.")
    if glass.opened_by == person.person_id:
        raise DeskError(Refusal.SAME_PERSON, "Somebody else reviews what you opened.")
    if glass.verdict:
        raise DeskError(Refusal.BAD_VALUE, "This opening was reviewed already. Nothing was changed.")
    if verdict == "not_justified" and not note.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say why it was not justified.")
    return [Fact(glass.patient_id, GlassReviewed(glass_id, glass.patient_id, verdict, note.strip()))]


def decide_disclosure(said: DisclosureRecorded, today: date) -> list[Fact]:
    """Keep a disclosure with everything 45 CFR 164.528(b)(2) wants of it."""
    if said.disclosed_on > today:
        raise DeskError(Refusal.BAD_VALUE, "The date of the disclosure lies in the future.")
    if said.disclosed_on <= _years_before(today):
        raise DeskError(Refusal.BAD_VALUE, "An accounting covers six years. This date lies before them.")
    if not (said.recipient.strip() and said.what.strip() and said.purpose.strip()):
        raise DeskError(Refusal.BAD_VALUE, "Say to whom, what was disclosed, and for what purpose.")
    return [Fact(said.patient_id, said)]


def accounting(privacy: PrivacyState, today: date) -> tuple[Disclosure, ...]:
    """The disclosures of the six years before a date, the newest first: 45 CFR 164.528(a)(1)."""
    kept = [one for one in privacy.disclosures if one.said.disclosed_on > _years_before(today)]
    return tuple(sorted(kept, key=lambda one: (one.said.disclosed_on, one.recorded_at), reverse=True))


def _years_before(today: date) -> date:
    try:
        return today.replace(year=today.year - ACCOUNTING_YEARS)
    except ValueError:
        # The 29th of February of a year that has none: the last day of that month.
        return today.replace(year=today.year - ACCOUNTING_YEARS, day=28)
