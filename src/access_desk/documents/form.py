"""A form on paper: its words, the patient with a bar code, the signature as it was drawn, and its hash in the footer."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from access_desk.documents.drawing import Box, Page, Rule
from access_desk.documents.fonts import BOLD, REGULAR, SEMIBOLD, Style
from access_desk.documents.letter import FACILITY, HAIR, LEFT, RIGHT, SMALL, STRONG, TEXT, THICK, THIN, Letter
from access_desk.documents.moments import day, day_and_clock
from access_desk.documents.printable import visible, wrapped
from access_desk.documents.symbols import code128
from access_desk.domain.forms.strokes import Strokes
from access_desk.domain.papers.registration import SPANISH, FormPaper, FormSigned

BODY = Style(REGULAR, 10.5)
HEAD = Style(SEMIBOLD, 10.5)
FORM_TITLE = Style(BOLD, 16)
TINY = Style(REGULAR, 6.4)
PITCH = 13.6
SIGN_HEIGHT, SIGN_WIDTH = 62.0, 300.0
MOST_LINES = 60

_WORDS: dict[str, tuple[str, str]] = {
    "patient": ("Patient", "Paciente"),
    "born": ("Birth date", "Fecha de nacimiento"),
    "visit": ("Visit", "Visita"),
    "unknown": ("Not known", "No se conoce"),
    "sign": ("Signature of the patient or representative", "Firma del paciente o representante"),
    "who": ("Printed name, and relationship when not the patient", "Nombre en letra de molde, y parentesco si no es el paciente"),
    "when": ("Date and time", "Fecha y hora"),
    "staff": ("Witness for the hospital", "Testigo del hospital"),
    "signed": ("Signed", "Firmado"),
    "on_paper": ("Signed on paper", "Firmado en papel"),
    "refused": ("Refused to sign", "Se negó a firmar"),
    "unable": ("Unable to sign", "No puede firmar"),
    "by": ("By", "Por"),
    "reason": ("Reason", "Motivo"),
    "seen": ("Seen by", "Visto por"),
    "witness": ("Witness", "Testigo"),
    "aloud": ("Explained aloud", "Explicado en voz alta"),
    "continued": ("continued", "continúa"),
    "page": ("Page {0} of {1}", "Página {0} de {1}"),
    "printed": ("Printed {0} by {1}, {2}, Access Desk", "Impreso {0} por {1}, {2}, Access Desk"),
    "copy": ("original", "original"),
}


class _FormLetter(Letter):
    """A letter in the language of its form; the footer carries the hashes."""

    def __init__(self, paper: FormPaper) -> None:
        super().__init__(paper.imprint, paper.title, paper.number)
        self.paper = paper

    def say(self, key: str) -> str:
        """A word in the form's language."""
        return _WORDS[key][self.paper.language == SPANISH]

    @property
    def numbered(self) -> str:
        """``consent 2026-1 en, COPY 2``."""
        paper = self.paper
        official = f"{paper.official}, " if paper.official else ""
        return f"{official}{paper.form.replace('_', ' ')} {paper.version} {paper.language}"

    def next_page(self) -> None:
        """Begin another page: which form, and whose."""
        self.pages.append(Page())
        self.page.left(LEFT, 52, f"{self.title}, {self.say('continued')}", STRONG, 300)
        self.page.right(RIGHT, 52, f"{self.paper.patient.name}, MRN {self.paper.patient.mrn}", SMALL, 220)
        self.page.rule(LEFT, RIGHT, 59, THICK)
        self.y = 59.6

    def _footer(self, page: Page, number: int) -> None:
        paper, imprint = self.paper, self.imprint
        page.rule(LEFT, RIGHT, 757, HAIR)
        wide = page.right(RIGHT, 766, self.say("page").format(number, len(self.pages)), SMALL)
        printed = self.say("printed").format(day_and_clock(imprint.printed_at), imprint.printed_by, imprint.desk_label)
        page.left(LEFT, 766, printed, SMALL, RIGHT - LEFT - wide - 12)
        page.left(LEFT, 775, f"Text SHA-256 {paper.wording_sha256}", TINY, 330)
        page.right(RIGHT, 775, self.numbered, TINY, 190)
        if paper.done is not None and paper.done.strokes_sha256:
            said = f"Signature SHA-256 {paper.done.strokes_sha256}, {_exact(paper.done.given_at)}"
            page.left(LEFT, 783, said, TINY, RIGHT - LEFT)


def render_form(content: FormPaper) -> bytes:
    """Draw a form, signed or to be signed.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = _FormLetter(content)
    _top(letter)
    for heading, text in content.paragraphs:
        _paragraph(letter, heading, text)
    letter.y += 10
    letter.need(150 if content.done is None else 132)
    if content.done is None:
        _lines_to_sign(letter)
    else:
        _what_became(letter, content.done)
    return letter.finish()


def _top(letter: _FormLetter) -> None:
    paper, page = letter.paper, letter.page
    page.left(LEFT, 43.6, paper.imprint.facility_name, FACILITY, 330)
    y = 63.0
    for line in wrapped(paper.title, FORM_TITLE, 330, 2):
        page.left(LEFT, y, line, FORM_TITLE, 330)
        y += 18
    said = code128(page, 488, 36, 22, 168, paper.patient.mrn)
    page.center(488, 68, f"MRN {said}" if said else "", SMALL, 168)
    y = max(y, 82.0)
    page.rule(LEFT, RIGHT, y, THICK)
    patient = paper.patient
    page.left(LEFT, y + 11, letter.say("patient"), SMALL)
    name_y = y + 23
    for line in wrapped(patient.name, STRONG, 300, 2):
        page.left(LEFT, name_y, line, STRONG, 300)
        name_y += 11
    page.left(356, y + 11, letter.say("born"), SMALL, 80)
    page.left(356, y + 23, day(patient.birth_date) if patient.birth_date else letter.say("unknown"), STRONG, 86)
    page.left(450, y + 11, letter.say("visit"), SMALL)
    page.left(450, y + 23, f"{patient.account}, {day(paper.visit_date)}", STRONG, RIGHT - 450)
    letter.y = max(name_y, y + 34) - 4
    page.rule(LEFT, RIGHT, letter.y, THIN)
    letter.y += 8


def _paragraph(letter: _FormLetter, heading: str, text: str) -> None:
    lines = wrapped(text, BODY, RIGHT - LEFT, MOST_LINES)
    letter.need(PITCH * (min(len(lines), 2) + bool(heading)) + 8)
    letter.y += 8
    if heading:
        letter.y += PITCH
        letter.page.left(LEFT, letter.y - 3, heading, HEAD, RIGHT - LEFT)
    for line in lines:
        letter.need(PITCH)
        letter.y += PITCH
        letter.page.left(LEFT, letter.y - 3, line, BODY)


def _lines_to_sign(letter: _FormLetter) -> None:
    page = letter.page
    if letter.paper.aloud:
        letter.y += 16
        page.boxes.append(Box(LEFT, letter.y - 8, 9, 9, THIN))
        page.left(LEFT + 15, letter.y, letter.say("aloud"), TEXT)
    for left, right in (("sign", "when"), ("who", ""), ("staff", "when")):
        letter.y += 36
        page.rule(LEFT, LEFT + 330, letter.y, THIN)
        page.left(LEFT, letter.y + 9, letter.say(left), SMALL, 330)
        if right:
            page.rule(LEFT + 350, RIGHT, letter.y, THIN)
            page.left(LEFT + 350, letter.y + 9, letter.say(right), SMALL)


def _what_became(letter: _FormLetter, done: FormSigned) -> None:
    page, top = letter.page, letter.y
    status = "on_paper" if done.method == "paper" and done.status == "signed" else done.status
    page.boxes.append(Box(LEFT, top, RIGHT - LEFT, 118, THIN))
    page.left(LEFT + 8, top + 14, f"{letter.say(status)}  {day_and_clock(done.given_at)}", HEAD, 300)
    facts = [
        (letter.say("by"), ", ".join(part for part in (done.signer or letter.paper.patient.name, done.relationship) if part)),
        (letter.say("reason"), done.reason),
        (letter.say("seen"), done.seen_by),
        (letter.say("witness"), done.witness),
    ]
    y = top + 28
    for caption, value in facts:
        if not visible(value).strip() or (caption == facts[0][0] and done.status == "unable"):
            continue
        for number, line in enumerate(wrapped(value, TEXT, 140, 3)):
            if number == 0:
                page.left(RIGHT - 216, y, caption, SMALL, 68)
            page.left(RIGHT - 146, y, line, TEXT, 140)
            y += 11
    if done.explained:
        page.left(RIGHT - 216, y, letter.say("aloud"), TEXT, 200)
    if done.strokes is not None:
        draw_strokes(page, done.strokes, LEFT + 12, top + 26, SIGN_WIDTH - 30, SIGN_HEIGHT)
    page.rule(LEFT + 8, LEFT + 8 + SIGN_WIDTH - 20, top + 94, THIN)
    page.left(LEFT + 8, top + 105, letter.say("sign"), SMALL, SIGN_WIDTH - 20)
    letter.y = top + 122


def draw_strokes(page: Page, strokes: Strokes, x: float, y: float, width: float, height: float) -> None:
    """Draw a signature into a box, as large as fits, in its own proportions."""
    scale = min(width / strokes.width, height / strokes.height)
    for line in strokes.lines:
        for start, end in pairwise(line):
            page.rules.append(Rule(x + start.x * scale, y + start.y * scale, x + end.x * scale, y + end.y * scale, 1.1))


def _exact(moment: datetime) -> str:
    """``11/23/2026 07:00:05 CST``: to the second, with the zone."""
    return f"{day(moment)} {moment:%H:%M:%S} {moment.tzname() or ''}".rstrip()
