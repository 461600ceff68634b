"""Which forms a visit still needs, as Register says it."""

from __future__ import annotations

from access_desk.domain.forms.catalogue import INITIAL
from access_desk.services.desk import Desk


def forms_due(desk: Desk, visit_id: str) -> tuple[str, ...]:
    """The titles of the forms that are still to be given; those that wait for the release of an emergency are not."""
    rows = desk.forms.of_visit(visit_id).rows
    return tuple(row.form.title if row.part == INITIAL else f"{row.form.title}, follow-up copy" for row in rows if row.is_open)
