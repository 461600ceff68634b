"""Reading the values of a day file's step. A wrong value raises the DeskError that refuses the step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from access_desk.domain.cash_drawer.commands import check_amount
from access_desk.domain.denominations import BY_KEY, CashCount, ClosingCount, CountedCheck
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import LARGEST_CENTS, Money
from access_desk.domain.staff import Countersign

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_CLOSING_KEYS = frozenset({"checks", "card_total", "card_batch"})


def bad_value(key: str) -> DeskError:
    """The refusal for a value that cannot be."""
    return DeskError(Refusal.BAD_VALUE, f"The value of {key} cannot be read. Correct it and try again.")


class Values:
    """The keys of one object in a step."""

    def __init__(self, values: Mapping[str, object], note: str = "") -> None:
        self._values = values
        self._note = note

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str = "") -> str:
        """A text, exactly as it stands."""
        value = self._values.get(key, default)
        if not isinstance(value, str):
            raise bad_value(key)
        return value

    def needed_text(self, key: str) -> str:
        """A text that has to be there."""
        if not self.text(key):
            raise bad_value(key)
        return self.text(key)

    def amount(self, key: str) -> Money:
        """An amount from 0.01 to 9,999,999.99."""
        amount = Money.parse(self._values.get(key))
        check_amount(amount)
        return amount

    def amount_or_zero(self, key: str) -> Money:
        """An amount from 0.00 to 9,999,999.99."""
        amount = Money.parse(self._values.get(key))
        if not 0 <= amount.cents <= LARGEST_CENTS:
            raise DeskError(Refusal.BAD_AMOUNT, "An amount is from 0.00 to 9,999,999.99.")
        return amount

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._values.get(key, False)
        if type(value) is not bool:
            raise bad_value(key)
        return value

    def day(self, key: str) -> date | None:
        """A calendar date in ISO form."""
        value = self._values.get(key)
        if value is None and key not in self._values:
            return None
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise bad_value(key)
        try:
            return date.fromisoformat(value)
        except ValueError as wrong:
            raise bad_value(key) from wrong

    def number(self, key: str) -> int | None:
        """A whole number."""
        value = self._values.get(key)
        if key in self._values and type(value) is not int:
            raise bad_value(key)
        return value if isinstance(value, int) else None

    def inside(self, key: str) -> Values:
        """An object; absent means empty."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise bad_value(key)
        return Values(value, self._note)

    def each(self, key: str) -> list[Values]:
        """A list of objects; absent means none."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise bad_value(key)
        return [Values(one, self._note) for one in value]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; absent means none."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise bad_value(key)
        return tuple(value)

    def is_object(self, key: str) -> bool:
        """Whether the value is an object rather than a single value."""
        return isinstance(self._values.get(key), dict)

    def keys(self) -> list[str]:
        """The keys that are there."""
        return list(self._values)

    def count(self, key: str) -> CashCount:
        """A count of cash. Raises ``bad_count``, also for a missing one."""
        try:
            return _cash(self._counted(key), self._note, closing=False)
        except DeskError as wrong:
            raise DeskError(Refusal.BAD_COUNT, wrong.text) from wrong

    def closing_count(self, key: str) -> ClosingCount:
        """A count of cash with checks, money orders and the card batch."""
        counted = self._counted(key)
        inside = Values({name: counted[name] for name in _CLOSING_KEYS if name in counted})
        try:
            checks = tuple(_check(one) for one in inside.each("checks"))
            card_total = inside.amount_or_zero("card_total") if "card_total" in inside else Money(0)
            return ClosingCount(_cash(counted, self._note, closing=True), checks, card_total, inside.text("card_batch"))
        except DeskError as wrong:
            # Whatever is wrong inside a count makes the count wrong.
            raise DeskError(Refusal.BAD_COUNT, wrong.text) from wrong

    def _counted(self, key: str) -> Mapping[str, object]:
        value = self._values.get(key)
        if not isinstance(value, dict):
            raise DeskError(Refusal.BAD_COUNT, "A count names pieces by denomination.")
        return value


def _cash(counted: Mapping[str, object], note: str, *, closing: bool) -> CashCount:
    pieces: dict[str, int] = {}
    mutilated = Money(0)
    for key, value in counted.items():
        if closing and key in _CLOSING_KEYS:
            continue
        if key == "mutilated":
            mutilated = _mutilated(value, note)
        elif key not in BY_KEY or type(value) is not int:
            raise DeskError(Refusal.BAD_COUNT, "A count names known bills, coins or rolls with whole numbers of pieces.")
        else:
            pieces[key] = value
    return CashCount(pieces, mutilated)


def _mutilated(value: object, note: str) -> Money:
    amount = Money.parse(value)
    check_amount(amount)
    if not note.strip():
        raise DeskError(Refusal.BAD_COUNT, "Mutilated money needs a note that says what it is.")
    return amount


def _check(one: Values) -> CountedCheck:
    tender = one.text("tender", "check")
    if tender not in ("check", "money_order"):
        raise bad_value("tender")
    return CountedCheck(one.text("number"), one.amount("amount"), tender)


def countersign(values: Values, who: str, pin: str, person_id: str | None) -> Countersign | None:
    """The named second person with the PIN they typed; None when nobody is named."""
    if who not in values:
        values.text(pin)
        return None
    values.needed_text(who)
    typed = values.text(pin) if pin in values else None
    return Countersign(person_id or "", typed)
