"""What every test runs under: no display, no desktop's own settings, a fixed time zone."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"
os.environ.pop("ACCESS_DESK_PASSPHRASE_FILE", None)
