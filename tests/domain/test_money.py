"""Money is whole cents, read exactly and written exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.denominations import ALL_DENOMINATIONS, LARGEST_PIECES, CashCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import LARGEST_CENTS, Money, total

cents = st.integers(-LARGEST_CENTS, LARGEST_CENTS)


@given(cents)
def test_what_is_written_is_read_again(amount: int) -> None:
    assert Money.parse(str(Money(amount))) == Money(amount)


@given(st.integers(0, LARGEST_CENTS))
def test_what_a_column_shows_can_be_typed(amount: int) -> None:
    assert Money.typed(Money(amount).figures()) == Money.typed(Money(amount).dollars()) == Money(amount)


@given(st.lists(cents))
def test_sums_are_sums_of_cents(amounts: list[int]) -> None:
    assert total(Money(one) for one in amounts).cents == sum(amounts)
    assert Money(0) + total(Money(-one) for one in amounts) == -total(Money(one) for one in amounts)


@given(cents, cents)
def test_order_and_hash_follow_the_cents(one: int, other: int) -> None:
    assert (Money(one) < Money(other)) == (one < other)
    assert (Money(one) == Money(other)) == (one == other)
    assert len({Money(one), Money(other)}) == len({one, other})


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_only_whole_cents_make_money(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        Money(1).cents = 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "25.0",
        "25.000",
        " 25.00",
        "25.00 ",
        "+25.00",
        "--1.00",
        "1,000.00",
        "NaN",
        "1e2",
        "٢٥.٠٠",
        25,
        25.0,
        None,
        b"1.00",
    ],
)
def test_files_write_two_decimals_and_nothing_else(text: object) -> None:
    with pytest.raises(DeskError) as refused:
        Money.parse(text)
    assert refused.value.code is Refusal.BAD_AMOUNT


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("120", 12_000),
        ("43.6", 4_360),
        (".5", 50),
        ("$1,361.00", 136_100),
        (" 7 ", 700),
        ("7.", 700),
        ("0.01", 1),
        ("9999999.99", LARGEST_CENTS),
    ],
)
def test_people_type_less(text: str, amount: int) -> None:
    assert Money.typed(text) == Money(amount)


@pytest.mark.parametrize(
    "text", ["", ".", "$", "1.234", "-5", "1,00", "12,34.00", "1 000", "five", "1e3", "NaN", "10000000", "٢٥"]
)
def test_what_cannot_be_read_is_not_guessed(text: str) -> None:
    with pytest.raises(DeskError) as refused:
        Money.typed(text)
    assert refused.value.code is Refusal.BAD_AMOUNT


@pytest.mark.parametrize(
    ("amount", "exact", "figures", "dollars", "signed"),
    [
        (136_100, "1361.00", "1,361.00", "$1,361.00", "+1,361.00"),
        (-500, "-5.00", "\u22125.00", "\u2212$5.00", "\u22125.00"),
        (0, "0.00", "0.00", "$0.00", "0.00"),
        (-1, "-0.01", "\u22120.01", "\u2212$0.01", "\u22120.01"),
    ],
)
def test_the_ways_it_is_shown(amount: int, exact: str, figures: str, dollars: str, signed: str) -> None:
    money = Money(amount)
    assert (str(money), money.figures(), money.dollars(), money.signed_figures()) == (exact, figures, dollars, signed)


@given(
    st.dictionaries(st.sampled_from([piece.key for piece in ALL_DENOMINATIONS]), st.integers(0, 1_000)), st.integers(0, 10_000)
)
def test_a_count_is_worth_its_pieces(pieces: dict[str, int], mutilated: int) -> None:
    worth = {piece.key: piece.value.cents for piece in ALL_DENOMINATIONS}
    assert CashCount(pieces, Money(mutilated)).total().cents == sum(worth[key] * n for key, n in pieces.items()) + mutilated


def test_rolls_hold_what_the_wrappers_say() -> None:
    rolls = {"roll:1c$": 2_500, "roll:0.50": 1_000, "roll:0.25": 1_000, "roll:0.10": 500, "roll:0.05": 200, "roll:0.01": 50}
    assert {piece.key: piece.value.cents for piece in ALL_DENOMINATIONS if piece.is_roll} == rolls


@pytest.mark.parametrize(
    "pieces", [{"3": 1}, {"20": -1}, {"20": 1.5}, {"20": True}, {"20": "1"}, {"20": LARGEST_PIECES + 1}, {"": 1}]
)
def test_a_count_that_cannot_be(pieces: dict[str, int]) -> None:
    with pytest.raises(DeskError) as refused:
        CashCount(pieces)
    assert refused.value.code is Refusal.BAD_COUNT
