"""Comparing and weighing two records: tables of cases, and properties that hold for any two."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.matching.comparison import FIELDS, LEVELS, levels, share_a_part
from access_desk.domain.matching.dates import date_level, read_birth_date, slips_of
from access_desk.domain.matching.names import halves_of, name_key, one_shorter, suffix_of
from access_desk.domain.matching.one_line import read_line
from access_desk.domain.matching.person import Person, person_of
from access_desk.domain.matching.scoring import SAME_FROM, Judge
from access_desk.services import matching_tools

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1890, 1, 1), date(2030, 1, 1))
PERSON = {
    "family": "Vega", "given": "William", "birth_date": "1987-03-14", "sex": "male", "ssn": "219-09-1234",
    "phone": "216-555-0100", "line": "12 Oak Street Apt 4", "city": "Akron", "zip": "44301",
}  # fmt: skip


def judge(records: int = 20_000) -> Judge:
    return Judge(matching_tools.tools(), matching_tools.weights(), lambda field, key: 0.0005, records)


def person(**changed: str) -> Person:
    return person_of("x", {**PERSON, **changed})


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("O'Brien-Núñez", "obriennunez"), ("Müller", "muller"), ("Łukasz", "lukasz"), ("Straße", "strasse"),
        ("SMITH JR.", "smith"),
        ("Jr", "jr"), ("Иванов", "ivanov"), ("Παππάς", "pappas"), ("van der Berg", "vanderberg"), ("", ""), ("陈", "陈"),
    ],
)  # fmt: skip
def test_names_are_made_comparable(typed: str, key: str) -> None:
    assert name_key(typed) == key


def test_a_suffix_is_found_wherever_it_stands() -> None:
    assert suffix_of("", "Boyd III", "Carl") == suffix_of("3rd", "", "") == "iii"
    assert suffix_of("", "Boyd", "Carl") == ""


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("1987-03-14", "1987-03-14"), ("3/14/87", "1987-03-14"), ("03141987", "1987-03-14"), ("19870314", "1987-03-14"),
        ("14/03/1987", "1987-03-14"), ("14-Mar-1987", "1987-03-14"), ("March 14, 1987", "1987-03-14"), ("1/5/00", "2000-01-05"),
        ("5/16/37", "1937-05-16"), ("2000-13-01", None), ("2/30/1990", None), ("3000-01-01", None), ("Missing, but age 23", None),
    ],
)  # fmt: skip
def test_birth_dates_in_any_usual_form(typed: str, born: str | None) -> None:
    found = read_birth_date(typed, TODAY)
    assert (found.isoformat() if found else None) == born


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1987-03-14", "1987-03-14", "exact"), ("1987-03-04", "1987-04-03", "slip"), ("1987-03-14", "1987-03-15", "slip"),
        ("1987-03-14", "1978-03-14", "slip"), ("1937-03-14", "2037-03-14", "slip"), ("1964-10", "1964-10-19", "slip"),
        ("1987-03-14", "1987-03-29", "near"), ("1987-03-14", "1987-11-29", "year"), ("1987-03-14", "1952-11-29", "different"),
        ("1987-03-14", "", "missing"), ("2000-13-01", "1987-03-14", "different"),
    ],
)  # fmt: skip
def test_dates_that_nearly_agree(one: str, other: str, level: str) -> None:
    assert date_level(one, other) == date_level(other, one) == level


@pytest.mark.parametrize(
    ("changed", "field", "level"),
    [
        ({"given": "Bill"}, "given", "nickname"), ({"given": "W"}, "given", "initial"), ({"given": "Wiliam"}, "given", "typo"),
        ({"given": "Oscar"}, "given", "different"), ({"family": "Vega-Trujillo"}, "family", "part"),
        ({"family": "Vegas"}, "family", "typo"), ({"family": "William", "given": "Vega"}, "order", "swapped"),
        ({"ssn": "219-09-1243"}, "ssn", "near"), ({"ssn": "1234"}, "ssn", "serial"), ({"ssn": ""}, "ssn", "missing"),
        ({"phone": "+1 (216) 555 0100"}, "phone", "exact"), ({"line": "12 oak st. #4"}, "address", "exact"),
        ({"sex": "unknown"}, "sex", "missing"), ({"sex": "female"}, "sex", "different"), ({"suffix": "Jr"}, "suffix", "missing"),
    ],
)  # fmt: skip
def test_levels_of_comparison(changed: dict[str, str], field: str, level: str) -> None:
    assert levels(person(), person(**changed), matching_tools.tools())[field] == level


@pytest.mark.parametrize(
    ("changed", "band"),
    [
        ({}, "same"),
        ({"given": "Bill", "phone": ""}, "same"),
        ({"family": "William", "given": "Vega", "ssn": ""}, "same"),
        ({"middle": "Q", "ssn": "219-09-9999"}, "same"),
        # A twin: everything but the given name, and a number of their own, or none.
        ({"given": "Oscar", "ssn": ""}, ""),
        ({"given": "Oscar", "ssn": "219-09-1235", "phone": ""}, ""),
        ({"given": "Oscar", "ssn": "219-09-1235"}, ""),
        ({"given": "Willam", "ssn": "219-09-1235", "phone": ""}, "review"),
        # Twins whose names are a letter apart; a name that is like one of theirs; going by the middle name.
        ({"given": "Willia", "sex": "female", "ssn": ""}, "review"),
        ({"given": "Oscar", "middle": "William", "ssn": ""}, "review"),
        ({"given": "Oscar", "middle": "William", "ssn": "", "birth_date": "1987-11-29"}, ""),
        # A brother, and a sister, under one roof.
        ({"given": "Will", "birth_date": "1990-06-02", "ssn": ""}, ""),
        ({"given": "Willie", "sex": "female", "birth_date": "1990-06-02", "ssn": ""}, ""),
        # A spouse, and a child, under one number.
        ({"given": "Oscar", "birth_date": "1990-06-02", "phone": "216-555-0177"}, ""),
        ({"given": "Oscar", "sex": "female", "birth_date": "1990-06-02"}, ""),
        # Father and son, with and without what tells them apart.
        ({"suffix": "Jr", "birth_date": "1957-06-02", "ssn": ""}, ""),
        ({"birth_date": "1957-06-02", "ssn": "386-22-0199"}, ""),
        ({"birth_date": "1957-06-02", "ssn": ""}, "review"),
        # A slip in the number, alone and beside another difference.
        ({"ssn": "219-09-1254"}, "same"),
        ({"ssn": "219-09-1254", "family": "Vega-Trujillo"}, "review"),
        ({"ssn": "219-09-1254", "birth_date": "1987-03-15"}, "review"),
        ({"ssn": "219-09-1254", "family": "Brown"}, "review"),
        ({"ssn": "386-22-0199", "family": "Brown"}, ""),
        ({"ssn": "386-22-0199", "given": "Willam"}, "review"),
        # The same name and day of birth, with everything else unlike.
        ({"ssn": "386-22-0199", "line": "99 Elm St", "city": "Erie", "zip": "16501", "phone": "814-555-0177"}, "review"),
        ({"ssn": "", "line": "99 Elm St", "city": "Erie", "zip": "16501", "phone": "814-555-0177"}, "review"),
        (
            {"ssn": "", "birth_date": "1957-06-02", "city": "Erie", "zip": "16501", "line": "9 Elm St", "phone": "814-555-0177"},
            "",
        ),
        # Equal SSN alone.
        ({"family": "Brown", "given": "Oscar", "birth_date": "1950-01-01", "phone": "", "line": "", "city": "", "zip": ""}, ""),
    ],
)
def test_what_is_probably_one_person(changed: dict[str, str], band: str) -> None:
    one = person(suffix="Sr") if "suffix" in changed else person()
    assert judge().judge(one, person(**changed)).band == band


def test_the_levels_that_are_weighed_are_those_that_comparing_gives() -> None:
    weights = matching_tools.weights().levels
    assert {field: tuple(found) for field, found in weights.items()} == LEVELS
    kinds = list(LEVELS["birth_date"])
    assert sorted(weights["birth_date"], key=weights["birth_date"].__getitem__, reverse=True)[:2] == kinds[:2]
    for field, found in weights.items():
        assert found["exact"] > 0 > found["different"], field


def test_two_names_that_people_have_are_no_slip_of_each_other() -> None:
    one, other = person(given="John", ssn=""), person(given="Joan", ssn="", sex="")
    found = judge().judge(one, other)
    assert (found.levels["given"], found.band) == ("similar", "review")


def test_exchanged_names_may_be_short_forms_too() -> None:
    found = levels(person(), person(family="Bill", given="Vega"), matching_tools.tools())
    assert (found["family"], found["given"], found["order"]) == ("exact", "nickname", "swapped")


def test_a_woman_whose_surname_changed_is_a_question() -> None:
    one = person(given="Marisol", sex="female", ssn="", line="", city="", zip="", phone="")
    other = person(given="Marisol", sex="female", family="Brown", ssn="", line="", city="", zip="", phone="")
    assert judge().judge(one, other).band == "review"


def test_a_number_beside_a_name_makes_a_generation() -> None:
    """One is a junior and the other says nothing of it: with another birth date they are two, whatever they share."""
    assert judge().judge(person(ssn=""), person(ssn="", suffix="Jr", birth_date="1957-06-02")).band == ""


WORDS = st.sampled_from(["", "Vega", "Vegas", "William", "Bill", "Vega-Trujillo", "Jr", "O'Neill", "Ann Marie", "W", "Unknown"])
FIELD_VALUES = st.fixed_dictionaries(
    {
        "family": WORDS,
        "given": WORDS,
        "middle": WORDS,
        "suffix": st.sampled_from(["", "Jr", "III"]),
        "birth_date": st.sampled_from(["", "1987-03-14", "1987-04-13", "1964-10", "1964-10-19", "rubbish"]),
        "sex": st.sampled_from(["", "male", "female", "other"]),
        "ssn": st.sampled_from(["", "219-09-1234", "219-09-1243", "1234", "000-12-1234", "9036067"]),
        "phone": st.sampled_from(["", "216-555-0100", "555-0100", "216-555-0101"]),
        "email": st.sampled_from(["", "w.vega@x.org", "w.vega@y.org"]),
        "line": st.sampled_from(["", "12 Oak St", "12 Oak Street", "99 Elm St"]),
        "zip": st.sampled_from(["", "44301", "44302"]),
    }
)


@given(FIELD_VALUES, FIELD_VALUES)
def test_scores_are_symmetric(one: dict[str, str], other: dict[str, str]) -> None:
    mine, theirs = person_of("a", one), person_of("b", other)
    there, back = judge().judge(mine, theirs), judge().judge(theirs, mine)
    assert (there.score, there.band, dict(there.levels)) == (back.score, back.band, dict(back.levels))
    assert set(FIELDS) <= set(there.levels)
    assert all(there.levels[field] in (*known, "missing") for field, known in LEVELS.items())
    assert (there.band == "same") <= (there.score >= SAME_FROM)
    assert (there.band == "review") <= (there.score < SAME_FROM)


@given(FIELD_VALUES)
def test_a_missing_field_says_nothing(one: dict[str, str]) -> None:
    whole, bare = person_of("a", one), person_of("b", {})
    assert judge().judge(whole, bare).bits == 0


@given(st.text(alphabet="abcdef", min_size=2, max_size=9), st.data())
def test_names_one_letter_apart_share_a_shorter_form(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("xyz"))
    for other in (name[:at] + letter + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + letter + name[at:]):
        assert set(one_shorter(name)) & set(one_shorter(other))


@pytest.mark.parametrize(
    "text", ["vega marisol 3/14/87", "3/14/1987 Marisol Vega", "VEGA, MARISOL 1987-03-14", "marisol March 14, 1987 vega"]
)
def test_a_line_in_any_order(text: str) -> None:
    line = read_line(text, TODAY)
    assert line.born == date(1987, 3, 14)
    assert ("vega", "marisol") in line.names()


@pytest.mark.parametrize("text", ["Robertson 19 Apr 1944", "april 19, 1944 robertson", "robertson 19-apr-44"])
def test_a_name_beside_a_day_is_no_month(text: str) -> None:
    line = read_line(text, TODAY)
    assert (line.words, line.born) == (("robertson",), date(1944, 4, 19))


def test_a_line_is_read_with_double_names_taken_apart() -> None:
    readings = read_line("de la Cruz-Vega, Maria Jr", TODAY).readings()
    assert ("de la cruz vega", "maria") in readings[:2]
    assert ("de la cruz vega maria", "") in readings
    assert read_line("Vega-Trujillo", TODAY).readings()[0] == ("vega", "trujillo")
    assert read_line("vega", TODAY).readings() == [("vega", "")]
    assert read_line("3/14/1987", TODAY).readings() == []


@given(DAYS)
def test_slips_are_the_days_that_are_one_slip_away(day: date) -> None:
    born = day.isoformat()
    slips = slips_of(born)
    assert all(date_level(born, slip) == "slip" for slip in slips)
    # Slips come from a mistake of the hand or another century: every day of the same month and every other year covers most.
    near = {day.replace(day=at).isoformat() for at in range(1, 29)}
    near |= {day.replace(year=year, day=min(day.day, 28)).isoformat() for year in range(1850, 2050)}
    assert {one for one in near if date_level(born, one) == "slip"} <= set(slips)


def test_a_part_with_a_wrong_letter_is_part_of_a_name() -> None:
    tools, double = judge().tools, ("vega", "trujillo")
    assert share_a_part(("trujilo",), double, tools)
    assert share_a_part(("trujillo",), double, tools)
    assert not share_a_part(("truilo",), double, tools)
    assert share_a_part(("lee",), ("smith", "lee"), tools)
    assert not share_a_part(("le",), ("smith", "lee"), tools)
    assert not share_a_part(("ega",), double, tools)
    assert share_a_part(("ega",), double, tools, 3)
    one, other = person_of("a", {"family": "Trujilo"}), person_of("b", {"family": "Vega-Trujillo"})
    assert levels(one, other, tools)["family"] == levels(other, one, tools)["family"] == "similar"


def test_particles_are_no_part_by_which_somebody_is_called() -> None:
    assert halves_of("de la Cruz") == ("cruz",)
    assert halves_of("O'Neil-Smith Jr") == ("oneil", "smith")
    assert halves_of("Thị Minh Khai") == ("thi", "minh", "khai")


def test_numbers_in_a_line() -> None:
    line = read_line("vega (216) 555-0100 00480001 1234", TODAY)
    assert (line.words, line.phone, line.numbers) == (("vega",), "2165550100", ("00480001", "1234"))
    assert read_line("219-09-1234", TODAY).ssn == "219091234"
    bare = read_line("vega 2165550100", TODAY)
    assert (bare.phone, bare.ssn, bare.numbers) == ("2165550100", "", ("2165550100",))
    assert read_line("219091234", TODAY).ssn == "219091234"
