"""A desk for each test; what it wrote must replay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desks import TestDesk, a_desk


@pytest.fixture
def desk() -> Iterator[TestDesk]:
    with a_desk() as made:
        yield made
