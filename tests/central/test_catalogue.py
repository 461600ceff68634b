"""The rules under which the tables can be distributed by facility, asked of the server's own catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import access_desk
from access_desk.storage.postgres import open_postgres
from tests.postgres import Cluster

# One row a key: its table, its name, and the name of its first column.
_KEYS = """
SELECT c.relname, x.relname, a.attname FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE i.indisunique
UNION ALL
SELECT c.relname, k.conname, a.attname FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f'
"""
_FORBIDDEN = re.compile(r"\b(LISTEN|NOTIFY|nextval|pg_(?:try_)?advisory\w*|txid_\w+|pg_current_xact_id|xmin)\b")
# The migration library's own table says one thing about the whole database.
_REFERENCE = {"alembic_version"}


@pytest.fixture
def catalogue(postgres: Cluster) -> Iterator[psycopg.Connection[tuple[str, str, str]]]:
    url = postgres.new_database()
    open_postgres(url).dispose()
    with psycopg.connect(url) as connection:
        yield connection


def _wrong_keys(connection: psycopg.Connection[tuple[str, str, str]]) -> list[str]:
    rows = connection.execute(_KEYS.encode()).fetchall()
    assert len(rows) > 50
    return [f"{table}.{key}" for table, key, first in rows if table not in _REFERENCE and first != "facility_id"]


def test_the_facility_leads_every_key(catalogue: psycopg.Connection[tuple[str, str, str]]) -> None:
    assert _wrong_keys(catalogue) == []
    catalogue.execute("CREATE TABLE planted (id BIGINT PRIMARY KEY, facility_id TEXT)")
    assert _wrong_keys(catalogue) == ["planted.planted_pkey"]


def test_every_table_has_a_key_and_none_a_sequence(catalogue: psycopg.Connection[tuple[str, str, str]]) -> None:
    without = catalogue.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
        "AND c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')"
    ).fetchall()
    assert without == []
    of_other_kinds = "SELECT relname FROM pg_class WHERE relkind IN ('S', 'v', 'm') AND relnamespace = 'public'::regnamespace"
    assert catalogue.execute(of_other_kinds).fetchall() == []
    assert catalogue.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").fetchall() == []
    catalogue.execute("CREATE SEQUENCE planted")
    assert len(catalogue.execute(of_other_kinds).fetchall()) == 1


def test_text_is_ordered_by_its_bytes(catalogue: psycopg.Connection[tuple[str, str, str]]) -> None:
    others = catalogue.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' "
        "AND collation_name IS DISTINCT FROM 'C'"
    ).fetchall()
    assert others == []


def test_no_statement_uses_what_does_not_distribute() -> None:
    assert _FORBIDDEN.search("SELECT pg_advisory_xact_lock(1)")
    package = Path(access_desk.__file__).parent
    found = [
        f"{path.name}: {match[0]}"
        for path in [*package.glob("storage/**/*.py"), *package.glob("central/*.py")]
        for match in re.finditer(r'"[^"\n]*"', path.read_text("utf-8"))
        if _FORBIDDEN.search(match[0])
    ]
    assert found == []
