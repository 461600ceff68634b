"""How registrars type a person, with one mistake anywhere: whoever is meant is among the first twenty of three thousand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from access_desk.domain.matching.names import LONG_HALF, halves_of
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.patients.views import SearchTerms
from access_desk.exchange.patient_csv import PatientCsv
from access_desk.presentation.find_patient_line import terms_of_line
from tests.desks import TestDesk, a_desk

TODAY = date(2026, 11, 23)
EVERYBODY = 3_000
COLUMNS = "source_id,family,given,middle,suffix,birth_date,sex,phone,ssn"
PEOPLE = """\
vega,Vega-Trujillo,Marisol,,,1987-03-14,F,216-555-0143,219-09-1234
oneil,O'Neil-Smith,Siobhán,Rose,,1991-11-02,F,330-555-0119,
mcdonald,McDonald,Ronan,,Jr,1960-07-04,M,,
berg,van der Berg,Pieter,,,1955-01-30,M,,
munoz,Muñoz,José Ángel,,,1979-12-08,M,,
muller,Müller,Jürgen,,,1949-05-21,M,,
nguyen,Nguyễn,Thị Minh Khai,,,1983-02-17,F,,
hashimi,Al-Hashimi,Mohammed,,,1972-09-09,M,,
cruz,De la Cruz,Maria Guadalupe,,,1999-06-30,F,,
lopez,Garcia Lopez,Ana,,,1968-10-11,F,,
winthrop,Winthrop,Charles,Edward,III,1938-08-25,M,,
robertson,Robertson,William,,,1944-04-19,M,,
lee,Smith-Lee,Grace,,,2001-05-05,F,,
rahman,Abd al-Rahman,Youssef,,,1990-01-15,M,,
adeyemi,Oyelaran-Adeyemi,Oluwaseun,,,1985-07-22,F,,
stjohn,St. John,Elizabeth,,,1958-03-03,F,,
macleod,Mac Leod,Catriona,,,1977-06-16,F,,
tran,Trần,Anh Thư,,,1996-04-02,F,,
"""
FAMILIES = (
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez", "Hernandez",
    "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson",
    "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young", "Allen", "King", "Wright",
    "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell",
    "Mitchell", "Carter", "Roberts", "Tran", "Vega", "Trujillo", "Cruz", "Le", "Pham", "Ali", "Khan", "Ahmed", "Hassan",
    "Robertson", "McDonald", "Muller", "Munoz", "Oneil", "Berg", "Vandenberg", "Lynch", "Murphy", "Kelly",
)  # fmt: skip
GIVENS = (
    "Maria", "Jose", "Ana", "James", "Mary", "Robert", "John", "William", "David", "Elizabeth", "Linda", "Jennifer",
    "Charles", "Thomas", "Patricia", "Michael", "Grace", "Anna", "Marisol", "Jorge", "Mohammed", "Fatima", "Minh", "Anh",
    "Khai", "Peter", "Pieter", "Ronald", "Charlotte", "Youssef", "Catherine", "Siobhan",
)  # fmt: skip
# By one line as it is typed.
LINES: Mapping[str, tuple[str, ...]] = {
    "vega": (
        "marisol vega-trujillo",
        "vega trujillo marisol",
        "trujillo marisol",
        "marisol trujillo",
        "marisol vega",
        "marisol trujilo",
        "trujilo marisol",
        "marisol trujjillo",
        "marisol turjillo",
        "marisol vgea",
        "marisol vegz",
        "marisol vega-trujilo",
        "marisol vega trujilo",
        "vegatrujilo marisol",
        "maricol trujillo",
        "marsiol vega",
        "trujilo 3/14/1987",
        "trujilo, marisol 03-14-87",
        "3.14.1987 trujilo",
        "14 mar 1987 trujillo",
        "march 14, 1987 vega",
        "19870314 vega",
        "trujillo m",
        "m trujilo 3/14/1987",
        "216-555-0143",
        "(216) 555-0143 trujilo",
        "219-09-1234",
        "trujilo 1234",
        "vega 1234",
        "trujillo-vega marisol",
        "trujillo vega marisol",
        "marisol trujillo 3/15/1987",
        "marisol trujillo 3/14/1978",
    ),
    "oneil": (
        "oneil smith siobhan",
        "siobhan o'neil",
        "siobhan oneil",
        "siobhan o'neill",
        "siobhan o neil",
        "siobhan oneal",
        "siobahn oneil-smith",
        "siobhan rose oneil",
        "siobhan neil-smith",
        "rose o'neil smith",
    ),
    "mcdonald": (
        "ronan mcdonald",
        "mcdonald jr ronan",
        "ronan mcdonald jr.",
        "ronan mc donald",
        "ronan macdonald",
        "ronan mcdonlad",
        "roman mcdonald",
        "mcdonald, ronan, jr 7/4/60",
    ),
    "berg": (
        "pieter van der berg",
        "vanderberg pieter",
        "berg pieter",
        "van der berg",
        "pieter bergh",
        "vd berg pieter",
    ),
    "munoz": (
        "jose angel munoz",
        "munoz jose",
        "muñoz josé",
        "jose muños",
        "angel munoz",
        "angle munoz",
        "jose angle munoz",
        "jose munos",
    ),
    "muller": (
        "jurgen muller",
        "juergen mueller",
        "jürgen müller",
        "jurgen mueller",
        "jürgen muler",
        "jurgen miller 5/21/1949",
    ),
    "nguyen": (
        "nguyen thi minh khai",
        "khai nguyen",
        "minh khai nguyen",
        "nguyen minh khai",
        "ngyuen khai",
        "nguyen kahi",
        "thi nguyen 2/17/1983",
        "khai ngyen",
    ),
    "hashimi": (
        "mohammed al-hashimi",
        "muhammad alhashimi",
        "hashimi mohammed",
        "mohamed hashimi",
        "mohammed el-hashimi",
        "mohammed hashemi",
        "al hashimi muhammed",
        "mohammed al hashmi",
    ),
    "cruz": (
        "maria de la cruz",
        "guadalupe de la cruz",
        "cruz guadalupe",
        "de la cruz maria",
        "dela cruz maria guadalupe",
        "lupe de la cruz",
        "guadelupe de la cruz",
        "maria dela crus 6/30/1999",
    ),
    "lopez": (
        "ana garcia",
        "ana garcia lopez",
        "ana lopez garcia",
        "ana garcia-lopez",
        "ana garcia lopes",
        "ana garcai 10/11/1968",
        "lopez ana 10-11-68",
    ),
    "winthrop": (
        "charles winthrop iii",
        "winthrop charles",
        "charlie winthrop",
        "charles edward winthrop",
        "chuck winthrop 3rd",
        "charles wintrop",
        "chalres winthrop",
        "edward winthrop",
        "winthrop iii 8/25/38",
    ),
    "robertson": (
        "bill robertson",
        "bob robertson 4/19/1944",
        "william robertsen",
        "will robertson",
        "robertson bill",
        "wiliam robertson 1944-04-19",
        "billy robertson 19 apr 1944",
    ),
    "lee": (
        "grace smith-lee",
        "lee grace 5/5/2001",
        "grace smith",
        "grace smtih-lee",
    ),
    "rahman": (
        "youssef abd al-rahman",
        "yousef rahman",
        "youssef abdulrahman",
        "abdalrahman youssef",
        "youssef rahmen",
        "yusuf abd al rahman",
    ),
    "adeyemi": (
        "oluwaseun adeyemi",
        "oluwaseun oyelaran",
        "oluwaseun adeyami",
        "adeyemi oluwasuen",
        "oyelran adeyemi",
        "oyelaran-adeyemi",
    ),
    "stjohn": (
        "elizabeth st john",
        "elizabeth st. john",
        "st john liz",
        "betty stjohn",
        "elizabeth saint john",
        "elisabeth st john",
    ),
    "macleod": (
        "catriona macleod",
        "catriona mcleod",
        "catriona mac leod",
        "catriona leod",
        "catrina macleod",
    ),
    "tran": (
        "tran anh thu",
        "thu tran",
        "anh thu tran",
        "tran thu 4/2/1996",
        "anhthu tran",
    ),
}
# Somebody else may have the name as it was typed, who is found alone: then the line is searched wider.
WIDER_LINES: Mapping[str, tuple[str, ...]] = {
    "berg": (
        "pieter vandenberg",
        "peter van der berg",
        "pieter van den berg",
    ),
    "cruz": (
        "maria guadalupe cruz",
        "maria guadelupe de la cruz",
    ),
    "lopez": ("anna garcia lopez",),
    "lee": ("grace lee",),
}
# Family name, given name and birth date in their fields, searched wider.
FIELDS = (
    ("vega", "Trujilo", "Marisol", ""),
    ("vega", "Trujilo", "mari", ""),
    ("vega", "Trujilo", "", "1987-03-14"),
    ("vega", "trujllo", "m", ""),
    ("vega", "Vgea", "Marisol", ""),
    ("vega", "Vega", "Marysol", ""),
    ("vega", "Vega Trujilo", "Marisol", ""),
    ("vega", "Trujillo-Vega", "Marisol", ""),
    ("vega", "Marisol", "Trujilo", ""),
    ("vega", "Trujillo", "Marisol", "1987-03-15"),
    ("vega", "Trujilo", "Marisol", "1987-04-13"),
    ("vega", "Vega-Trujillo-Perez", "Marisol", ""),
    ("vega", "Trujillo", "Marisole", ""),
    ("oneil", "oneal", "Siobhan", ""),
    ("oneil", "O'Neill", "Siobhan", ""),
    ("oneil", "smiht", "Siobhan", ""),
    ("oneil", "Smith", "Siobahn", ""),
    ("mcdonald", "Mac Donald", "Ronan", ""),
    ("mcdonald", "Macdonald Jr", "Ronan", ""),
    ("mcdonald", "Ronan", "Mcdonlad", ""),
    ("berg", "Berg", "Peter", ""),
    ("berg", "Van Berg", "Pieter", ""),
    ("berg", "Vandeberg", "Pieter", ""),
    ("munoz", "Munos", "Jose", ""),
    ("munoz", "Munoz", "Angel", ""),
    ("munoz", "Munoz", "Agnel", ""),
    ("munoz", "Jose", "Munoz", ""),
    ("muller", "Mueller", "Jurgen", ""),
    ("muller", "Muller", "Juergen", ""),
    ("nguyen", "Nguyen", "Khai", ""),
    ("nguyen", "Nguyen", "Kahi", ""),
    ("nguyen", "Khai", "Nguyen", ""),
    ("nguyen", "Ngyuen", "Minh", ""),
    ("nguyen", "Nguyen", "Minh Khai", ""),
    ("hashimi", "Hashimi", "Muhammad", ""),
    ("hashimi", "Hashmi", "Mohammed", ""),
    ("hashimi", "Alhashimi", "Mohamed", ""),
    ("cruz", "Cruz", "Guadalupe", ""),
    ("cruz", "Cruz", "Maria", ""),
    ("cruz", "De la Cruz", "Guadalupe", ""),
    ("cruz", "Dela Crus", "Maria", ""),
    ("cruz", "Crus", "Guadalupe", ""),
    ("lopez", "Garcia", "Ana", "1968-10-11"),
    ("lopez", "Lopez", "Ana", "1968-11-10"),
    ("lopez", "Garca", "Ana", "1968-10-11"),
    ("lopez", "Garcia Lopes", "Ana", ""),
    ("winthrop", "Winthrop", "Chuck", ""),
    ("winthrop", "Winthorp", "Charles", ""),
    ("winthrop", "Winthrop III", "Charlie", ""),
    ("winthrop", "Winthrop", "Edward", ""),
    ("robertson", "Robertson", "Bill", ""),
    ("robertson", "Robertsen", "Billy", ""),
    ("robertson", "William", "Robertson", ""),
    ("lee", "Lee", "Grace", ""),
    ("lee", "Lee", "Gracie", "2001-05-05"),
    ("rahman", "Rahman", "Yousef", ""),
    ("rahman", "Abdulrahman", "Youssef", ""),
    ("adeyemi", "Adeyami", "Oluwaseun", ""),
    ("adeyemi", "Oyelran", "", ""),
    ("stjohn", "St John", "Beth", ""),
    ("stjohn", "Stjohn", "Elisabeth", ""),
    ("macleod", "McLeod", "Catriona", ""),
    ("macleod", "Leod", "Catriona", ""),
    ("tran", "Tran", "Thu", ""),
    ("tran", "Tran", "Anh", ""),
    ("tran", "Thu", "Tran", ""),
)


def crowd(count: int) -> Iterator[str]:
    """People with the same names in many mixtures: one in five has a double family name, one in seven two given names."""
    chance = random.Random(3)
    for number in range(count):
        family, given = (names[int(len(names) * chance.random() ** 1.5)] for names in (FAMILIES, GIVENS))
        if chance.random() < 0.2:
            family += chance.choice("- ") + FAMILIES[int(len(FAMILIES) * chance.random() ** 1.5)]
        if chance.random() < 0.15:
            given += " " + chance.choice(GIVENS)
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(34_000))
        phone = f"{chance.randint(201, 989)}-{chance.randint(200, 999)}-{chance.randint(0, 9999):04d}"
        yield f"c{number},{family},{given},{chance.choice('ABCDEJLMR')},,{born},{chance.choice('FM')},{phone},"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDesk]:
    known = PEOPLE.splitlines()
    rows = [*known, *crowd(EVERYBODY - len(known))]
    random.Random(4).shuffle(rows)
    path: Path = tmp_path_factory.mktemp("ways") / "people.csv"
    path.write_text("\n".join((COLUMNS, *rows)) + "\n", encoding="utf-8")
    with a_desk() as opened:
        read = PatientCsv(path, TODAY).rows()
        opened.desk.index_import.load((row for row in read if isinstance(row, ImportedRow)), "ab" * 32, lambda _: None)
        yield opened


def cases(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(who, text) for who, texts in table.items() for text in texts]


def found(desk: TestDesk, text: str) -> list[str]:
    return [one.source_id for one in desk.desk.index.find(text)]


def wider(desk: TestDesk, terms: SearchTerms) -> list[str]:
    return [one.source_id for one in desk.desk.index.wider(terms)]


@pytest.mark.parametrize(("who", "text"), cases(LINES))
def test_a_line_finds_who_is_meant(desk: TestDesk, who: str, text: str) -> None:
    assert who in found(desk, text)


@pytest.mark.parametrize(("who", "text"), cases(WIDER_LINES))
def test_a_line_searched_wider_finds_who_is_meant(desk: TestDesk, who: str, text: str) -> None:
    assert who in wider(desk, terms_of_line(text, TODAY))


@pytest.mark.parametrize(("who", "family", "given", "born"), FIELDS)
def test_fields_searched_wider_find_who_is_meant(desk: TestDesk, who: str, family: str, given: str, born: str) -> None:
    assert who in wider(desk, SearchTerms(family, given, date.fromisoformat(born) if born else None))


@pytest.mark.parametrize("person", PEOPLE.splitlines(), ids=lambda person: person.partition(",")[0])
def test_one_wrong_letter_in_any_part_is_forgiven(desk: TestDesk, person: str) -> None:
    who, family, given = person.split(",")[:3]
    chance = random.Random(person)
    pairs = [(one, other) for one in long_parts(family) for other in long_parts(given)]
    typed = [(slip, other) for one, other in pairs for slip in slips(one, chance)]
    typed += [(one, slip) for one, other in pairs for slip in slips(other, chance)]
    for one, other in chance.sample(typed, 16):
        assert who in wider(desk, SearchTerms(one, other)), (one, other)
        line = chance.choice((f"{one} {other}", f"{other} {one}"))
        assert who in found(desk, line) or who in wider(desk, terms_of_line(line, TODAY)), line


def long_parts(name: str) -> list[str]:
    """The parts in which a wrong letter is told, or all of a short name."""
    parts = halves_of(name)
    return [part for part in parts if len(part) >= LONG_HALF] or ["".join(parts)]


def slips(word: str, chance: random.Random) -> list[str]:
    """The word with a letter left out, put in, wrong, or exchanged with its neighbour, at every place."""
    made = set()
    for at in range(len(word)):
        letter = chance.choice("aeioulnrst")
        made |= {word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]}
        if at:
            made.add(word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :])
    # Of a name of three letters two are left, which are anybody's.
    return sorted(one for one in made - {word} if len(one) >= LONG_HALF - 1)
