from __future__ import annotations

from dataclasses import replace

from access_desk.documents.receipt import render_receipt
from access_desk.domain.papers.receipt import Language, ReceiptKind
from tests.documents.paper import colors, ink_outside, read
from tests.documents.samples import at, card, cash, check, dollars, imprint, pictured_receipt


def _words(**changes: object) -> str:
    return " ".join(read(render_receipt(pictured_receipt(**changes))).text.split())


def test_the_pictured_receipt_says_what_the_picture_says() -> None:
    words = _words()
    for said in (
        "Cedar Hollow Regional Medical Center",
        "2400 Millrace Avenue Larkin Falls, OH 44990 (216) 555-0110",
        "Payment receipt Recibo de pago",
        "Receipt / Recibo R-240321",
        "Date / Fecha 07/16/2026 10:47 AM",
        "Desk / Ventanilla Admitting 3",
        "Taken by / Atendió Dana W.",
        "Patient / Paciente M. Vega-Trujillo",
        "Visit / Visita ••••2290",
        "Copay / Copago 75.00",
        "Balance / Saldo 04/02/2026 43.60",
        "Paid / Pagado $118.60",
        "Cash / Efectivo 120.00",
        "Change / Cambio 1.40",
        "Still due today / Pendiente hoy",
        "This is a receipt, not a bill. Insurance may change what you owe later. Este es un recibo, no una factura.",
        "Thank you / Gracias",
        "Customer copy / Copia del cliente",
    ):
        assert said in words, said
    assert "Marisol" not in words
    assert "10452290" not in words
    assert "COPY" not in words
    assert "PRACTICE" not in words


def test_it_is_eighty_millimeters_wide_and_as_tall_as_its_content() -> None:
    short = render_receipt(pictured_receipt(language=Language.ENGLISH))
    tall = render_receipt(
        pictured_receipt(tenders=(cash("18.60", "20.00", "1.40"), card("50.00", "71F20A"), check("50.00", "1")))
    )
    assert abs(read(short).sizes[0][0] - 226.77) < 0.1
    assert read(tall).sizes[0][1] > read(short).sizes[0][1] + 40
    assert len(read(tall).pages) == 1
    assert ink_outside(tall, 0, 12, 216) == 0
    assert not colors(tall)


def test_english_alone() -> None:
    words = _words(language=Language.ENGLISH)
    assert "Paid $118.60" in words
    for spanish in ("Recibo", "Pagado", "Gracias", "factura", "/ "):
        assert spanish not in words


def test_copies_and_practice_are_marked() -> None:
    words = _words(imprint=imprint(3, practice=True), language=Language.ENGLISH)
    assert "COPY 3" in words
    assert "PRACTICE" in words


def test_split_tenders_show_only_the_last_four_of_a_card() -> None:
    words = _words(
        tenders=(
            cash("18.60", "20.00", "1.40"),
            replace(card("50.00", "71F20A"), card_last4="4242424242424242"),
            check("50.00", "2214"),
        ),
        rounding=dollars("-0.02"),
    )
    assert "Card / Tarjeta ••••4242 50.00 Auth / Autorización 71F20A" in words
    assert "Check / Cheque 2214 50.00" in words
    assert "Rounding / Redondeo −0.02" in words
    assert "42424" not in words


def test_a_void_says_so() -> None:
    words = _words(
        kind=ReceiptKind.VOID, voided_at=at(10, 58), reason="wrong account", approved_by="Marcus Okafor", still_due=None
    )
    for said in (
        "VOID / ANULADO",
        "Voided / Anulado 07/16/2026 10:58 AM",
        "Reason / Motivo wrong account",
        "Approved by / Aprobó Marcus O.",
        "Voided / Anulado $118.60",
        "Cash / Efectivo 118.60",
        "Received by, signature",
    ):
        assert said in words, said
    assert "Change" not in words
    assert "Still due" not in words


def test_a_refund_names_the_receipt_it_gives_back() -> None:
    words = _words(
        kind=ReceiptKind.REFUND,
        number="RF-240321-1",
        original="R-240321",
        amount=dollars("20.00"),
        charges=(),
        tenders=(cash("20.00"),),
        still_due=None,
    )
    for said in ("Refund receipt", "For receipt / Del recibo R-240321", "Refunded / Reembolso $20.00", "Received by, signature"):
        assert said in words, said


def test_a_name_that_does_not_fit_its_line_gets_its_own() -> None:
    words = _words(patient_given="Anne", patient_family="Wolfeschlegelsteinhausen-Featherstonehaugh")
    assert "A. Wolfeschlegelsteinhausen" in words
    assert "Featherstonehaugh Visit" in words
    assert "…" not in words


def test_without_a_visit_there_is_no_visit_line() -> None:
    assert "Visit" not in _words(visit_number="", language=Language.ENGLISH)
