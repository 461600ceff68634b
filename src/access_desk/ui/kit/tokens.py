"""The design tokens: colours per theme, type, sizes, spacing, density, times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from access_desk.ui.kit.resources import resource_folder


@cache
def tokens() -> Mapping[str, Any]:
    """The design tokens as their file has them."""
    loaded: Mapping[str, Any] = json.loads((resource_folder() / "design" / "tokens.json").read_text(encoding="utf-8"))
    return loaded
