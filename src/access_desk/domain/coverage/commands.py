"""What a person files about who pays for a visit, checked before anything is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from access_desk.domain.cash_drawer.commands import check_amount
from access_desk.domain.content import Content
from access_desk.domain.coverage.authorization import Authorization
from access_desk.domain.coverage.eligibility import SOURCES, EligibilityAnswer
from access_desk.domain.coverage.events import CARD_SIDES
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.good_faith import GoodFaithEstimate
from access_desk.domain.estimates.share import ShareInputs
from access_desk.domain.identifiers import check_mbi
from access_desk.domain.visits.events import Coverage

RELATIONSHIPS = ("self", "spouse", "child", "parent", "other")
MOST_PLANS = 9
LARGEST_CARD = 12_000_000
_MEDIA_TYPES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True, slots=True)
class CardGiven:
    """An image of one side of a card."""

    side: str
    image: Content
    media_type: str


@dataclass(frozen=True, slots=True)
class EligibilityGiven:
    """A payer's answer, taken by somebody or imported; ``checked_at`` (aware UTC) is when it was given."""

    source: str
    checked_at: datetime
    answer: EligibilityAnswer
    raw: Content | None = None


@dataclass(frozen=True, slots=True)
class PlanFiling:
    """What is filed about one plan. Without a ``coverage_id`` it is a new one, described by ``coverage``."""

    coverage_id: str = ""
    coverage: Coverage | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[CardGiven, ...] = ()
    eligibility: EligibilityGiven | None = None
    authorization: Authorization | None = None
    estimate: ShareInputs | None = None


@dataclass(frozen=True, slots=True)
class QuestionnaireGiven:
    """Answers to the Medicare secondary payer questionnaire; ``answered_by`` is one of ANSWERED_BY."""

    answered_by: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CoverageFiling:
    """Everything that is filed at once about who pays for a visit.

    ``plans`` stand in the order of benefits; plans that are not named follow. ``is_reordered`` says that the order was
    changed on purpose, ``order_reason`` why it goes against the questionnaire.
    """

    plans: tuple[PlanFiling, ...] = ()
    removed: Mapping[str, str] = field(default_factory=dict)
    is_reordered: bool = False
    order_reason: str = ""
    questionnaire: QuestionnaireGiven | None = None
    good_faith_asked: tuple[str, date, date | None] | None = None
    good_faith: GoodFaithEstimate | None = None

    def contents(self) -> tuple[Content, ...]:
        """The large content that it names."""
        cards = [card.image for plan in self.plans for card in plan.cards]
        raws = [plan.eligibility.raw for plan in self.plans if plan.eligibility and plan.eligibility.raw]
        return (*cards, *raws)

    def check(self) -> None:
        """Raises ``bad_value``, ``bad_amount`` or ``bad_identifier``."""
        if len(self.plans) > MOST_PLANS:
            raise DeskError(Refusal.BAD_VALUE, f"A visit has at most {MOST_PLANS} plans.")
        for plan in self.plans:
            _check_plan(plan)
        if self.good_faith is not None:
            self.good_faith.check()


def _check_plan(plan: PlanFiling) -> None:
    if plan.coverage is not None:
        check_coverage(plan.coverage)
    for card in plan.cards:
        if card.side not in CARD_SIDES or card.media_type not in dict(_MEDIA_TYPES).values():
            raise DeskError(Refusal.BAD_VALUE, "A card has a front and a back, each as a PNG or JPEG image.")
        if not 0 < card.image.size <= LARGEST_CARD:
            raise DeskError(Refusal.BAD_VALUE, "The image of the card is too large. Scan it with fewer dots per inch.")
    if plan.eligibility is not None:
        plan.eligibility.answer.check()
        if plan.eligibility.source not in SOURCES:
            raise DeskError(Refusal.BAD_VALUE, "Say where the answer comes from: telephone, website, card or 271.")
    if plan.authorization is not None:
        plan.authorization.check()
    if plan.estimate is not None:
        plan.estimate.check()


def check_coverage(coverage: Coverage) -> None:
    """Raises ``bad_value``, ``bad_amount`` or ``bad_identifier``.

    A plan has a payer. Somebody covered through another person needs to say through whom; a Medicare beneficiary is
    always their own subscriber.
    """
    if not coverage.payer.strip():
        raise DeskError(Refusal.BAD_VALUE, "A plan needs the name of its payer.")
    if coverage.relationship and coverage.relationship not in RELATIONSHIPS:
        raise DeskError(Refusal.BAD_VALUE, "The patient is the subscriber, or their spouse, child, parent or other.")
    if coverage.medicare and coverage.relationship not in ("", "self"):
        raise DeskError(Refusal.BAD_VALUE, "Medicare covers the patient alone: the relationship is self.")
    if coverage.relationship not in ("", "self") and not coverage.subscriber.strip():
        raise DeskError(Refusal.BAD_VALUE, "Enter the subscriber through whom the patient is covered.")
    if coverage.starts and coverage.ends and coverage.ends < coverage.starts:
        raise DeskError(Refusal.BAD_VALUE, "The plan ends before it starts. Check the dates.")
    if coverage.copay:
        check_amount(coverage.copay)
    if coverage.medicare:
        check_mbi(coverage.member_id)


def is_effective(coverage: Coverage, day: date) -> bool:
    """Whether the plan's dates, where they are known, include the day."""
    return (coverage.starts is None or coverage.starts <= day) and (coverage.ends is None or day <= coverage.ends)


def card_media_type(image: bytes) -> str:
    """``image/png`` or ``image/jpeg``, by what the bytes are. Raises ``bad_value``."""
    for start, media_type in _MEDIA_TYPES:
        if image.startswith(start):
            if len(image) > LARGEST_CARD:
                raise DeskError(Refusal.BAD_VALUE, "The image of the card is too large. Scan it with fewer dots per inch.")
            return media_type
    raise DeskError(Refusal.BAD_VALUE, "This is not a PNG or JPEG image. Choose the scanned card.")
