"""Which pairs are worth comparing: two records that share one of these keys.

Each key survives another kind of mistake: a wrong name, a wrong date, exchanged names, a missing field. A key that very
many records share tells too little and is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from access_desk.domain.matching.person import LOCAL_PHONE, Person

KEYS = 22


def keys_of(person: Person) -> Sequence[str]:
    """The keys of a record, always :data:`KEYS` of them, in a fixed order; blank where a field is missing."""
    family, given, born = person.family_key, person.given_key, person.born
    year, day = born[:4], born[5:]
    names = sorted((family, given))
    place = person.zip or person.city[:5]
    mail = person.email.partition("@")[0]
    return (
        _both(born, family[:2]),
        _both(born, given[:2]),
        _both(born, min(family[:1], given[:1]) if family and given else ""),
        person.ssn if len(person.ssn) > 4 else "",  # noqa: PLR2004 - the last four are shared by many
        _both(person.ssn[-4:], born),
        person.phone[-LOCAL_PHONE:],
        person.email,
        mail if len(mail) > 4 else "",  # noqa: PLR2004 - initials are shared by many
        _both(names[0], names[1]),
        _both(names[0][:4], names[1][:4], year),
        _both(family[:4], day, given[:1]),
        _both(given[:4], day, family[:1]),
        _both(family, place),
        _both(given, place),
        _both(person.line, place),
        _both(person.line, given[:3] or family[:3]),
        _both(family[:5], given[:1], year[:3]),
        _both(born, place),
        born,
        family,
        given,
        place,
    )


def _both(*parts: str) -> str:
    return "|".join(parts) if all(parts) else ""
