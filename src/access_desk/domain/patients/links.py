"""Linking, merging and un-merging records.

The survivor's fields win, the retired record fills the survivor's blanks, and nothing is deleted: visits and payments stay
with the record they were made for and are shown under the survivor while the merge stands. Blanks are filled by an ordinary
amendment beside the merge, so every desk folds them by clock stamp like any other.

Un-merging puts back exactly what merging did. A filled field that nobody has touched since is blank again, or takes the
value of another record that is still merged into the survivor. A field that was amended after the merge keeps the
amendment, on the record that it was made for: somebody said it of that record, knowing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.patients.details import PATIENT_DETAILS, PatientDetailsGiven
from access_desk.domain.patients.events import Demographics, PatientAmended
from access_desk.domain.patients.link_events import PatientFlagged, PatientLinked, PatientMerged, PatientUnmerged, ReviewResolved
from access_desk.domain.patients.state import PatientState
from access_desk.domain.policy import Policy
from access_desk.domain.visits.emtala import is_released

# What a record of somebody nobody can name says is an alias and an estimate, never a fact about another record.
_BLANK_SEX = "unknown"
_ADDRESS = ("line", "city", "state", "zip")
# Taken whole or not at all: half of one person's answer with half of another's is nobody's.
_GROUPS = (
    _ADDRESS,
    tuple(name for name in PATIENT_DETAILS if name.startswith("guarantor")),
    ("employment", "employer", "employer_phone"),
)
_LEFT = frozenset({"departed", "left_without_being_seen"})


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that stands, as its two records know it."""

    merge_id: str
    survivor_id: str
    retired_id: str
    retired_before: Demographics


@dataclass(frozen=True, slots=True)
class LinkState:
    """The merges a record has a part in that stand, oldest first; ``filled`` names by field the merge that gave it and its value.

    A field that was amended since is filled no longer.
    """

    merges: tuple[Merge, ...] = ()
    filled: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """A record with its merges."""

    patient: PatientState
    links: LinkState

    @property
    def absorbed(self) -> tuple[Merge, ...]:
        """Merges of others into this record."""
        return tuple(one for one in self.links.merges if one.survivor_id == self.patient.patient_id)

    @property
    def is_retired(self) -> bool:
        """Whether this record was merged into another."""
        return any(one.retired_id == self.patient.patient_id for one in self.links.merges)


def evolve(state: LinkState | None, event: Recorded) -> LinkState | None:
    """A record's merges after one more event."""
    mine = state or LinkState()
    match event.body:
        case PatientAmended(changes=changes) | PatientDetailsGiven(details=changes) if state is not None:
            return replace(state, filled={name: of for name, of in state.filled.items() if name not in changes})
        case PatientMerged() as merged:
            merge = Merge(merged.merge_id, merged.survivor_id, merged.retired_id, merged.retired_before)
            filled = {name: (merged.merge_id, value) for name, value in merged.filled.items()}
            return LinkState((*mine.merges, merge), {**mine.filled, **filled})
        case PatientUnmerged() as undone:
            return _unmerged(mine, undone)
    return state


def _unmerged(state: LinkState, undone: PatientUnmerged) -> LinkState:
    filled = {name: of for name, of in state.filled.items() if of[0] != undone.merge_id}
    stand = tuple(one for one in state.merges if one.merge_id != undone.merge_id)
    for merge in stand:
        values = (undone.refilled or {}).get(merge.merge_id, {})
        filled |= {name: (merge.merge_id, value) for name, value in values.items()}
    return LinkState(stand, filled)


def texts(person: Demographics) -> dict[str, str]:
    """Demographics as an amendment writes them; what says nothing is blank."""
    values = {name: "" if value is None else str(value) for name, value in asdict(person).items()}
    return {**values, "sex": "" if values["sex"] == _BLANK_SEX else values["sex"]}


def blanks_filled(survivor: Demographics, retired: Demographics) -> dict[str, str]:
    """The survivor's blank fields that the retired record knows.

    An address is taken whole or not at all: a street of one place with the city of another is nobody's address.
    """
    return _fills(texts(survivor), texts(retired))


def _fills(mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    filled = {name: value for name, value in theirs.items() if value and not mine.get(name)}
    for group in _GROUPS:
        if any(mine.get(name) for name in group):
            filled = {name: value for name, value in filled.items() if name not in group}
    # A number that is there is not absent.
    return {name: value for name, value in filled.items() if name != "ssn_absent" or not (mine.get("ssn") or theirs.get("ssn"))}


def _said(patient: PatientState) -> dict[str, str]:
    """Everything that a record says, by field; a detail that is not known is blank."""
    return {**dict.fromkeys(PATIENT_DETAILS, ""), **patient.details.values, **texts(patient.demographics)}


def decide_merge(survivor: Side, retired: Side, merge_id: str, reason: str, policy: Policy) -> list[Fact]:
    """Retire one record into another."""
    _check_pair(survivor.patient.patient_id, retired.patient.patient_id)
    _check_reason(reason, "Say how you know that this is one person.")
    if survivor.is_retired or retired.is_retired:
        raise DeskError(Refusal.NOT_PERMITTED, "One of these records was merged already. Open the record it was merged into.")
    if retired.absorbed:
        raise DeskError(
            Refusal.NOT_PERMITTED,
            "Other records were merged into the one that would be retired. Keep that one, or un-merge those first.",
        )
    if survivor.patient.unidentified:
        raise DeskError(Refusal.NOT_PERMITTED, "Nobody knows yet who the record to keep belongs to. Keep the one with the name.")
    for side in (survivor, retired):
        _check_emergencies(side.patient, policy)
    before = survivor.patient.demographics
    filled = {} if retired.patient.unidentified else _fills(_said(survivor.patient), _said(retired.patient))
    ids = survivor.patient.patient_id, retired.patient.patient_id
    merged = PatientMerged(merge_id, *ids, reason, before, retired.patient.demographics, filled)
    return [*_amendment(ids[0], filled), Fact(ids[0], merged, None, (ids[1],))]


def decide_unmerge(survivor: Side, merge_id: str, reason: str, absorbed: Mapping[str, PatientState]) -> list[Fact]:
    """Take a merge back: both records are again what they were, with what was amended since.

    ``absorbed`` are the records that are merged into the survivor, by id.
    """
    merge = next((one for one in survivor.absorbed if one.merge_id == merge_id), None)
    if merge is None:
        raise DeskError(Refusal.UNKNOWN_REFERENCE, "This merge was taken back already.")
    if survivor.is_retired:
        raise DeskError(Refusal.NOT_PERMITTED, "The record was merged further since. Un-merge the newest merge first.")
    _check_reason(reason, "Say why these are two persons.")
    now = _said(survivor.patient)
    mine = {name for name, of in survivor.links.filled.items() if of == (merge_id, now.get(name))}
    others = [one for one in survivor.absorbed if one.merge_id != merge_id]
    bare = {name: "" if name in mine else value for name, value in now.items()}
    # A field that somebody blanked on purpose stays blank; what is taken whole is open again as a whole.
    open_again = mine.union(*(group for group in _GROUPS if mine & set(group)))
    refilled: dict[str, dict[str, str]] = {}
    for other in others:
        theirs = {**_said(absorbed[other.retired_id]), **texts(other.retired_before)}
        given = {name: value for name, value in _fills(bare, theirs).items() if name in open_again}
        if given:
            refilled[other.merge_id] = given
            bare |= given
    changes = {name: bare[name] for name in sorted(open_again) if bare[name] != now[name]}
    emptied = tuple(name for name in sorted(mine) if not bare[name])
    ids = survivor.patient.patient_id, merge.retired_id
    undone = PatientUnmerged(merge_id, *ids, reason, emptied, refilled or None)
    return [*_amendment(ids[0], changes), Fact(ids[0], undone, None, (ids[1],))]


def _amendment(patient_id: str, changes: Mapping[str, str]) -> list[Fact]:
    """Fields that change, each where it is kept. Sex is never blank on a record: not known is ``unknown``."""
    details = {name: value for name, value in changes.items() if name in PATIENT_DETAILS}
    said = {name: value or (_BLANK_SEX if name == "sex" else "") for name, value in changes.items() if name not in details}
    facts = [Fact(patient_id, PatientAmended(patient_id, said))] if said else []
    return [*facts, *([Fact(patient_id, PatientDetailsGiven(patient_id, details))] if details else [])]


def decide_flag(one: PatientState, other: PatientState, reason: str) -> list[Fact]:
    """Ask a lead to look at two records."""
    _check_pair(one.patient_id, other.patient_id)
    _check_reason(reason, "Say why they may be one person.")
    return [Fact(one.patient_id, PatientFlagged(one.patient_id, other.patient_id, reason), None, (other.patient_id,))]


def decide_link(one: PatientState, other: PatientState, reason: str) -> list[Fact]:
    """Note that two records belong together and stay two."""
    _check_pair(one.patient_id, other.patient_id)
    _check_reason(reason, "Say how they belong together.")
    return [Fact(one.patient_id, PatientLinked(one.patient_id, other.patient_id, reason), None, (other.patient_id,))]


def decide_not_same(one: PatientState, other: PatientState, reason: str) -> list[Fact]:
    """Close a review: two persons."""
    _check_pair(one.patient_id, other.patient_id)
    _check_reason(reason, "Say how you know that these are two persons.")
    return [Fact(one.patient_id, ReviewResolved(one.patient_id, other.patient_id, reason), None, (other.patient_id,))]


def standing(patient_id: str, merges: Sequence[tuple[str, str, str]]) -> str:
    """The record that stands for a record after the merges of its family, each as (stamp, survivor, retired).

    Two desks that do not know of each other may merge a record twice, or two records into one another. The oldest stamp
    counts: a later merge of a record that is retired already, or one that would close a circle, does not move it.
    """
    into: dict[str, str] = {}
    for _, survivor, retired in sorted(merges):
        if retired not in into and _end(survivor, into) != retired:
            into[retired] = survivor
    return _end(patient_id, into)


def _end(patient_id: str, into: Mapping[str, str]) -> str:
    while patient_id in into:
        patient_id = into[patient_id]
    return patient_id


def _check_pair(one: str, other: str) -> None:
    if one == other:
        raise DeskError(Refusal.BAD_VALUE, "Both sides are the same record. Choose two.")


def _check_reason(reason: str, text: str) -> None:
    if not reason.strip():
        raise DeskError(Refusal.NEEDS_REASON, text)


def _check_emergencies(patient: PatientState, policy: Policy) -> None:
    """An emergency visit that waits for its exam is let alone (42 CFR 489.24): its record and wristband must not change."""
    for visit in patient.visits.values():
        if not is_released(visit, policy) and not visit.milestones & _LEFT:
            raise DeskError(
                Refusal.EMTALA_HOLD,
                "One of these records has an emergency visit that waits for its screening exam. Merge after the exam.",
            )
