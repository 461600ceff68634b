"""A slice of `make fuzz-central`: no fault of central, and no answer that its document does not say."""

from __future__ import annotations

import pytest

from tests.fuzz.__main__ import main


@pytest.mark.slow
def test_central_answers_what_its_document_says() -> None:
    assert main(["--quick", "--examples", "4", "--seed", "1"]) == 0
