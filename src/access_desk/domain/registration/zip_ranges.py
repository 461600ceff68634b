"""Which state a ZIP code lies in, by its first three digits (USPS Labeling List L002, three-digit prefixes)."""

from __future__ import annotations

from collections.abc import Mapping

_RANGES: Mapping[str, str] = {
    "AL": "350-369", "AK": "995-999", "AZ": "850-865", "AR": "716-729 755", "CA": "900-961", "CO": "800-816", "CT": "060-069",
    "DE": "197-199", "DC": "200 202-205 569", "FL": "320-339 341-349", "GA": "300-319 398-399", "HI": "967-968", "ID": "832-838",
    "IL": "600-629", "IN": "460-479", "IA": "500-528", "KS": "660-679", "KY": "400-427", "LA": "700-714", "ME": "039-049",
    "MD": "206-219", "MA": "010-027 055", "MI": "480-499", "MN": "550-567", "MS": "386-397", "MO": "630-658", "MT": "590-599",
    "NE": "680-693", "NV": "889-898", "NH": "030-038", "NJ": "070-089", "NM": "870-884", "NY": "005 063 100-149",
    "NC": "270-289", "ND": "580-588", "OH": "430-459", "OK": "730-749", "OR": "970-979", "PA": "150-196", "RI": "028-029",
    "SC": "290-299", "SD": "570-577", "TN": "370-385", "TX": "733 750-799 885", "UT": "840-847", "VT": "050-059",
    "VA": "201 220-246", "WA": "980-994", "WV": "247-268", "WI": "530-549", "WY": "820-831", "PR": "006-007 009", "VI": "008",
    "GU": "969", "MP": "969", "AS": "967", "AA": "340", "AE": "090-098", "AP": "962-966", "FM": "969", "MH": "969", "PW": "969",
}  # fmt: skip
# Codes of states on mail: with those of the armed forces and of the freely associated states.
POSTAL = frozenset(_RANGES)
_PREFIX = 3


def _states() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for state, ranges in _RANGES.items():
        for part in ranges.split():
            first, _, last = part.partition("-")
            for number in range(int(first), int(last or first) + 1):
                found.setdefault(f"{number:03d}", set()).add(state)
    return {prefix: frozenset(states) for prefix, states in found.items()}


_STATES = _states()


def states_of_zip(digits: str) -> frozenset[str]:
    """The states that codes with this beginning lie in; none for a prefix that is not assigned to one."""
    return _STATES.get(digits[:_PREFIX], frozenset())
