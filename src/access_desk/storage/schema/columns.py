"""What every table is made of: the one metadata, and columns by what they hold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Constraint, Integer, MetaData, PrimaryKeyConstraint, Table, Text

metadata = MetaData(
    naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


def text(name: str, *, optional: bool = False) -> Column[str]:
    """Text: names, ISO dates, moments in UTC."""
    return Column(name, Text, nullable=optional)


def cents(name: str, *, optional: bool = False) -> Column[int]:
    """Money in whole cents."""
    return Column(name, BigInteger, nullable=optional)


def number(name: str, *, optional: bool = False) -> Column[int]:
    """A small whole number, or 0 and 1 for no and yes."""
    return Column(name, Integer, nullable=optional)


def table(name: str, key: tuple[str, ...], *columns: Column[Any] | Constraint) -> Table:
    """A table whose key begins with the facility."""
    parts = (text("facility_id"), *columns, PrimaryKeyConstraint("facility_id", *key, name=f"pk_{name}"))
    return Table(name, metadata, *parts, sqlite_with_rowid=False)
