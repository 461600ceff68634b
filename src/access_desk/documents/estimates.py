"""The estimate letter of an insured patient, and the good-faith estimate of one without a plan (45 CFR 149.610(c)(1))."""

from __future__ import annotations

from access_desk.documents.fonts import REGULAR, Style
from access_desk.documents.letter import LEFT, RIGHT, SMALL, Column, Field, Letter, Row
from access_desk.documents.moments import day, day_and_clock
from access_desk.documents.printable import wrapped
from access_desk.documents.symbols import code128
from access_desk.domain.papers.imprint import Imprint
from access_desk.domain.papers.registration import SPANISH, EstimateLetter, EstimateLine, GoodFaithPaper, PatientOnPaper

BODY = Style(REGULAR, 9.6)
PITCH = 12.4

_WORDS: dict[str, tuple[str, str]] = {
    "letter": ("Estimate of your share", "Estimación de su parte"),
    "good_faith": ("Good faith estimate", "Estimación de buena fe"),
    "number": ("Estimate {0}, {1}", "Estimación {0}, {1}"),
    "original": ("original", "original"),
    "copy": ("COPY {0}", "COPIA {0}"),
    "patient": ("Patient", "Paciente"),
    "born": ("Birth date", "Fecha de nacimiento"),
    "account": ("Account", "Cuenta"),
    "made": ("Made", "Hecha"),
    "service": ("Service", "Servicio"),
    "on": ("Date of service", "Fecha del servicio"),
    "not_scheduled": ("not scheduled", "sin fecha"),
    "provider": ("Provider or facility", "Proveedor o centro"),
    "unknown": ("Not known", "No se conoce"),
    "amount": ("Amount", "Importe"),
    "what": ("What it was worked out from", "De qué se calculó"),
    "allowed": ("Amount that the plan allows for the service", "Importe que el plan permite por el servicio"),
    "deductible_left": ("Deductible not yet met", "Deducible todavía no alcanzado"),
    "percent": ("Your part of the rest (coinsurance)", "Su parte del resto (coseguro)"),
    "pocket_left": ("Left until your out-of-pocket maximum", "Lo que falta para su gasto máximo de bolsillo"),
    "no_cap": ("not known", "no se conoce"),
    "share": ("Your share", "Su parte"),
    "copay": ("Copay", "Copago"),
    "deductible": ("Deductible", "Deducible"),
    "coinsurance": ("Coinsurance", "Coseguro"),
    "total": ("Total", "Total"),
    "capped": ("Your out-of-pocket maximum takes the rest off.", "Su gasto máximo de bolsillo quita el resto."),
    "items": ("Expected items and services", "Artículos y servicios previstos"),
    "code": ("Service code", "Código"),
    "diagnosis": ("Diagnosis", "Diagnóstico"),
    "quantity": ("Quantity", "Cantidad"),
    "charge": ("Expected charge", "Cargo previsto"),
    "know": ("What you should know", "Lo que debe saber"),
}
_LETTER_NOTES = (
    (
        (
            "This is an estimate, not a bill and not a promise. The plan decides what it pays when it has the claim; "
            "your share may be higher or lower."
        ),
        (
            "It was worked out from what the plan told us on the day it was made. Doctors who bill separately may "
            "send their own bill."
        ),
        ("If you cannot pay your share, ask for our financial assistance policy or a payment plan. You may ask at any time."),
    ),
    (
        (
            "Esta es una estimación; no es una cuenta ni una promesa. El plan decide lo que paga cuando tiene el "
            "reclamo; su parte puede ser más alta o más baja."
        ),
        (
            "Se calculó con lo que el plan nos dijo el día en que se hizo. Los médicos que cobran por separado pueden"
            " enviar su propia cuenta."
        ),
        (
            "Si no puede pagar su parte, pida nuestra política de ayuda financiera o un plan de pago. Puede pedirlo "
            "en cualquier momento."
        ),
    ),
)
_GOOD_FAITH_NOTES = (
    (
        (
            "Other items or services may be recommended as part of your care that have to be scheduled or requested "
            "separately and are not in this estimate."
        ),
        (
            "This is only an estimate of items and services that are reasonably expected when it is made. The actual "
            "items, services or charges may differ."
        ),
        (
            "You have the right to dispute the bill if you are charged $400 or more above this estimate by any "
            "provider or facility in it. You may start the patient-provider dispute resolution process of the U.S. "
            "Department of Health and Human Services within 120 calendar days of receiving the bill; "
            "www.cms.gov/nosurprises or 1-800-985-3059 say how. Starting it does not affect the quality of your care."
            " The fee is small, and you get it back if the decision is for you."
        ),
        "This estimate is not a contract and does not oblige you to receive the items or services here. Keep it.",
    ),
    (
        (
            "Se le pueden recomendar otros artículos o servicios como parte de su atención que hay que programar o "
            "pedir por separado y que no están en esta estimación."
        ),
        (
            "Esta es solo una estimación de los artículos y servicios que razonablemente se prevén cuando se hace. "
            "Los artículos, servicios o cargos reales pueden ser otros."
        ),
        (
            "Usted tiene derecho a disputar la cuenta si cualquier proveedor o centro de esta estimación le cobra "
            "$400 o más por encima de ella. Puede comenzar el proceso de resolución de disputas entre paciente y "
            "proveedor del Departamento de Salud y Servicios Humanos de los Estados Unidos dentro de los 120 días "
            "calendario después de recibir la cuenta; www.cms.gov/nosurprises o 1-800-985-3059 dicen cómo. Comenzarlo"
            " no afecta la calidad de su atención. La tarifa es pequeña, y se le devuelve si la decisión es a su "
            "favor."
        ),
        "Esta estimación no es un contrato y no le obliga a recibir los artículos o servicios aquí. Guárdela.",
    ),
)


class _Estimate(Letter):
    """A letter in the patient's language."""

    def __init__(self, imprint: Imprint, title: str, number: str, language: str) -> None:
        self.in_spanish = language == SPANISH
        super().__init__(imprint, self.say(title), number)

    def say(self, key: str) -> str:
        """A word in the letter's language."""
        return _WORDS[key][self.in_spanish]

    @property
    def numbered(self) -> str:
        """``Estimate 10452001, original``."""
        copy = self.imprint.copy_number
        return self.say("number").format(self.number, self.say("original") if copy <= 1 else self.say("copy").format(copy))

    def begin(self, patient: PatientOnPaper) -> None:
        """Place the letterhead with the MRN as a bar code, address and telephone of the facility."""
        self.top(barcode=False)
        said = code128(self.page, 488, 36, 22, 168, patient.mrn)
        self.page.center(488, 67, f"MRN {said}" if said else "", SMALL, 168)
        where = ", ".join(line for line in (*self.imprint.address_lines, self.imprint.phone) if line)
        self.page.right(RIGHT, 81.1, where, SMALL, 280)

    def notes(self, texts: tuple[str, ...]) -> None:
        """Place what the patient should know."""
        self.need(60)
        self.heading(self.say("know"), gap=22)
        for text in texts:
            self.y += 4
            for line in wrapped(text, BODY, RIGHT - LEFT, 12):
                self.need(PITCH)
                self.y += PITCH
                self.page.left(LEFT, self.y - 2, line, BODY)


def render_estimate_letter(content: EstimateLetter) -> bytes:
    """Draw an estimate letter.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = _Estimate(content.imprint, "letter", content.number, content.language)
    letter.begin(content.patient)
    letter.fields(
        [
            _who(letter, content.patient),
            [
                Field(letter.say("service"), content.service),
                Field("MRN", content.patient.mrn),
                Field(letter.say("made"), day_and_clock(content.made_at)),
            ],
        ],
        (40, 300, 432.3),
    )
    for line in content.lines:
        _plan(letter, line)
    letter.notes(_LETTER_NOTES[letter.in_spanish])
    return letter.finish()


def _who(letter: _Estimate, patient: PatientOnPaper) -> list[Field]:
    born = day(patient.birth_date) if patient.birth_date else letter.say("unknown")
    return [
        Field(letter.say("patient"), patient.name),
        Field(letter.say("born"), born),
        Field(letter.say("account"), patient.account),
    ]


def _plan(letter: _Estimate, line: EstimateLine) -> None:
    amount = Column(letter.say("amount"), 470, RIGHT, "right")
    left = line.out_of_pocket_left
    inputs = [
        Row((letter.say("allowed"), line.allowed.figures())),
        Row((letter.say("deductible_left"), line.deductible_left.figures())),
        Row((letter.say("percent"), line.coinsurance_percent)),
        Row((letter.say("pocket_left"), letter.say("no_cap") if left is None else left.figures())),
    ]
    letter.table(line.payer, (Column(letter.say("what"), LEFT, 460), amount), inputs, pitch=13.5)
    shares = [
        Row((letter.say("copay"), line.copay.figures())),
        Row((letter.say("deductible"), line.deductible.figures())),
        Row((letter.say("coinsurance"), line.coinsurance.figures())),
    ]
    totals = Row((letter.say("total"), line.total.dollars()))
    caption = letter.say("capped") if line.capped else ""
    columns = (Column("", LEFT, 460), amount)
    letter.table(letter.say("share"), columns, shares, caption=caption, totals=totals, pitch=13.5)


def render_good_faith(content: GoodFaithPaper) -> bytes:
    """Draw a good-faith estimate.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = _Estimate(content.imprint, "good_faith", content.number, content.language)
    letter.begin(content.patient)
    when = day(content.service_on) if content.service_on else letter.say("not_scheduled")
    letter.fields(
        [
            _who(letter, content.patient),
            [
                Field(letter.say("service"), content.service),
                Field(letter.say("on"), when),
                Field(letter.say("made"), day_and_clock(content.made_at)),
            ],
            [Field(letter.say("provider"), content.provider), Field("NPI", content.npi), Field("TIN", content.tin)],
        ],
        (40, 300, 432.3),
    )
    columns = (
        Column(letter.say("service"), LEFT, 280, wraps=True),
        Column(letter.say("code"), 288, 350),
        Column(letter.say("diagnosis"), 356, 420),
        Column(letter.say("quantity"), 426, 468, "right"),
        Column(letter.say("charge"), 486, RIGHT, "right"),
    )
    rows = [Row((item.service, item.code, item.diagnosis, f"{item.quantity:,}", item.charge.figures())) for item in content.items]
    totals = Row((letter.say("total"), "", "", "", content.total.dollars()))
    letter.table(letter.say("items"), columns, rows, totals=totals, pitch=13.5)
    letter.notes(_GOOD_FAITH_NOTES[letter.in_spanish])
    return letter.finish()
