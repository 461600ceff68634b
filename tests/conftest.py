"""What every test runs under: no display, no desktop's own settings, a fixed time zone, the same cases every time."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"
os.environ.pop("ACCESS_DESK_PASSPHRASE_FILE", None)

# A change is judged by cases that do not change from run to run; `make fuzz` looks for new ones.
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")
