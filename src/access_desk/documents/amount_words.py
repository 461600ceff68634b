"""An amount in words, as on a check: ``One thousand ninety-six dollars and 00/100``."""

from __future__ import annotations

from access_desk.domain.money import Money

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
THOUSAND = 1000
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (THOUSAND, "thousand"))


def in_words(amount: Money) -> str:
    """Write the amount out; a negative one begins with ``Minus``."""
    dollars, cents = divmod(abs(amount.cents), 100)
    words = f"{_number(dollars)} {'dollar' if dollars == 1 else 'dollars'} and {cents:02d}/100"
    words = f"minus {words}" if amount.cents < 0 else words
    return words[0].upper() + words[1:]


def _number(number: int) -> str:
    if number < THOUSAND:
        return _below_thousand(number)
    words = []
    for scale, name in _SCALES:
        count, number = divmod(number, scale)
        if count:
            words.append(f"{_number(count)} {name}")
    if number:
        words.append(_below_thousand(number))
    return " ".join(words)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= len(_SMALL):
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens] + (f"-{_SMALL[ones]}" if ones else ""))
    elif rest or not words:
        words.append(_SMALL[rest])
    return " ".join(words)
