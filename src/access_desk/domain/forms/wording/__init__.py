"""What the forms say, in this program's own plain words; a government form is named where that form has to be handed over."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from access_desk.domain.forms.catalogue import CATALOGUE, FOLLOW_UP
from access_desk.domain.forms.wording import english, spanish


class Wording(NamedTuple):
    """A form's title and paragraphs, each a heading (or blank) and a text."""

    title: str
    paragraphs: tuple[tuple[str, str], ...]

    @property
    def sha256(self) -> str:
        """The hash of exactly this text, which a completed form keeps."""
        return sha256("\n".join((self.title, *(f"{head}\n{text}" for head, text in self.paragraphs))).encode()).hexdigest()


def wording_of(form: str, language: str, part: str) -> Wording:
    """The text of a form or its follow-up copy in a language of the catalogue. Raises KeyError."""
    entry = CATALOGUE[form]
    words = spanish if language == "es" else english
    title = entry.title_in(language)
    paragraphs = words.TEXTS[form]
    if part == FOLLOW_UP:
        title = f"{title}, {words.FOLLOW_UP}"
    if entry.official:
        paragraphs = (*paragraphs, ("", words.OFFICIAL.format(number=entry.official)))
    return Wording(title, paragraphs)
