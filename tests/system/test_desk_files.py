"""Making, opening, backing up and restoring whole desks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as FailingKeyring

from access_desk.domain.errors import DamagedDatabaseError, KeyMissingError, UnavailableError
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.system import desk_files, sealed_secrets
from access_desk.system.desk_backups import back_up, keys_beside, restore
from access_desk.system.desk_files import DeskFiles, make_desk, open_desk
from access_desk.system.heads import HEADS_FILE
from access_desk.system.home import DeskIdentity, Home, SecretsPlace
from access_desk.system.secrets import DATABASE_KEY, PRACTICE_FILE, PracticeSecrets

PHRASE = "correct horse battery"
PRACTICE = DeskIdentity("d1", "Practice", practice=True, secrets=SecretsPlace.PRACTICE)
REAL = DeskIdentity("d2", "Admitting 3", practice=False, secrets=SecretsPlace.SEALED)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", FailingKeyring)
    monkeypatch.setattr(sealed_secrets, "_MEMORY_KIB", 64)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.fixture
def practice(home: Home) -> Iterator[DeskFiles]:
    files = make_desk(home, PRACTICE, never)
    put(files, "first")
    yield files
    files.close()


def never(new: bool) -> str | None:
    raise AssertionError(f"a passphrase was asked for ({new})")


def phrase(new: bool) -> str | None:
    del new
    return PHRASE


def put(files: DeskFiles, name: str) -> None:
    with write_transaction(files.database) as connection:
        connection.exec_driver_sql("INSERT INTO local_settings (facility_id, name, value) VALUES ('CHR', ?, '')", (name,))


def names(files: DeskFiles) -> list[str]:
    with read_transaction(files.database) as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT name FROM local_settings ORDER BY name").all()]


def names_in(home: Home) -> list[str]:
    files = open_desk(home, phrase, may_upgrade=True)
    found = names(files)
    files.close()
    return found


def test_a_desk_that_was_made_opens_again(practice: DeskFiles, home: Home) -> None:
    practice.close()
    files = open_desk(home, never, may_upgrade=False)
    assert files.identity == PRACTICE
    assert files.database_key == practice.database_key
    assert files.signer.public_key == practice.signer.public_key
    assert files.pepper == practice.pepper
    assert names(files) == ["first"]
    files.close()
    assert sorted(path.name for path in home.folder.iterdir()) == [PRACTICE_FILE, "desk.db", "desk.json"]


def test_a_second_desk_is_not_made_in_the_same_home(practice: DeskFiles, home: Home) -> None:
    with pytest.raises(UnavailableError, match="already"):
        make_desk(home, REAL, phrase)
    assert names(practice) == ["first"]


@pytest.mark.parametrize("step", ["made_key", "make_database", "finish_making", "open_database"])
def test_killed_while_it_is_made_the_next_start_makes_it(home: Home, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(desk_files, step, killed)
        with pytest.raises(KeyboardInterrupt):
            make_desk(home, PRACTICE, never)
    files = make_desk(home, PRACTICE, never) if home.is_new else open_desk(home, never, may_upgrade=True)
    put(files, "works")
    assert names(files) == ["works"]
    files.close()


def test_killed_between_identity_and_name_the_database_gets_its_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(desk_files, "finish_making", lambda path: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make_desk(home, PRACTICE, never)
    assert not home.is_new
    assert names_in(home) == []


def test_a_database_without_its_key_is_left_alone(practice: DeskFiles, home: Home) -> None:
    practice.close()
    before = home.database.read_bytes()
    (home.folder / PRACTICE_FILE).unlink()
    with pytest.raises(KeyMissingError, match="Restore a backup, or enroll this desk again"):
        open_desk(home, never, may_upgrade=True)
    assert home.database.read_bytes() == before
    assert not (home.folder / PRACTICE_FILE).exists()


def test_another_desk_s_key_does_not_open_it(practice: DeskFiles, home: Home) -> None:
    practice.close()
    PracticeSecrets(home.folder / PRACTICE_FILE).put(DATABASE_KEY, "11" * 32)
    with pytest.raises(DamagedDatabaseError):
        open_desk(home, never, may_upgrade=True)


def test_a_missing_database_is_not_replaced_by_an_empty_one(practice: DeskFiles, home: Home) -> None:
    practice.close()
    home.database.unlink()
    with pytest.raises(UnavailableError, match="missing"):
        open_desk(home, never, may_upgrade=True)
    assert not home.database.exists()


def test_a_practice_backup_is_restored_into_another_folder(practice: DeskFiles, tmp_path: Path) -> None:
    done = back_up(practice, tmp_path / "desk.backup", never)
    assert done.keys == keys_beside(tmp_path / "desk.backup")
    assert "PRACTICE" in done.keys.read_text()
    other = Home.at(tmp_path / "other")
    assert restore(other, tmp_path / "desk.backup", never, "replaced.db").replaced is None
    files = open_desk(other, never, may_upgrade=True)
    assert (files.identity.desk_id, files.identity.practice, files.identity.stream_epoch) == ("d1", True, 2)
    assert files.signer.public_key == practice.signer.public_key
    assert names(files) == ["first"]
    files.close()


def test_a_real_desk_s_keys_travel_sealed_or_not_at_all(home: Home, tmp_path: Path) -> None:
    files = make_desk(home, REAL, phrase)
    put(files, "first")
    alone = back_up(files, tmp_path / "alone.backup", lambda new: None)
    assert alone.keys is None
    back_up(files, tmp_path / "sealed.backup", lambda new: "a passphrase of last year")
    sealed = back_up(files, tmp_path / "sealed.backup", lambda new: "another long passphrase")
    assert sealed.keys is not None
    assert files.database_key.hex() not in sealed.keys.read_text()
    files.close()
    other = Home.at(tmp_path / "other")
    with pytest.raises(KeyMissingError, match=r"keys\.json is not beside"):
        restore(other, tmp_path / "alone.backup", phrase, "replaced.db")
    with pytest.raises(KeyMissingError, match="does not open"):
        restore(other, tmp_path / "sealed.backup", phrase, "replaced.db")
    assert other.is_new
    restore(other, tmp_path / "sealed.backup", lambda new: PHRASE if new else "another long passphrase", "replaced.db")
    assert names_in(other) == ["first"]
    assert other.identity().practice is False


def test_restoring_on_the_same_desk_begins_a_new_stream(practice: DeskFiles, home: Home, tmp_path: Path) -> None:
    back_up(practice, tmp_path / "desk.backup", never)
    put(practice, "later")
    practice.close()
    (home.folder / HEADS_FILE).write_text("{}")
    for epoch in (2, 3):
        restored = restore(home, tmp_path / "desk.backup", never, f"replaced-{epoch}.db")
        assert home.identity().stream_epoch == epoch
        assert restored.replaced == home.folder / f"replaced-{epoch}.db"
    assert names_in(home) == ["first"]
    assert not (home.folder / HEADS_FILE).exists()
    assert (home.folder / f"replaced-2.db.{HEADS_FILE}").exists()


def test_a_bad_backup_leaves_the_desk_in_its_stream(practice: DeskFiles, home: Home, tmp_path: Path) -> None:
    practice.close()
    (tmp_path / "bad.backup").write_bytes(b"x" * 10_000)
    with pytest.raises(DamagedDatabaseError, match="Nothing was changed"):
        restore(home, tmp_path / "bad.backup", never, "replaced.db")
    assert home.identity() == PRACTICE
    assert names_in(home) == ["first"]


def test_another_desk_s_backup_is_refused(practice: DeskFiles, home: Home, tmp_path: Path) -> None:
    other = make_desk(Home.at(tmp_path / "other"), PRACTICE, never)
    back_up(other, tmp_path / "other.backup", never)
    other.close()
    practice.close()
    with pytest.raises(DamagedDatabaseError):
        restore(home, tmp_path / "other.backup", never, "replaced.db")
    assert names_in(home) == ["first"]


@pytest.mark.parametrize(
    "text", ["{}", "", json.dumps({"format": "access-desk.practice-secrets/1", "secrets": {"identity": "{}"}})]
)
def test_keys_that_cannot_be_understood(practice: DeskFiles, tmp_path: Path, text: str) -> None:
    back_up(practice, tmp_path / "desk.backup", never)
    keys_beside(tmp_path / "desk.backup").write_text(text)
    other = Home.at(tmp_path / "other")
    with pytest.raises(KeyMissingError):
        restore(other, tmp_path / "desk.backup", phrase, "replaced.db")
    assert other.is_new
