"""``python tools/openapi.py``: writes central's HTTP interface to docs/openapi.json."""

from pathlib import Path

from access_desk.central.application import interface

Path("docs/openapi.json").write_bytes(interface())
