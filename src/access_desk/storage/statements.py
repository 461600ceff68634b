"""Statements of the driver, for what is asked with every batch and with every key.

A server answers each by itself, and whoever waits for each answer waits longer than the server works. What does not depend on
an answer is therefore asked together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, Protocol, TypeAlias

# A statement, and what is bound in it.
Question: TypeAlias = tuple[str, tuple[object, ...]]
Row: TypeAlias = tuple[object, ...]


class Rows(NamedTuple):
    """New rows of one table, at least one; with ``missing`` without those that are there already."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    missing: bool = False


class Readable(Protocol):
    """Something that has a connection of the driver, in a transaction."""

    @property
    def connection(self) -> Any:
        """The driver's, or one that stands for it."""
        ...


def is_on_server(cursor: Any) -> bool:
    """Whether statements can be sent together, without waiting for the answer to each."""
    return hasattr(cursor, "together")


def sent_together(cursor: Any) -> AbstractContextManager[None]:
    """On a server, statements inside are answered at the end, and so is what is wrong with them; in a file nothing changes."""
    together: AbstractContextManager[None] = cursor.together() if is_on_server(cursor) else nullcontext()
    return together


def rows_of(connection: Readable, statement: str, *values: object) -> list[Any]:
    """The rows of a statement, in a transaction that was begun."""
    return list(connection.connection.cursor().execute(statement, values).fetchall())


def rows_together(
    connection: Readable, questions: Sequence[Question], meanwhile: Callable[[], object] = lambda: None
) -> list[list[Any]]:
    """The rows of each of some statements, which are carried out in this order and waited for once.

    ``meanwhile`` is done while a server works on them.
    """
    cursors = [connection.connection.cursor() for _ in questions]
    if not cursors:
        return []
    if not is_on_server(cursors[0]):
        answers = [list(cursor.execute(*one).fetchall()) for cursor, one in zip(cursors, questions, strict=True)]
        meanwhile()
        return answers
    with sent_together(cursors[0]):
        for cursor, one in zip(cursors, questions, strict=True):
            cursor.execute(*one)
        meanwhile()
    return [list(cursor.fetchall()) for cursor in cursors]
