"""Which forms a visit needs, what can become of one, signatures as bytes, and wording by version."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.forms.catalogue import CATALOGUE, Occasion, is_for, is_held, is_needed, needed
from access_desk.domain.forms.strokes import Point, Strokes, read_strokes
from access_desk.domain.forms.wording import wording_of

ALWAYS = ["consent", "privacy_notice", "patient_rights"]
BILLED = [*ALWAYS, "financial_policy"]


def occasion(kind: str = "outpatient", *, medicare: bool = False, insured: bool = True, **said: object) -> Occasion:
    values: dict[str, object] = {"types": frozenset(kind.split()), "insured": insured, "medicare": medicare, "released": True}
    return Occasion(**(values | said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (occasion(), [*ALWAYS, "assignment", "financial_policy"]),
        (occasion(insured=False), BILLED),
        (occasion(insured=False, asked=frozenset({"good_faith_estimate"})), [*BILLED, "good_faith_estimate"]),
        (occasion(medicare=True), [*ALWAYS, "assignment", "financial_policy", "secondary_payer"]),
        (
            occasion(medicare=True, asked=frozenset({"advance_notice"})),
            [*ALWAYS, "assignment", "financial_policy", "secondary_payer", "advance_notice"],
        ),
        (
            occasion("inpatient", medicare=True),
            [*ALWAYS, "advance_directive", "assignment", "financial_policy", "secondary_payer", "important_message"],
        ),
        (occasion("inpatient"), [*ALWAYS, "advance_directive", "assignment", "financial_policy"]),
        (
            occasion("observation", medicare=True),
            [*ALWAYS, "advance_directive", "assignment", "financial_policy", "secondary_payer", "observation_notice"],
        ),
        # An emergency that became an admission needs the message too.
        (
            occasion("emergency inpatient", medicare=True),
            [*ALWAYS, "advance_directive", "assignment", "financial_policy", "secondary_payer", "important_message"],
        ),
        # 42 CFR 489.24(d)(4): before the release nothing that speaks of money.
        (occasion("emergency", medicare=True, released=False), ALWAYS),
        # 42 CFR 489.102(a): advance directives are for adults.
        (occasion("inpatient", birth_date=date(2010, 7, 17), on=date(2028, 7, 16)), [*ALWAYS, "assignment", "financial_policy"]),
        (
            occasion("inpatient", birth_date=date(2010, 7, 16), on=date(2028, 7, 16)),
            [*ALWAYS, "advance_directive", "assignment", "financial_policy"],
        ),
        (occasion("newborn"), [*ALWAYS, "assignment", "financial_policy"]),
    ],
)
def test_which_forms_a_visit_needs(when: Occasion, expected: list[str]) -> None:
    assert [form.code for form in needed(when)] == expected


TYPES = st.frozensets(st.sampled_from(["outpatient", "emergency", "inpatient", "observation", "newborn"]), min_size=1)
OCCASIONS = st.builds(
    Occasion, TYPES, st.booleans(), st.booleans(), st.booleans(), st.frozensets(st.sampled_from(sorted(CATALOGUE)))
)


@given(OCCASIONS)
def test_no_form_about_money_is_offered_before_the_release(when: Occasion) -> None:
    for form in needed(when):
        assert not (form.financial and not when.released)
        assert is_for(form, when)
    held = [form for form in CATALOGUE.values() if is_needed(form, when) and is_held(form, when)]
    assert when.released <= (held == [])


def test_every_form_names_its_rule_and_has_words_in_its_languages() -> None:
    for form in CATALOGUE.values():
        assert form.source
        for part in form.parts:
            titles = [wording_of(form.code, language, part) for language in form.languages]
            assert len({one.title for one in titles}) == len(form.languages)
            for one in titles:
                assert all(text.strip() for _, text in one.paragraphs)
                assert ("CMS" in " ".join(text for _, text in one.paragraphs)) or not form.official
                assert not form.official or form.official in one.paragraphs[-1][1]


# What somebody signed is kept by form, version and language: other words need a new version, and a new line here.
WORDS = {
    ("consent", "2026-1", "en"): "74a4343f4feedb0e",
    ("consent", "2026-1", "es"): "9091bebe014f8b1e",
    ("privacy_notice", "2026-1", "en"): "9cec9df799f83d9f",
    ("privacy_notice", "2026-1", "es"): "b9e16ff189450a5a",
    ("patient_rights", "2026-1", "en"): "6e0b19198ca78732",
    ("patient_rights", "2026-1", "es"): "47f68b2eee67e89d",
    ("advance_directive", "2026-1", "en"): "d485f4fb57eedc8e",
    ("advance_directive", "2026-1", "es"): "3226532807da228d",
    ("assignment", "2026-1", "en"): "e9d32d0f616ad288",
    ("assignment", "2026-1", "es"): "bdf2823085533138",
    ("financial_policy", "2026-1", "en"): "cab77c63e8dbed55",
    ("financial_policy", "2026-1", "es"): "9c22a7f6cb130361",
    ("secondary_payer", "2026-1", "en"): "219974981de93ee1",
    ("secondary_payer", "2026-1", "es"): "f4738e3a8902f99c",
    ("important_message", "2026-1", "en"): "73956576b6e9e45e",
    ("important_message", "2026-1", "es"): "9370401aec2a9c30",
    ("observation_notice", "2026-1", "en"): "b0b929ab2e8d3465",
    ("observation_notice", "2026-1", "es"): "10c58ac4123be059",
    ("good_faith_estimate", "2026-1", "en"): "ae5c4473d9372deb",
    ("good_faith_estimate", "2026-1", "es"): "fee8953531d36d9f",
    ("advance_notice", "2026-1", "en"): "1749f0ee71bd4735",
    ("advance_notice", "2026-1", "es"): "75667cf0c36ffee2",
}


def test_words_change_only_with_their_version() -> None:
    found = {
        (code, form.version, language): wording_of(code, language, "initial").sha256[:16]
        for code, form in CATALOGUE.items()
        for language in form.languages
    }
    assert found == WORDS


POINTS = st.builds(Point, st.integers(0, 400), st.integers(0, 120), st.integers(0, 60_000))
LINES = st.lists(st.lists(POINTS, min_size=4, max_size=30).map(tuple), min_size=1, max_size=6).map(tuple)


@given(LINES)
def test_a_signature_comes_back_from_its_bytes(lines: tuple[tuple[Point, ...], ...]) -> None:
    strokes = Strokes(400, 120, lines)
    strokes.check()
    assert read_strokes(strokes.data()) == strokes


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format":2,"width":1,"height":1,"strokes":[]}',
        b'{"format":1,"width":400,"height":120,"strokes":[]}',
        b'{"format":1,"width":400,"height":120,"strokes":[[[1,1,0],[2,2,1],[3,3,2],[401,1,3]]]}',
        b'{"format":1,"width":400,"height":120,"strokes":[[[1,1,0],[2,2,1],[3,3,2],[4.5,1,3]]]}',
        b'{"format":1,"width":400,"height":120,"strokes":[[[1,1,0],[2,2,1],[3,3,2],[true,1,3]]]}',
        b'{"format":1,"width":400,"height":120,"strokes":[[[1,1,-5],[2,2,1],[3,3,2],[4,1,3]]]}',
    ],
)
def test_other_bytes_are_no_signature(data: bytes) -> None:
    with pytest.raises(DeskError) as refused:
        read_strokes(data)
    assert refused.value.code is Refusal.BAD_VALUE
