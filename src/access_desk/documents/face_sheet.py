"""The face sheet: a registration on one page, or as many as it takes."""

from __future__ import annotations

from access_desk.documents.fonts import SEMIBOLD, Style
from access_desk.documents.letter import LEFT, RIGHT, SMALL, TEXT, Column, Letter, Row
from access_desk.documents.moments import day, day_and_clock
from access_desk.documents.printable import wrapped
from access_desk.documents.symbols import code128, is_whole, qr_code
from access_desk.domain.papers.registration import FaceSheet

STRONG = Style(SEMIBOLD, 9)
PLANS = (
    Column("", LEFT, 52),
    Column("Payer", 56, 190, wraps=True),
    Column("Plan", 196, 286, wraps=True),
    Column("Member id", 292, 386),
    Column("Group", 392, 444),
    Column("Subscriber", 450, 530, wraps=True),
    Column("Copay", 536, RIGHT, "right"),
)
FORMS = (Column("Form", LEFT, 300, wraps=True), Column("Standing", 310, RIGHT, wraps=True))
MIDDLE = 306.0


class _FaceSheet(Letter):
    counts = "Account"


def render_face_sheet(content: FaceSheet) -> bytes:
    """Draw a face sheet.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = _FaceSheet(content.imprint, "Face sheet", content.number)
    letter.top(barcode=False)
    page, patient = letter.page, content.patient
    if is_whole(patient.mrn):
        said = code128(page, 440, 40, 24, 150, patient.mrn)
        page.center(440, 76, f"MRN {said}", SMALL, 150)
    qr_code(page, 530, 38, 42, f"MRN={patient.mrn};ACCT={patient.account}")
    born = f"Born {day(patient.birth_date)}" if patient.birth_date else "Birth date not known"
    facts = ", ".join(part for part in (born, patient.age, patient.sex, f"MRN {patient.mrn}") if part)
    visit = (
        f"{content.visit_type.capitalize()}, arrived {day_and_clock(content.arrived_at)}, registered by {content.registered_by}"
    )
    letter.about(patient.name, facts, visit)
    if content.entered_at is not None:
        paper = f" from paper {content.paper_number}" if content.paper_number else ""
        page.left(
            LEFT, letter.y + 10, f"Entered after the fact, {day_and_clock(content.entered_at)}{paper}", STRONG, RIGHT - LEFT
        )
        letter.y += 12
    for title, facts_of in content.sections:
        _section(letter, title, facts_of)
    if content.plans:
        rows = [
            Row(
                (
                    str(number),
                    plan.payer,
                    plan.plan,
                    plan.member_id,
                    plan.group,
                    ", ".join(part for part in (plan.subscriber, plan.relationship) if part),
                    plan.copay.figures() if plan.copay is not None else "",
                )
            )
            for number, plan in enumerate(content.plans, 1)
        ]
        letter.table("Coverage, in order of benefits", PLANS, rows)
    if content.forms:
        letter.table("Forms", FORMS, [Row((form.title, form.standing)) for form in content.forms])
    return letter.finish()


def _section(letter: Letter, title: str, facts: tuple[tuple[str, str], ...]) -> None:
    """Place captions and values in two columns; a long value takes up to three lines."""
    letter.need(48)
    letter.heading(title)
    for left, right in zip(facts[::2], (*facts[1::2], ("", "")), strict=False):
        cells = [(LEFT, left), (MIDDLE, right)]
        shown = [(x, caption, wrapped(value or "Not known", TEXT, 172, 3)) for x, (caption, value) in cells if caption]
        height = 11.2 * max((len(lines) for _, _, lines in shown), default=0) + 2
        letter.need(height)
        for x, caption, lines in shown:
            letter.page.left(x, letter.y + 11, caption, SMALL, 80)
            for number, line in enumerate(lines):
                letter.page.left(x + 86, letter.y + 11 + number * 11.2, line, TEXT, 176)
        letter.y += height
    letter.y += 2
