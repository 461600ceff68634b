"""Sign-in and lock: intents in, states out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.sign_in import SIGN_OUT_AFTER_LOCK, SignInModel
from tests.presentation.money_desk import PINS, MoneyDesk, run_now


class Cover:
    def __init__(self, desk: MoneyDesk) -> None:
        self.came: list[str] = []
        self.went: list[str] = []
        self.model = SignInModel(run_now)
        self.model.attach(desk.desk, self.came.append, self.went.append)


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


@pytest.fixture
def cover(desk: MoneyDesk) -> Cover:
    return Cover(desk)


def test_before_the_desk_is_open_nothing_can_be_typed_in() -> None:
    model = SignInModel(run_now)
    model.tick()
    model.submit("402913")
    assert model.state.subtitle == "Opening the desk…"
    assert model.person_id == ""


def test_signing_in_by_name(desk: MoneyDesk, cover: Cover) -> None:
    cover.model.type_name(" Dana ")
    cover.model.submit(PINS["dana"])
    assert cover.came == [desk.dana]
    assert cover.model.person_id == desk.dana
    assert cover.model.state.mode == "hidden"
    assert "session.signed_in" in desk.kinds()


def test_an_unknown_name_and_a_text_that_is_no_pin(cover: Cover) -> None:
    cover.model.type_name("nobody")
    assert cover.model.state.error == "Nobody here has this sign-in name."
    cover.model.submit("123456")
    assert cover.model.state.error == "Choose who you are first."
    cover.model.type_name("dana")
    for typed in ("", "12", "12ab", "１２３４", "1234567890123"):
        cover.model.submit(typed)
        assert cover.model.state.error == "Enter your PIN: 4 to 12 digits."


def test_five_wrong_pins_wait_and_say_how_long(desk: MoneyDesk, cover: Cover) -> None:
    cover.model.type_name("dana")
    for _ in range(4):
        cover.model.submit("111111")
        assert cover.model.state.error == "The PIN does not match. Try again."
    cover.model.submit("111111")
    assert cover.model.state.waits.startswith("Too many wrong PINs. Try again in 5 min 00 s")
    cover.model.submit(PINS["dana"])
    assert cover.came == []
    desk.clock.set_to(desk.clock.now() + timedelta(minutes=4, seconds=30))
    cover.model.tick()
    assert "0 min 30 s" in cover.model.state.waits
    desk.later(1)
    cover.model.tick()
    assert cover.model.state.waits == ""
    cover.model.submit(PINS["dana"])
    assert cover.came == [desk.dana]


def test_the_wait_survives_choosing_somebody_else_and_coming_back(desk: MoneyDesk, cover: Cover) -> None:
    cover.model.type_name("dana")
    for _ in range(5):
        cover.model.submit("111111")
    cover.model.other_user()
    cover.model.type_name("dana")
    cover.model.submit(PINS["dana"])
    assert cover.came == []
    assert cover.model.state.waits != ""


def signed_in(desk: MoneyDesk, cover: Cover) -> None:
    cover.model.type_name("dana")
    cover.model.submit(PINS["dana"])
    form = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    form.open_new({"family": "Stavros"})
    form.save_draft()


def test_a_lock_says_what_stays_and_no_patient(desk: MoneyDesk, cover: Cover) -> None:
    desk.open_drawer()
    signed_in(desk, cover)
    cover.model.lock(idle=True)
    assert cover.model.person_id == ""
    assert [text for _, text in cover.model.state.notes] == [
        "The drawer stays with Dana until it is handed over.",
        "1 registration kept as a draft.",
        "Signs out at 9:20 AM. Drafts stay.",
    ]
    assert "Stavros" not in repr(cover.model.state)
    assert cover.model.state.chosen is not None
    assert cover.model.state.chosen.short_name == "Dana W."
    cover.model.submit(PINS["dana"])
    assert desk.kinds()[-1] == "session.unlocked"
    assert cover.came == [desk.dana, desk.dana]


def test_another_user_can_take_a_locked_desk(desk: MoneyDesk, cover: Cover) -> None:
    signed_in(desk, cover)
    cover.model.lock(idle=False)
    cover.model.other_user()
    cover.model.type_name("priya")
    cover.model.submit(PINS["priya"])
    assert cover.model.person_id == desk.priya
    assert [draft.title for draft in desk.desk.drafts.of(desk.dana)] == ["Stavros"]
    assert desk.desk.drafts.of(desk.priya) == []


def test_a_desk_left_locked_signs_out(desk: MoneyDesk, cover: Cover) -> None:
    signed_in(desk, cover)
    cover.model.lock(idle=True)
    desk.clock.set_to(desk.clock.now() + SIGN_OUT_AFTER_LOCK)
    cover.model.tick()
    assert cover.model.state.mode == "sign_in"
    assert cover.went == [desk.dana]
    assert desk.kinds()[-1] == "session.signed_out"
