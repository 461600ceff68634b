from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from access_desk.documents.fonts import FACES, REGULAR, Style, typeface
from access_desk.documents.printable import ELLIPSIS, REPLACEMENT, balanced, clipped, visible, wrapped

STYLE = Style(REGULAR, 9)


def test_plain_and_accented_text_stands_as_it_is() -> None:
    text = "Zoë Ngũgĩ Nguyễn Thị Łukasz O’Sullivan-Featherstonehaugh"
    assert visible(text) == text
    assert visible("Jose\u0301") == "José"


def test_what_cannot_be_drawn_is_visible() -> None:
    assert visible("a\x00b\x1bc\u202ed\u200be") == f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d{REPLACEMENT}e"
    assert visible("שלום") == "□□□□"
    assert visible("李") == "□"
    assert visible("\ud800") == REPLACEMENT
    assert visible("a\u2003b") == "a b"


def test_markup_is_text() -> None:
    assert visible('<img src="x"/>&amp;') == '<img src="x"/>&amp;'


@given(st.text(alphabet=st.characters(), max_size=300), st.floats(min_value=1, max_value=600))
def test_clipped_text_fits_and_says_that_it_was_cut(text: str, width: float) -> None:
    shown = visible(text)
    cut = clipped(shown, STYLE, width)
    if cut != shown:
        assert cut.endswith(ELLIPSIS)
    assert typeface().width(cut, STYLE) <= max(width, typeface().width(ELLIPSIS, STYLE)) + 1e-6


@given(st.text(alphabet=st.characters(), max_size=600), st.floats(min_value=30, max_value=600), st.integers(1, 9))
def test_wrapped_lines_fit(text: str, width: float, most: int) -> None:
    lines = wrapped(text, STYLE, width, most)
    assert 1 <= len(lines) <= most
    assert all(typeface().width(line, STYLE) <= width + 1e-6 for line in lines)


@given(st.text(alphabet="abc -\n", max_size=200))
def test_wrapping_keeps_every_word(text: str) -> None:
    lines = wrapped(text, STYLE, 80, 400)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(st.characters())
def test_every_character_becomes_one_that_every_face_draws(character: str) -> None:
    drawable = typeface().drawable
    assert all(ord(shown) in drawable for shown in visible(character))
    assert all(typeface().widths[face] for face in FACES)


def test_long_text_is_cut() -> None:
    assert wrapped("word " * 3000, STYLE, 200, 4)[-1].endswith(ELLIPSIS)
    assert visible("x" * 10_000).endswith(ELLIPSIS)
    assert wrapped("x" * 10_000, STYLE, 100_000, 4)[-1].endswith(ELLIPSIS)


def test_balanced_lines_are_of_about_the_same_length() -> None:
    assert balanced("Cedar Hollow Regional Medical Center", Style(FACES[3], 12), 201, 3) == [
        "Cedar Hollow Regional",
        "Medical Center",
    ]
    assert balanced("Short", STYLE, 201, 3) == ["Short"]
