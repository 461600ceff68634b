"""Cities and states of ZIP codes, from the table that a library brings; the first question loads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import zipcodes

ZIP_DIGITS = 5
_matching: Callable[[str], list[dict[str, Any]]] = zipcodes.matching


class ZipPlaces:
    """Which cities a ZIP code is delivered to."""

    def of_zip(self, zip_code: str) -> tuple[tuple[str, str], ...]:
        """Cities with their state, the usual one first; none for a text that is no ZIP code, or one that nobody has."""
        digits = zip_code.strip()[:ZIP_DIGITS]
        if len(digits) != ZIP_DIGITS or not (digits.isascii() and digits.isdecimal()):
            return ()
        found = _matching(digits)
        cities = ((city, one["state"]) for one in found for city in (one["city"], *one["acceptable_cities"]))
        return tuple(dict.fromkeys(cities))
