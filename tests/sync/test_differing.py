"""Figures that stay different, because one side sets aside what the other shows, do not have the feed fetched every minute."""

from __future__ import annotations

from access_desk.storage.engine import write_transaction
from access_desk.sync.core import Request, Response, RoundResult
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk


def a_round(desk: TestDesk, central: TestCentral) -> tuple[RoundResult, list[str]]:
    """What a round did, and from where it asked for the feed."""
    asked: list[str] = []

    def ask(request: Request) -> Response:
        if request.path.startswith("/v1/facilities/F/events"):
            asked.append(request.path.partition("after=")[2].partition("&")[0])
        return central.ask(request)

    return drive(round_of(desk).run(), ask), asked


def test_the_feed_is_followed_again_once_and_again_after_they_were_the_same() -> None:
    with a_desk("north", 1) as north:
        central = a_central()
        central.enroll(north)
        a_round(north, central)
        set_aside = "INSERT INTO local_parked VALUES ('F', 'north', 1, 3, 'a.kind', 'unknown')"
        for _ in range(2):
            assert a_round(north, central)[0].sane is True
            with write_transaction(central.database) as connection:
                connection.exec_driver_sql(set_aside)
            begun: list[int] = []
            for _ in range(4):
                north.register()
                result, asked = a_round(north, central)
                assert result.sane is False
                begun.append(asked.count("0"))
            assert begun == [0, 1, 0, 0]
            with write_transaction(central.database) as connection:
                connection.exec_driver_sql("DELETE FROM local_parked")
