"""From any released state to this release's tables, with the data, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import alembic.script
import pytest
from sqlalchemy import Engine

from access_desk.domain.errors import DamagedDatabaseError, NewerDatabaseError, UnavailableError
from access_desk.storage import migrate
from access_desk.storage.backup import read_backup
from access_desk.storage.engine import open_database, read_transaction, write_transaction
from access_desk.storage.migrate import HEAD, REVISIONS, bring_up_to_date, finish_making, make_database, revision
from access_desk.storage.upgrade import configuration, upgrade

KEY = bytes(range(32))
NEXT = '''
"""A later step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column, move data, and stop when told to."""
    op.add_column("local_settings", sa.Column("changed_at", sa.Text(), nullable=True))
    op.execute("UPDATE local_settings SET changed_at = value")
    {then}
'''


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path / "desk.db", KEY, create=True)
    yield opened
    opened.dispose()


def ddl(engine: Engine) -> dict[str, list[str]]:
    """Tables and indexes by name: their columns in order, then their constraints in any order."""
    with read_transaction(engine) as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    found = {}
    for name, sql in rows:
        lines = [line.strip().rstrip(",") for line in sql.splitlines() if line.strip()]
        constraints = sorted(line for line in lines if line.startswith("CONSTRAINT"))
        found[name] = [line for line in lines if not line.startswith("CONSTRAINT")] + constraints
    return found


def tables_of(engine: Engine) -> str | None:
    with read_transaction(engine) as connection:
        return revision(connection)


def settings(engine: Engine) -> list[tuple[object, ...]]:
    with read_transaction(engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM local_settings ORDER BY name").all()]


def a_later_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str = "pass") -> None:
    """Let the program know one migration more than was released."""
    folder = tmp_path / "migrations"
    source = Path(configuration().get_main_option("script_location") or "")
    for path in (source / "env.py", *(source / "versions").glob("*.py")):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (folder / "versions" / "9001_later.py").write_text(NEXT.format(before=HEAD, then=then))
    config = configuration()
    config.set_main_option("script_location", str(folder))
    monkeypatch.setattr("access_desk.storage.upgrade.configuration", lambda: config)
    monkeypatch.setattr(migrate, "REVISIONS", (*REVISIONS, "9001"))
    monkeypatch.setattr(migrate, "HEAD", "9001")


def test_every_released_revision_is_known_in_order() -> None:
    script = alembic.script.ScriptDirectory.from_config(configuration())
    assert tuple(reversed([step.revision for step in script.walk_revisions()])) == REVISIONS
    assert script.get_current_head() == HEAD


def test_migrated_tables_are_those_of_the_schema(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine, REVISIONS)
    make_database(tmp_path / "fresh.db", KEY)
    finish_making(tmp_path / "fresh.db")
    fresh = open_database(tmp_path / "fresh.db", KEY, create=False)
    assert ddl(fresh) == ddl(engine)
    assert len(ddl(fresh)) > 30
    assert tables_of(engine) == tables_of(fresh) == HEAD
    fresh.dispose()


def test_a_database_at_the_newest_revision_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    assert bring_up_to_date(engine, KEY, tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()


def test_an_older_database_is_backed_up_and_upgraded_with_its_data(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("INSERT INTO local_settings VALUES ('CHR', 'theme', 'dark')")
    a_later_step(tmp_path, monkeypatch)
    backup = bring_up_to_date(engine, KEY, tmp_path / "backups")
    assert settings(engine) == [("CHR", "theme", "dark", "dark")]
    assert tables_of(engine) == "9001"
    assert backup == tmp_path / "backups" / f"before-upgrade-from-{HEAD}.backup"
    assert dict(read_backup(backup, KEY).rows)["local_settings"] == 1


def test_a_step_that_fails_leaves_nothing_of_itself(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    before = ddl(engine)
    a_later_step(tmp_path, monkeypatch, then="raise ArithmeticError('half-way')")
    with pytest.raises(ArithmeticError):
        bring_up_to_date(engine, KEY, tmp_path / "backups")
    assert ddl(engine) == before
    assert tables_of(engine) == HEAD


def test_no_backup_no_upgrade(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    a_later_step(tmp_path, monkeypatch)
    (tmp_path / "backups").touch()
    with pytest.raises(UnavailableError, match="not upgraded"):
        bring_up_to_date(engine, KEY, tmp_path / "backups")
    assert tables_of(engine) == HEAD


def test_a_newer_database_is_refused(engine: Engine, tmp_path: Path) -> None:
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabaseError, match="9999"):
        bring_up_to_date(engine, KEY, tmp_path / "backups")


def test_tables_of_no_known_release_are_refused(engine: Engine, tmp_path: Path) -> None:
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE something (name TEXT)")
    with pytest.raises(DamagedDatabaseError, match="which release"):
        bring_up_to_date(engine, KEY, tmp_path / "backups")


_KILLED = """
    import os, signal, sys
    from pathlib import Path
    from access_desk.storage.engine import open_database
    from access_desk.storage import upgrade
    engine = open_database(Path(sys.argv[1]), bytes(range(32)), create=False)
    config = upgrade.configuration()
    config.set_main_option("script_location", sys.argv[2])
    upgrade.configuration = lambda: config
    upgrade.upgrade(engine, ["9001"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_killed_half_way_the_old_tables_stand(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("INSERT INTO local_settings VALUES ('CHR', 'theme', 'dark')")
    engine.dispose()
    a_later_step(tmp_path, monkeypatch, then="import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_KILLED), str(tmp_path / "desk.db"), str(tmp_path / "migrations")],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.returncode == -signal.SIGKILL
    assert tables_of(engine) == HEAD
    assert settings(engine) == [("CHR", "theme", "dark")]
    a_later_step(tmp_path, monkeypatch)
    bring_up_to_date(engine, KEY, tmp_path / "backups")
    assert settings(engine) == [("CHR", "theme", "dark", "dark")]


def test_a_fresh_database_needs_no_migration_library(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from access_desk.storage.migrate import *; "
        "make_database(Path(sys.argv[1]), bytes(32)); finish_making(Path(sys.argv[1])); assert 'alembic' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "desk.db")],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert [path.name for path in tmp_path.iterdir()] == ["desk.db"]


def test_making_again_after_an_interruption(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.with_name("desk.db.making").write_bytes(b"half of something")
    make_database(path, KEY)
    assert not path.exists(), "it gets its name only when the desk's identity is written"
    finish_making(path)
    finish_making(path)
    engine = open_database(path, KEY, create=False)
    assert tables_of(engine) == HEAD
    engine.dispose()
