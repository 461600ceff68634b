"""Somebody else who checks signatures, without a process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from access_desk.protocol.chain import is_signed_by
from access_desk.protocol.signatures import Named


class Elsewhere:
    """Has come to so many, and dies after some of them; what it was asked is remembered."""

    def __init__(self, begins: int = 1_000, dies_after: int = 1_000) -> None:
        self.asked: list[Sequence[Named]] = []
        self.begins, self.dies_after = begins, dies_after

    def ask(self, named: Sequence[Named]) -> Elsewhere:
        self.asked.append(named)
        self.own = len(named)
        return self

    def taken_back(self) -> Iterator[int]:
        while self.own > self.begins:
            self.own -= 1
            yield self.own

    def held(self) -> list[bool]:
        return [is_signed_by(*one) for one in self.asked[-1][: min(self.own, self.dies_after)]]
