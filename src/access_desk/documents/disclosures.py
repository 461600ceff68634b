"""The accounting of disclosures that a patient may ask for."""

from __future__ import annotations

from access_desk.documents.letter import LEFT, RIGHT, SMALL, Column, Letter, Row
from access_desk.documents.moments import day
from access_desk.domain.papers.privacy import DisclosureAccounting

LINES = (
    Column("Date", LEFT, 92),
    Column("To whom, and their address", 98, 268, wraps=True),
    Column("What was disclosed", 274, 428, wraps=True),
    Column("For what purpose", 434, RIGHT, wraps=True),
)
NOT_LISTED = (
    "Not listed, as the rule has it: disclosures for treatment, payment and health care operations, to you, with your "
    "authorization, to people involved in your care or by the facility directory, incidental ones, of a limited data set, for "
    "national security, and to correctional institutions (45 CFR 164.528(a)(1))."
)
RIGHTS = "The first accounting in any twelve months is free of charge; it is due within 60 days of your request (164.528(c))."


class _Accounting(Letter):
    counts = "MRN"


def render_disclosures(content: DisclosureAccounting) -> bytes:
    """Draw an accounting of disclosures.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = _Accounting(content.imprint, "Accounting of disclosures", content.number)
    letter.top(barcode=False)
    patient = content.patient
    born = f"Born {day(patient.birth_date)}" if patient.birth_date else "Birth date not known"
    period = f"Disclosures from {day(content.since)} to {day(content.until)}"
    letter.about(patient.name, f"{born}, MRN {patient.mrn}", period)
    letter.y += 2
    if content.lines:
        rows = [
            Row((day(one.disclosed_on), _recipient(one.recipient, one.address), one.what, one.purpose)) for one in content.lines
        ]
        counted = "1 disclosure" if len(rows) == 1 else f"{len(rows)} disclosures"
        letter.table("Disclosures", LINES, rows, caption=counted)
    else:
        letter.heading("Disclosures")
        letter.paragraph("None in this period.")
    letter.y += 8
    for text in (NOT_LISTED, RIGHTS):
        letter.paragraph(text, SMALL)
        letter.y += 3
    return letter.finish()


def _recipient(recipient: str, address: str) -> str:
    return f"{recipient}, {address}" if address.strip() else recipient
