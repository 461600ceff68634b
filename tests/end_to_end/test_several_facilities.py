"""One desk for two facilities: in the window one is chosen at sign-in or in the palette, with its own people and drawers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from access_desk.app import OpenedDesk, open_for_window, open_practice_desk
from access_desk.commands.facilities import DeskFacilities
from access_desk.commands.rounds import SyncRounds
from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished
from access_desk.domain.money import Money
from access_desk.domain.staff import Role
from access_desk.services.desk import Desk
from access_desk.storage.engine import write_transaction
from access_desk.sync.core import StoppedError
from access_desk.system.clock import SystemClock
from access_desk.ui.kit.fields import Combo
from access_desk.ui.start import Start
from tests.end_to_end.test_two_desks import Central, central, desk

__all__ = ["central"]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
PIN = "402913"
LONG_MS = 60_000
FACILITIES = (("CHR", "Cedar Hollow Regional", "dana", "Dana Whitfield"), ("LKS", "Lakeside Clinic", "omar", "Omar Siddiqui"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    for code, name, key, person in FACILITIES:
        with open_practice_desk(folder, SystemClock(), facility_id=code) as one:
            one.desk.provisioning.establish(FacilityEstablished(code, name, "America/Chicago"))
            one.desk.provisioning.add_person(key, person, Role.REGISTRAR, PIN)
            one.desk.provisioning.install_drawer(DrawerInstalled(f"drawer-{code}", f"{code}1", "Window 1", Money(10_000)))
    return folder


class Window:
    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot, self.desks = qtbot, list[OpenedDesk]()

        @contextmanager
        def opened(_: object) -> Iterator[Desk]:
            with open_for_window(home) as one:
                self.desks.append(one)
                yield one.desk

        self.start = Start(home, opened, find_facilities=lambda: DeskFacilities(self.desks[-1]))
        qtbot.addWidget(self.start.frame)
        self.start.show()
        self.start.load()
        self.wait_for_people()

    def wait_for_people(self) -> None:
        self.qtbot.waitUntil(
            lambda: self.start.program is not None and bool(self.start.program.sign_in.state.staff), timeout=LONG_MS
        )

    @property
    def facility(self) -> str:
        return self.desks[-1].desk.journal.facility_id

    def people(self) -> list[str]:
        program = self.start.program
        assert program is not None
        return [one.key for one in program.sign_in.state.staff]

    def sign_in(self, key: str) -> None:
        program = self.start.program
        assert program is not None
        program.sign_in.type_name(key)
        program.sign_in.submit(PIN)
        self.qtbot.waitUntil(lambda: not self.start.window.is_covered, timeout=LONG_MS)

    def wait_for(self, facility_id: str) -> None:
        self.qtbot.waitUntil(lambda: self.facility == facility_id, timeout=LONG_MS)
        self.wait_for_people()

    def close(self) -> None:
        self.start.close()
        QApplication.processEvents()


def test_a_facility_is_chosen_at_sign_in_and_in_the_palette(qtbot: QtBot, home: Path) -> None:
    one = Window(qtbot, home)
    assert (one.facility, one.people()) == ("LKS", ["omar"])
    choice = one.start.frame.findChild(Combo, "signInFacilities")
    assert choice is not None
    assert one.start.program is not None
    assert dict(one.start.program.sign_in.state.facilities) == {"CHR": "Cedar Hollow Regional", "LKS": "Lakeside Clinic"}
    choice.chosen.emit("CHR")
    one.wait_for("CHR")
    assert one.people() == ["dana"]
    one.sign_in("dana")
    desk = one.desks[-1].desk
    assert [drawer.key for drawer in desk.view.facility().drawers.values()] == ["CHR1"]
    program = one.start.program
    assert program is not None
    program.palette_model.open()
    qtbot.waitUntil(
        lambda: any(entry.command == "facility:LKS" for entry in program.palette_model.state.entries), timeout=LONG_MS
    )
    commands = [entry.command for entry in program.palette_model.state.entries]
    program.palette_model.choose(commands.index("facility:LKS"))
    one.wait_for("LKS")
    assert one.start.window.is_covered, "whoever goes there signs in there"
    one.sign_in("omar")
    one.close()
    again = Window(qtbot, home)
    assert again.facility == "LKS", "the desk opens where it was left"
    again.close()
    with open_practice_desk(home, SystemClock(), facility_id="CHR") as looked:
        kinds = [looked.desk.view.facility().people[one_id].key for one_id in looked.desk.view.facility().people]
    assert kinds == ["dana"], "nobody of one facility is in the other"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_same_desk_is_enrolled_for_a_second_facility_and_syncs_both(central: Central, tmp_path: Path) -> None:
    home = tmp_path / "north"

    def code(facility: str) -> str:
        return desk("central", "enrollment-code", "--facility", facility, "--home", central.home).splitlines()[-1]

    first, second = code("CHR"), code("LKS")
    for given, facility in ((first, "CHR"), (second, "LKS")):
        said = desk("enroll", "--central", central.url, "--code", given, "--label", "North", "--home", home)
        assert f"is desk 1 of {facility}" in said
    assert "serves LKS already" in desk("enroll", "--central", central.url, "--code", second, "--home", home, status=1)
    assert "the same here and there" in desk("sync", "--once", "--home", home)
    listed = json.loads(desk("central", "desks", "--json", "--home", central.home))["desks"]
    assert [(one["facility"], one["number"]) for one in listed] == [("CHR", 1), ("LKS", 1)]
    assert all(one["events"] >= 2 for one in listed), "each facility has a stream with its genesis"
    with open_for_window(home) as opened:
        assert opened.desk.journal.facility_id == "CHR", "the first one, until another is chosen"
        facilities = DeskFacilities(opened)
        assert [(one.facility_id, one.is_here) for one in facilities.served()] == [("CHR", True), ("LKS", False)]
        with pytest.raises(DeskError):
            facilities.join("no code")
        assert facilities.join(code("ERH")) == "ERH"
        facilities.choose("ERH")
    with open_for_window(home) as opened:
        assert opened.desk.journal.facility_id == "ERH"
        rounds = SyncRounds(opened)
        assert rounds.run().sane is True
        stands = {one.facility_id: (one.is_reached, one.waiting, one.trouble) for one in rounds.facilities()}
        assert stands == dict.fromkeys(("CHR", "LKS", "ERH"), (True, 0, ""))
        with write_transaction(opened.files.database) as connection:
            connection.exec_driver_sql("DELETE FROM events WHERE facility_id = 'LKS' AND desk_seq > 1")
        for looks in (False, True, True):
            result = rounds.run()
            assert (result.sane, "LKS: Central has event 2" in result.stopped) == (True, True)
            stopped = {one.facility_id: "older copy" in one.trouble for one in rounds.facilities() if one.is_reached}
            assert stopped == {"CHR": False, "LKS": True, "ERH": False}
            if looks:
                rounds.look_again()
        desk("central", "revoke", opened.files.identity.desk_id, "--home", central.home)
        with pytest.raises(StoppedError, match="revoked"):
            rounds.run()
        assert all("revoked" in one.trouble for one in rounds.facilities())
        with pytest.raises(UnavailableError, match="revoked"):
            DeskFacilities(opened).join(code("NEW"))
        rounds.close()
