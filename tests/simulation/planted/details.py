"""Bugs in what a desk lets go of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from access_desk.domain.payments.events import PaymentVoided
from access_desk.storage import let_go, let_go_rows
from tests.simulation.planted.planting import planted


@planted("a desk lets go of what it recorded itself", (let_go, "let_go_some"), hours=8.0)
def own_details_are_let_go(real: Any) -> Any:
    return lambda connection, facility_id, own_desk, now: real(connection, facility_id, "nobody", now)


@planted("what is let go leaves no sums", (let_go_rows, "_add_postings"), hours=8.0)
def no_sums_are_kept(real: Any) -> Any:
    del real
    return lambda connection, event: None


@planted("a payment is let go without its void", (let_go, "_of_payment"), hours=8.0)
def voids_stay_behind(real: Any) -> Any:
    return lambda *given: [one for one in real(*given) if not isinstance(one.body, PaymentVoided)]


@planted("details are let go of an hour too early", (let_go, "let_go_some"), hours=8.0)
def details_go_too_early(real: Any) -> Any:
    return lambda connection, facility_id, own_desk, now: real(connection, facility_id, own_desk, now + timedelta(hours=1))


@planted("the last custody of a drawer is let go", (let_go, "_is_last_of_drawer"), hours=8.0)
def drawers_forget_what_they_hold(real: Any) -> Any:
    del real
    return lambda connection, facility_id, custody_id: False
