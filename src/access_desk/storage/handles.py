"""The database handles that services open transactions on and pass down. What they are made of stays in this package."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

__all__ = ["Connection", "Engine"]
