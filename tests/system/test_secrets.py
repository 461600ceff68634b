"""Where secrets are kept, and where they are not."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailingKeyring
from keyring.errors import KeyringLocked

from access_desk.domain.errors import KeyMissingError, UnavailableError
from access_desk.system import keyring_secrets, sealed_secrets
from access_desk.system.home import DeskIdentity, Home, SecretsPlace
from access_desk.system.keyring_secrets import KeyringSecrets
from access_desk.system.sealed_secrets import SealedFileSecrets, passphrase_from_file
from access_desk.system.secrets import (
    DATABASE_KEY,
    PRACTICE_FILE,
    PracticeSecrets,
    choose_place,
    is_practice_file,
    kept_key,
    made_key,
    open_secrets,
)
from access_desk.system.signing import DeskSigner, verify

PHRASE = "correct horse battery"


class Kept(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.values[service, username] = password


class Hanging(Kept):
    """A keyring whose service does not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.released.wait()
        return None


class Locked(Kept):
    """A keyring that is locked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(service)


class Forgetful(Kept):
    """A keyring that keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_secrets, "TRUSTED_BACKENDS", keyring_secrets.TRUSTED_BACKENDS | {__name__})
    monkeypatch.setattr(sealed_secrets, "_MEMORY_KIB", 64)


def test_the_keyring_keeps_each_desk_s_secrets_apart() -> None:
    backend = Kept()
    one, two = KeyringSecrets("one", backend), KeyringSecrets("two", backend)
    one.put("x", "1")
    assert (one.get("x"), two.get("x"), one.get("y")) == ("1", None, None)


def test_a_keyring_that_hangs_is_not_waited_for_for_ever() -> None:
    backend = Hanging()
    with pytest.raises(UnavailableError, match="did not answer"):
        KeyringSecrets("one", backend, limit_s=0.05).get("x")
    backend.released.set()


def test_a_locked_keyring_says_so() -> None:
    with pytest.raises(UnavailableError, match="locked"):
        KeyringSecrets("one", Locked()).get("x")


def test_a_keyring_that_forgets_is_found_out() -> None:
    with pytest.raises(UnavailableError, match="did not keep"):
        KeyringSecrets("one", Forgetful()).put("x", "1")


@pytest.mark.parametrize("module", ["keyrings.alt.file", "keyring.backends.fail", "keyring.backends.null", "anything.else"])
def test_other_keyrings_are_refused_by_name(module: str) -> None:
    backend = type("PlaintextKeyring", (Kept,), {"__module__": module})()
    with pytest.raises(UnavailableError, match=rf"{module}.PlaintextKeyring was refused"):
        KeyringSecrets("one", backend)


def test_the_doctor_says_which_keyring_answers_and_why_another_does_not() -> None:
    assert keyring_secrets.look(Kept()).is_well
    for backend, why in ((Locked(), "locked"), (FailingKeyring(), "was refused")):  # type: ignore[no-untyped-call]
        found = keyring_secrets.look(backend)
        assert (found.is_well, found.is_needed) == (False, False)
        assert why in found.says
        assert "sealed file" in found.mend


def test_a_chain_is_searched_for_a_trusted_one(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, good = type("PlaintextKeyring", (Kept,), {"__module__": "keyrings.alt.file"})(), Kept()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, good])
    chain = ChainerBackend()  # type: ignore[no-untyped-call]
    KeyringSecrets("one", chain).put("x", "1")
    assert (good.values, plain.values) == ({("access-desk/one", "x"): "1"}, {})


def test_a_new_desk_goes_to_a_sealed_file_where_no_keyring_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", FailingKeyring)
    assert choose_place(practice=False) is SecretsPlace.SEALED
    monkeypatch.setattr(keyring, "get_keyring", Kept)
    assert choose_place(practice=False) is SecretsPlace.KEYRING
    assert choose_place(practice=True) is SecretsPlace.PRACTICE


def test_a_sealed_file_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "sealed-secrets.json"
    asked: list[bool] = []

    def ask(new: bool) -> str | None:
        asked.append(new)
        return PHRASE

    secrets = SealedFileSecrets(path, ask)
    assert secrets.get("x") is None
    secrets.put("x", "top secret")
    secrets.put("y", "also")
    assert asked == [True], "asked once, and it was a new one"
    again = SealedFileSecrets(path, ask)
    assert (again.get("x"), again.get("y")) == ("top secret", "also")
    assert asked == [True, False]
    assert "top secret" not in path.read_text()
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
    for wrong in ("correct horse batterz", "", None):
        with pytest.raises(KeyMissingError):
            SealedFileSecrets(path, lambda _, wrong=wrong: wrong).get("x")  # type: ignore[misc]


def test_an_accent_may_be_typed_either_way(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    SealedFileSecrets(path, lambda _: "caf\u00e9 au lait, s'il vous pla\u00eet").put("x", "1")
    assert SealedFileSecrets(path, lambda _: "cafe\u0301 au lait, s'il vous plai\u0302t").get("x") == "1"


def test_a_wrong_passphrase_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sealed-secrets.json"
    SealedFileSecrets(path, lambda _: PHRASE).put("x", "1")
    before = path.read_bytes()
    with pytest.raises(KeyMissingError):
        SealedFileSecrets(path, lambda _: "something else entirely").put("x", "2")
    assert path.read_bytes() == before


def test_a_short_new_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="12 characters"):
        SealedFileSecrets(tmp_path / "s.json", lambda _: "short").put("x", "1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("field", ["memory_kib", "passes", "lanes", "salt", "nonce", "sealed"])
def test_a_sealed_file_that_was_changed_does_not_open(tmp_path: Path, field: str) -> None:
    path = tmp_path / "s.json"
    SealedFileSecrets(path, lambda _: PHRASE).put("x", "1")
    content = json.loads(path.read_text())
    was = content[field]
    content[field] = was + 1 if isinstance(was, int) else ("0" if was[0] != "0" else "1") + was[1:]
    path.write_text(json.dumps(content))
    with pytest.raises(KeyMissingError):
        SealedFileSecrets(path, lambda _: PHRASE).get("x")


@pytest.mark.parametrize("text", ["", "{}", "[]", "7", '{"format": "access-desk.sealed-secrets/1"}'])
def test_a_sealed_file_that_cannot_be_understood(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(KeyMissingError, match="cannot be understood"):
        SealedFileSecrets(path, lambda _: PHRASE).get("x")


def test_a_file_that_asks_for_too_much_memory_is_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    SealedFileSecrets(path, lambda _: PHRASE).put("x", "1")
    path.write_text(json.dumps({**json.loads(path.read_text()), "memory_kib": 1 << 40}))
    with pytest.raises(KeyMissingError, match="cannot be understood"):
        SealedFileSecrets(path, lambda _: PHRASE).get("x")


def test_the_passphrase_from_a_file_is_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "phrase"
    path.write_text(f"{PHRASE}\nnot this\n")
    assert passphrase_from_file(str(path)) == PHRASE
    assert passphrase_from_file(None) is None
    assert passphrase_from_file("") is None
    with pytest.raises(UnavailableError, match="ACCESS_DESK_PASSPHRASE_FILE"):
        passphrase_from_file(str(tmp_path / "missing"))


def test_a_practice_desk_s_secrets_say_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / PRACTICE_FILE
    PracticeSecrets(path).put_all({"x": "1", "y": "2"})
    PracticeSecrets(path).put("y", "3")
    assert (PracticeSecrets(path).get("x"), PracticeSecrets(path).get("y")) == ("1", "3")
    assert "PRACTICE" in path.name
    assert "PRACTICE" in path.read_text()
    assert is_practice_file(path)
    path.write_text("{}")
    with pytest.raises(KeyMissingError, match="begin a new practice desk in another folder"):
        PracticeSecrets(path).get("x")


def test_keys_are_made_once(tmp_path: Path) -> None:
    secrets = PracticeSecrets(tmp_path / PRACTICE_FILE)
    key = made_key(secrets, DATABASE_KEY)
    assert made_key(secrets, DATABASE_KEY) == kept_key(secrets, DATABASE_KEY) == key
    assert len(key) == 32


@pytest.mark.parametrize("value", [None, "", "not hex", "00" * 31])
def test_a_missing_key_says_what_to_do(tmp_path: Path, value: str | None) -> None:
    secrets = PracticeSecrets(tmp_path / PRACTICE_FILE)
    if value is not None:
        secrets.put(DATABASE_KEY, value)
    with pytest.raises(KeyMissingError, match="Restore a backup, or enroll this desk again"):
        kept_key(secrets, DATABASE_KEY)


def test_the_place_is_the_one_the_identity_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path)
    monkeypatch.setattr(keyring, "get_keyring", FailingKeyring)
    sealed = open_secrets(home, DeskIdentity("d", "x", practice=False, secrets=SecretsPlace.SEALED), lambda _: PHRASE)
    sealed.put("x", "1")
    assert [path.name for path in tmp_path.iterdir()] == ["sealed-secrets.json"]
    with pytest.raises(UnavailableError, match="refused"):
        open_secrets(home, DeskIdentity("d", "x", practice=False, secrets=SecretsPlace.KEYRING), lambda _: PHRASE)


def test_the_signing_key_signs_and_stays(tmp_path: Path) -> None:
    secrets = PracticeSecrets(tmp_path / PRACTICE_FILE)
    signer = DeskSigner.make(secrets)
    signature = signer.sign(b"paid")
    assert len(signature) == 64
    assert DeskSigner.from_secrets(secrets).public_key_hex == signer.public_key_hex
    assert verify(signer.public_key, b"paid", signature)
    assert not verify(signer.public_key, b"paid twice", signature)
    assert not verify(signer.public_key, b"paid", signature[:-1])
    assert not verify(b"no key", b"paid", signature)
