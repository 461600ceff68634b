"""What the strip, the bar and the Sync page say about central."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from access_desk.presentation.sync_status import SyncPageModel, offline_text, strip_text
from access_desk.storage.engine import write_transaction
from access_desk.sync.loop import SyncStatus
from tests.presentation.money_desk import MoneyDesk, run_now

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def as_it_is(moment: datetime) -> datetime:
    return moment


@pytest.mark.parametrize(
    ("status", "value", "bar"),
    [
        (None, "All saved here", ""),
        (SyncStatus(), "All saved here", ""),
        (SyncStatus(last_contact=NOW), "All at central, 3:00 PM", ""),
        (SyncStatus(3, NOW), "Saved here, 3 to send", ""),
        (SyncStatus(3, NOW, NOW - timedelta(minutes=20)), "Offline, 3 kept here", "Offline since 2:40 PM."),
        (SyncStatus(3, NOW, None, "This desk was revoked."), "Stopped, 3 kept here", "Synchronization stopped."),
    ],
)
def test_the_strip_and_the_bar(status: SyncStatus | None, value: str, bar: str) -> None:
    assert strip_text(status, as_it_is).value == value
    assert offline_text(status, as_it_is)[0] == bar


class Said:
    """A synchronization that only says how it stands."""

    def __init__(self, status: SyncStatus) -> None:
        self.status, self.pokes, self.fetched = status, 0, 0

    def poke(self) -> None:
        self.pokes += 1

    def fetch_again(self) -> None:
        self.fetched += 1


def test_the_page_of_a_desk_that_works_by_itself() -> None:
    page = SyncPageModel(MoneyDesk().desk, run_now, None)
    page.refresh()
    page.try_now()
    assert (page.state.headline, page.state.is_enrolled) == ("Everything is saved on this computer.", False)
    assert "not enrolled" in page.state.detail


def test_the_page_says_what_waits_since_when_and_tries_again() -> None:
    desk = MoneyDesk()
    desk.later(90)
    now = desk.desk.view.now().astimezone(UTC)
    sync = Said(SyncStatus(9, now - timedelta(hours=1), now - timedelta(minutes=30)))
    page = SyncPageModel(desk.desk, run_now, sync)
    page.refresh()
    facts = dict(page.state.facts)
    assert page.state.headline == "Offline since 10:00 AM."
    assert facts["Not yet at central"].endswith("events, the oldest since 9:00 AM")
    assert facts["Last contact"] == "9:30 AM"
    assert facts["Record numbers left"] == "Without end"
    page.try_now()
    assert sync.pokes == 1
    sync.status = SyncStatus(0, now)
    page.heard(sync.status)
    assert page.state.headline == "Connected with central."


def test_what_was_let_go_can_be_fetched_from_the_page() -> None:
    desk = MoneyDesk()
    sync = Said(SyncStatus(0, desk.desk.view.now().astimezone(UTC)))
    page = SyncPageModel(desk.desk, run_now, sync)
    page.refresh()
    page.fetch_details()
    assert (page.state.may_fetch, sync.fetched) == (False, 0), "everything is here"
    with write_transaction(desk.desk.journal.engine) as connection:
        row = (desk.desk.journal.facility_id, "c1", "D9", "1", "2026-01-02", "day", 0, "2026-02-02T00:00:00.000000Z")
        connection.exec_driver_sql("INSERT INTO local_let_go_custodies VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    page.refresh()
    assert page.state.may_fetch
    page.fetch_details()
    assert (page.state.may_fetch, sync.fetched) == (False, 1)
    assert "stay for 7 days" in page.state.notice
