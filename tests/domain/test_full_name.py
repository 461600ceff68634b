"""Where the suffix of a name is written: as the facility says, and nowhere twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.full_name import AFTER_FAMILY, AFTER_GIVEN, SUFFIX_PLACES, full_name, name_pieces

TEXTS = st.sampled_from(("", " ", "Vega", "de la Cruz", "A", "Jr", "שלום"))


@pytest.mark.parametrize(
    ("parts", "after_given", "after_family"),
    [
        (("Vega", "Rafael", "A", "Jr"), "Vega, Rafael A Jr", "Vega Jr, Rafael A"),
        (("Vega", "Rafael", "", ""), "Vega, Rafael", "Vega, Rafael"),
        (("Vega", "", "", "III"), "Vega, III", "Vega III"),
        (("", "Rafael", "", "Sr"), "Rafael Sr", "Sr, Rafael"),
        (("Vega", "", "A", ""), "Vega, A", "Vega, A"),
        (("", "", "", ""), "", ""),
        ((" ", "Cher", " ", ""), "Cher", "Cher"),
    ],
)
def test_it_stands_where_the_facility_wants_it(parts: tuple[str, str, str, str], after_given: str, after_family: str) -> None:
    assert full_name(*parts, AFTER_GIVEN) == after_given
    assert full_name(*parts, AFTER_FAMILY) == after_family


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(SUFFIX_PLACES))
def test_every_part_is_written_once_and_exactly(family: str, given_: str, middle: str, suffix: str, after: str) -> None:
    parts = {"family": family, "given": given_, "middle": middle, "suffix": suffix}
    written = [(field, text) for field, text in name_pieces(family, given_, middle, suffix, after) if field]
    assert sorted(written) == sorted((field, text) for field, text in parts.items() if text.strip())
