"""Questions that every visit and every record asks read what belongs to them, never all of a facility."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, event

from access_desk.storage.engine import open_memory_database
from access_desk.storage.queries import naming, patient_links, person_alerts, visits
from access_desk.storage.schema import metadata

ASKED: Mapping[str, Callable[[Connection], object]] = {
    "merges of a record": lambda one: patient_links.family_of(one, "CHR", "p"),
    "a record with what hangs on it": lambda one: patient_links.side(one, "CHR", "p"),
    "records that absorbed others": lambda one: patient_links.absorbing(one, "CHR", ["p", "q"]),
    "records that were merged": lambda one: patient_links.retired_ids(one, "CHR", ["p", "q"]),
    "links of records": lambda one: person_alerts.links_of(one, "CHR", ["p", "q"]),
    "who is here": lambda one: person_alerts.people_here(one, "CHR", date(2026, 11, 23)),
    "visits of a day": lambda one: visits.visits_of_day(one, "CHR", date(2026, 11, 23)),
    "visits of yesterday": lambda one: visits.visits_carried_over(
        one, "CHR", date(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)
    ),
    "numbers of a mother's children": lambda one: naming.children_numbers(one, "CHR", "p"),
    "names of a mother's children": lambda one: naming.children_names(one, "CHR", "p"),
    "visits of a patient": lambda one: visits.visits_of_patient(one, "CHR", "p"),
}


@pytest.mark.parametrize("name", list(ASKED))
def test_a_question_reads_what_belongs_to_it(name: str) -> None:
    engine = open_memory_database()
    metadata.create_all(engine)
    with engine.connect() as connection:
        statements = statements_of(connection, name)
        assert statements
        for statement, values in statements:
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()]
            assert not [step for step in plan if step.endswith("(facility_id=?)") or step.startswith("SCAN p")], plan


def statements_of(connection: Connection, name: str) -> list[tuple[str, tuple[object, ...]]]:
    asked: list[tuple[str, tuple[object, ...]]] = []

    def heard(_conn: object, _cursor: object, statement: str, values: tuple[object, ...], *_: object) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", heard)
    ASKED[name](connection)
    event.remove(connection, "before_cursor_execute", heard)
    return asked
