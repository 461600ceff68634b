"""What the papers of a registration say: forms, face sheet, wristband, label, estimate letter, good-faith estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.forms.strokes import Strokes
from access_desk.domain.full_name import AFTER_GIVEN, full_name
from access_desk.domain.money import Money
from access_desk.domain.papers.imprint import Imprint

ENGLISH, SPANISH = "en", "es"


@dataclass(frozen=True, slots=True)
class PatientOnPaper:
    """Who a paper is about. ``age`` is in words (``39 y``) or blank; ``birth_date`` may be None: not known."""

    family: str
    given: str
    middle: str
    suffix: str
    mrn: str
    account: str
    birth_date: date | None
    sex: str
    age: str = ""
    suffix_after: str = AFTER_GIVEN

    @property
    def name(self) -> str:
        """``Vega-Trujillo, Marisol A``; the family name first, as labels have it."""
        return full_name(self.family, self.given, self.middle, self.suffix, self.suffix_after) or "Name not known"


@dataclass(frozen=True, slots=True)
class FormSigned:
    """What became of a form. ``status`` is signed, refused or unable; moments are local; texts may be blank."""

    status: str
    given_at: datetime
    method: str = ""
    signer: str = ""
    relationship: str = ""
    reason: str = ""
    seen_by: str = ""
    witness: str = ""
    explained: bool = False
    strokes: Strokes | None = None
    strokes_sha256: str = ""


@dataclass(frozen=True, slots=True)
class FormPaper:
    """A form with the patient's name; ``done`` None leaves lines to be signed with a pen."""

    imprint: Imprint
    number: str
    form: str
    version: str
    language: str
    title: str
    paragraphs: tuple[tuple[str, str], ...]
    wording_sha256: str
    patient: PatientOnPaper
    visit_date: date
    official: str = ""
    aloud: bool = False
    done: FormSigned | None = None


@dataclass(frozen=True, slots=True)
class PlanOnPaper:
    """One plan of the visit, in order of benefits."""

    payer: str
    plan: str
    member_id: str
    group: str
    subscriber: str
    relationship: str
    copay: Money | None = None


@dataclass(frozen=True, slots=True)
class FormOnPaper:
    """A form of the visit and where it stands, in words."""

    title: str
    standing: str


@dataclass(frozen=True, slots=True)
class FaceSheet:
    """The registration on one page. ``sections`` are titles with captions and values; a blank value is not known.

    ``entered_at`` and ``paper_number`` are of a registration that was entered after the fact.
    """

    imprint: Imprint
    number: str
    patient: PatientOnPaper
    visit_type: str
    arrived_at: datetime
    registered_by: str
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    plans: tuple[PlanOnPaper, ...] = ()
    forms: tuple[FormOnPaper, ...] = ()
    entered_at: datetime | None = None
    paper_number: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A wristband or a label: who, and when the visit began (local)."""

    imprint: Imprint
    patient: PatientOnPaper
    visit_type: str
    arrived_at: datetime
    alert: str = ""


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """A plan's estimate: what it was worked out from, and the patient's share by kind."""

    payer: str
    allowed: Money
    deductible_left: Money
    coinsurance_percent: str
    out_of_pocket_left: Money | None
    copay: Money
    deductible: Money
    coinsurance: Money
    total: Money
    capped: bool = False


@dataclass(frozen=True, slots=True)
class EstimateLetter:
    """What the patient will probably owe, by plan, with the figures it was worked out from."""

    imprint: Imprint
    number: str
    patient: PatientOnPaper
    language: str
    made_at: datetime
    service: str
    lines: tuple[EstimateLine, ...]


@dataclass(frozen=True, slots=True)
class GoodFaithLine:
    """One expected item or service."""

    service: str
    code: str
    diagnosis: str
    quantity: int
    charge: Money


@dataclass(frozen=True, slots=True)
class GoodFaithPaper:
    """A good-faith estimate with everything that 45 CFR 149.610(c)(1) asks for; ``service_on`` None: not scheduled."""

    imprint: Imprint
    number: str
    patient: PatientOnPaper
    language: str
    made_at: datetime
    service: str
    service_on: date | None
    provider: str
    npi: str
    tin: str
    items: tuple[GoodFaithLine, ...]
    total: Money
