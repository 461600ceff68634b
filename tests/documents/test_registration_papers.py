"""Forms, face sheet, wristband, label and estimates on paper: what they say, their size, and that the bytes are stable."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from access_desk.documents.band import LABEL, WRISTBAND, render_label, render_wristband
from access_desk.documents.disclosures import render_disclosures
from access_desk.documents.estimates import render_estimate_letter, render_good_faith
from access_desk.documents.face_sheet import render_face_sheet
from access_desk.documents.form import render_form
from access_desk.domain.forms.catalogue import CATALOGUE
from access_desk.domain.papers.registration import PatientOnPaper
from tests.documents import registration_samples as samples
from tests.documents.paper import colors, ink_outside, read
from tests.documents.samples import imprint

HOSTILE = (
    "Robert <b>Tables</b>",
    '<img src="/etc/hostname"/> & <para>',
    "אברהם Abraham\u202egnorw\u202c",
    "👩‍⚕️ Zoë Ñandú",
    "=1+1\n\t'); DROP TABLE",
    "W" * 10_000,
    "",
)
PAPERS: dict[str, Callable[[PatientOnPaper, int, bool], bytes]] = {
    "form": lambda who, copy, practice: render_form(samples.form(patient=who, imprint=imprint(copy, practice))),
    "signed": lambda who, copy, practice: render_form(
        samples.form(patient=who, imprint=imprint(copy, practice), done=samples.BY_OTHER)
    ),
    "face sheet": lambda who, copy, practice: render_face_sheet(samples.face_sheet(who, imprint=imprint(copy, practice))),
    "wristband": lambda who, copy, practice: render_wristband(samples.band(who, imprint=imprint(copy, practice))),
    "label": lambda who, copy, practice: render_label(samples.band(who, imprint=imprint(copy, practice))),
    "disclosures": lambda who, copy, practice: render_disclosures(samples.disclosures(who, imprint=imprint(copy, practice))),
    "estimate": lambda who, copy, practice: render_estimate_letter(
        samples.estimate(patient=who, imprint=imprint(copy, practice))
    ),
    "good faith": lambda who, copy, practice: render_good_faith(samples.good_faith(patient=who, imprint=imprint(copy, practice))),
}
SIZES = {"wristband": WRISTBAND, "label": LABEL}


@pytest.fixture(params=sorted(PAPERS))
def paper(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_paper_names_its_patient_and_has_its_size(paper: str) -> None:
    pdf = PAPERS[paper](samples.PATIENT, 1, False)
    found = read(pdf)
    assert "Vega-Trujillo, Marisol A" in found.text
    assert "00480001" in found.text
    assert "10452290" in found.text or paper == "disclosures"
    assert "03/14/1987" in found.text
    assert all(size == pytest.approx(SIZES.get(paper, (612.0, 792.0)), abs=0.01) for size in found.sizes)
    assert "COPY" not in found.text
    assert "PRACTICE" not in found.text
    assert not colors(pdf)


def test_copies_and_practice_are_marked_on_every_page(paper: str) -> None:
    for page in read(PAPERS[paper](samples.PATIENT, 3, True)).pages:
        assert "COPY 3" in page
        assert "PRACTICE" in page


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_text(paper: str, name: str) -> None:
    """Printed whole or cut with a mark; nothing is embedded, nothing runs over the edge."""
    who = replace(samples.PATIENT, family=name, given=name, middle="")
    pdf = PAPERS[paper](who, 1, False)
    found = read(pdf)
    assert (found.images, found.annotations) == (0, 0)
    if len(name) > 1000:
        assert "…" in found.text
    elif "<b>" in name:
        assert "Robert <b>Tables</b>" in plain(found.text) or "…" in found.text
    for page, (width, _) in enumerate(found.sizes):
        assert ink_outside(pdf, page, 4, width - 4) == 0
    if paper not in SIZES:
        assert len(found.pages) == 1


def test_the_same_content_gives_the_same_bytes(paper: str) -> None:
    assert PAPERS[paper](samples.PATIENT, 2, True) == PAPERS[paper](samples.PATIENT, 2, True)


def test_another_process_makes_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.documents.test_registration_papers import PAPERS, samples; "
        "print([hashlib.sha256(one(samples.PATIENT, 1, False)).hexdigest() for one in PAPERS.values()])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": path},
        ).stdout
        for seed in ("1", "2")
        for path in [":".join(sys.path)]
    }
    assert len(seen) == 1


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_form_says_all_of_its_words(code: str, language: str) -> None:
    content = samples.form(code, language, done=samples.SIGNED)
    found = plain(read(render_form(content)).text)
    assert plain(content.title) in found
    for heading, text in content.paragraphs:
        assert plain(heading) in found
        assert plain(text) in found
    assert content.wording_sha256 in found
    assert samples.HASH in found
    assert ("Firmado" if language == "es" else "Signed") in found


def test_a_form_that_is_not_signed_says_why_and_who_saw_it() -> None:
    found = plain(read(render_form(samples.form("observation_notice", done=samples.UNABLE))).text)
    for said in ("Unable to sign", "Sedated after surgery, no relative here", "Dana Whitfield", "Priya Raman", "CMS-10611"):
        assert said in found


def test_a_blank_form_has_lines_to_sign() -> None:
    found = read(render_form(samples.form("observation_notice"))).text
    for said in ("Signature of the patient or representative", "Date and time", "Witness for the hospital", "Explained aloud"):
        assert said in found


def test_the_drawn_signature_is_on_the_paper() -> None:
    signed, empty = samples.form(done=samples.SIGNED), samples.form(done=replace(samples.SIGNED, strokes=None))
    assert len(render_form(signed)) > len(render_form(empty))


def test_a_good_faith_estimate_says_what_the_regulation_wants() -> None:
    """45 CFR 149.610(c)(1): items, codes, charges, provider with NPI and TIN, and the disclaimers."""
    found = plain(read(render_good_faith(samples.good_faith())).text)
    wanted = ("MRI lumbar spine", "72148", "M54.50", "930.00", "$1,860.00", "1234567893", "12-3456789", "07/30/2026")
    for said in (*wanted, "$400 or more", "120 calendar days", "not a contract", "scheduled or requested separately"):
        assert said in found


def test_many_items_go_over_pages_with_a_total_at_the_end() -> None:
    pages = read(render_good_faith(samples.good_faith(items=90))).pages
    assert len(pages) > 1
    assert "contrast 89" in pages[-1] + pages[-2]
    assert "not a contract" in pages[-1]


def test_an_estimate_shows_its_inputs() -> None:
    found = plain(read(render_estimate_letter(samples.estimate("es"))).text)
    for said in ("Estimación de su parte", "930.00", "250.00", "20 %", "400.00", "$400.00", "no es una cuenta"):
        assert said in found


def test_an_accounting_of_disclosures_says_what_the_regulation_wants() -> None:
    """45 CFR 164.528(b)(2): date, who received it and where they are, what, and for what purpose; or that there is none."""
    found = plain(read(render_disclosures(samples.disclosures())).text)
    wanted = ("07/10/2026", "County health department, 1 Main Street", "Immunizations 1", "Outbreak", "2 disclosures")
    for said in (*wanted, "07/17/2020 to 07/16/2026", "164.528(a)(1)", "free of charge"):
        assert said in found
    assert "None in this period." in read(render_disclosures(samples.disclosures(lines=0))).text
    pages = read(render_disclosures(samples.disclosures(lines=120))).pages
    assert len(pages) > 1
    assert all("To whom, and their address" in page for page in pages[:-1])


def test_a_face_sheet_of_a_late_entry_says_both_moments() -> None:
    late = samples.face_sheet(entered_at=samples.MOMENT, paper_number="R-0117")
    assert "Entered after the fact, 07/16/2026 10:48 AM from paper R-0117" in plain(read(render_face_sheet(late)).text)
    assert "after the fact" not in read(render_face_sheet(samples.face_sheet())).text


@pytest.mark.parametrize("mrn", ["7" * 33, "Ünï-1", " 480001"], ids=["long", "letters", "space"])
def test_a_number_that_a_code_cannot_say_whole_has_none(mrn: str) -> None:
    """A scanner would read another number, which may be another patient's."""
    who = replace(samples.PATIENT, mrn=mrn)
    assert read(render_wristband(samples.band())).text.count("MRN") == 2
    assert read(render_wristband(samples.band(who))).text.count("MRN") == 1
    assert read(render_face_sheet(samples.face_sheet())).text.count("MRN") == 2
    assert read(render_face_sheet(samples.face_sheet(who))).text.count("MRN") == 1
