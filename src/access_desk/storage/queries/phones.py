"""Records by telephone numbers, of which one was taken with its area code and the other without. What was typed is always bound.

The index has a number as it was taken. One typed without its area code is looked for behind each area code that the index has:
these are few, and each is found by one step over all numbers that have the last.
"""

from __future__ import annotations

from typing import Any, Final

from access_desk.domain.matching.person import AREA_CODE, LOCAL_PHONE, WHOLE_PHONE
from access_desk.storage.queries.patient_index import PHONE, ask, places, prefix
from access_desk.storage.statements import Readable

# Fewer digits than this may be the area code itself; behind every area code they would find whoever comes first.
LEAST_LOCAL: Final = AREA_CODE + 1
_LOCAL: Final = f"{PHONE} AND length(s.phone_key) = {LOCAL_PHONE}"
# What is bound: ?1 facility, ?2 to ?3 the digits typed, from and to, ?4 how many at most.
_NEXT_CODE: Final = (
    f"substr(min(p.phone_key), 1, {AREA_CODE}) FROM patient_search p WHERE p.facility_id = ?1 AND p.phone_key != ''"
)
_BEHIND_AREA_CODES: Final = (
    f"WITH RECURSIVE codes(code) AS (SELECT {_NEXT_CODE} UNION ALL "  # noqa: S608 - names of the schema
    f"SELECT (SELECT {_NEXT_CODE} AND p.phone_key > codes.code || ':') FROM codes WHERE codes.code IS NOT NULL) "
    "SELECT s.rowid, s.family_key, s.given_key FROM codes CROSS JOIN patient_search s ON s.facility_id = ?1 "
    "AND s.phone_key != '' AND s.phone_key >= codes.code || ?2 AND s.phone_key < codes.code || ?3 "
    f"AND length(s.phone_key) = {WHOLE_PHONE} LIMIT +?4"
)
_WITH_NUMBER: Final = (
    "SELECT s.rowid, s.family_key, s.given_key FROM patient_search s "
    "WHERE s.facility_id = ? AND s.phone_key != '' AND s.phone_key IN (?, ?) LIMIT +?"
)


def beginning_so(connection: Readable, facility_id: str, digits: str, most: int) -> list[int]:
    """Row numbers of records whose number begins with the digits typed so far, so many of each kind at most.

    Whoever's number was taken without its area code is found by the digits behind the one that was typed, and the other way
    round.
    """
    found = places(connection, PHONE, facility_id, *prefix(digits), most)
    if LEAST_LOCAL <= len(digits) <= LOCAL_PHONE:
        found += [row[0] for row in ask(connection, _BEHIND_AREA_CODES, facility_id, *prefix(digits), most)]
    elif len(digits) > LOCAL_PHONE:
        found += places(connection, _LOCAL, facility_id, *prefix(digits[AREA_CODE:]), most)
    return list(dict.fromkeys(found))


def with_number(connection: Readable, facility_id: str, phone: str, most: int) -> list[tuple[int, str, str]]:
    """Row number and names of the records that have the telephone number, with its area code or without."""
    rows: list[Any] = ask(connection, _WITH_NUMBER, facility_id, phone, phone[-LOCAL_PHONE:], most)
    if len(phone) == LOCAL_PHONE:
        rows += ask(connection, _BEHIND_AREA_CODES, facility_id, *prefix(phone), most)
    return rows
