"""The system's keyring, and only one that keeps secrets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, TypeVar

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringError

from access_desk.domain.errors import UnavailableError
from access_desk.system.computer import Finding

KEYRING_LIMIT_S: Final = 8.0
# Modules of backends that keep secrets under the user's log-in. Everything else is refused by name: merely having
# keyrings.alt installed makes the keyring library choose a plain-text file without a word.
TRUSTED_BACKENDS: Final = frozenset(
    {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)
_Answer = TypeVar("_Answer")


class KeyringSecrets:
    """The system's keyring. Every call runs in a thread of its own with a limit: a broken keyring service hangs."""

    def __init__(self, desk_id: str, backend: KeyringBackend | None = None, limit_s: float = KEYRING_LIMIT_S) -> None:
        """Take the keyring.

        Args:
            desk_id: names this desk's entries.
            backend: another than the system's.
            limit_s: seconds a call may take.

        Raises:
            UnavailableError: there is no keyring that can be trusted.
        """
        self._service = f"access-desk/{desk_id}"
        self._limit_s = limit_s
        self._backend = _trusted(backend or self._within_limit(keyring.get_keyring))

    @property
    def name(self) -> str:
        """Which keyring it is."""
        return type(self._backend).__module__.rpartition(".")[2]

    def get(self, name: str) -> str | None:
        """Return the secret of that name, or None. Raises UnavailableError when the keyring cannot be asked."""
        return self._within_limit(lambda: self._backend.get_password(self._service, name))

    def put(self, name: str, value: str) -> None:
        """Store a secret, and read it back. Raises UnavailableError when the keyring did not take it."""

        def store() -> str | None:
            self._backend.set_password(self._service, name, value)
            return self._backend.get_password(self._service, name)

        if self._within_limit(store) != value:
            raise UnavailableError("This computer's keyring did not keep what it was given. Nothing was changed.")

    def _within_limit(self, call: Callable[[], _Answer]) -> _Answer:
        answers: list[_Answer] = []
        failures: list[BaseException] = []

        def ask() -> None:
            try:
                answers.append(call())
            except BaseException as failure:  # noqa: BLE001 - raised again below, in the thread that asked
                failures.append(failure)

        thread = threading.Thread(target=ask, name="keyring", daemon=True)
        thread.start()
        thread.join(self._limit_s)
        if answers:
            return answers[0]
        if not failures:
            raise UnavailableError(
                f"This computer's keyring did not answer within {self._limit_s:.0f} seconds. Nothing was changed. "
                "Unlock it, or sign out of the computer and in again, then start again."
            )
        if isinstance(failures[0], (KeyringError, OSError, RuntimeError)):
            raise UnavailableError(
                f"This computer's keyring is locked or cannot be used ({type(failures[0]).__name__}). Nothing was changed. "
                "Unlock it, then start again."
            ) from failures[0]
        raise failures[0]


def look(backend: KeyringBackend | None = None, limit_s: float = KEYRING_LIMIT_S) -> Finding:
    """What the doctor finds of this computer's keyring; without one a desk keeps its secrets in a sealed file."""
    try:
        secrets = KeyringSecrets("doctor", backend, limit_s)
        secrets.get("nothing")
    except UnavailableError as wrong:
        mend = "apt-get install --yes gnome-keyring, or let the desk keep its secrets in a sealed file under a passphrase"
        return Finding("keyring", is_well=False, says=wrong.text, mend=mend, is_needed=False)
    return Finding("keyring", is_well=True, says=f"{secrets.name} answers")


def _trusted(backend: KeyringBackend) -> KeyringBackend:
    # Where several backends work, the library chains them, and would read from an untrusted one too.
    offered: list[KeyringBackend] = list(backend.backends) if isinstance(backend, ChainerBackend) else [backend]
    for one in offered:
        if type(one).__module__ in TRUSTED_BACKENDS:
            return one
    raise UnavailableError(
        f"This computer offers no keyring that keeps secrets ({type(backend).__module__}.{type(backend).__qualname__} was "
        "refused). Nothing was stored. Start the system's keyring, or let the desk keep its secrets in a sealed file."
    )
