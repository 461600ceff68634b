"""Runs migrations: loaded only when a database has to be upgraded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import alembic.command
import alembic.config
from sqlalchemy import Engine

import access_desk
from access_desk.storage.engine import wide_cache, write_transaction
from access_desk.storage.replay import project_again

CACHE_KIB = 50_000


def upgrade(engine: Engine, revisions: Sequence[str]) -> None:
    """Run these migrations in order, each in one transaction: killed at any point, a database has whole steps only.

    Raises:
        UnavailableError: the database cannot be written; the steps before are done, the failed one is not.
    """
    config = configuration()
    # Rows lie all over the file: with room for the pages that are written each is written once.
    with wide_cache(engine, CACHE_KIB) if engine.dialect.name == "sqlite" else nullcontext():
        for revision in revisions:
            with write_transaction(engine) as connection:
                # The migration library leaves a transaction alone that began before it came.
                connection.begin()
                config.attributes["connection"] = connection
                alembic.command.upgrade(config, revision)
                if revision == revisions[-1]:
                    project_again(connection)


def configuration() -> alembic.config.Config:
    """Find the migrations: inside the installed package, or beside the sources."""
    package = Path(access_desk.__file__).parent
    inside = package / "_migrations"
    folder = inside if inside.is_dir() else package.parents[1] / "migrations"
    config = alembic.config.Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
