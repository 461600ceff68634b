"""The folder that a window stands before: whether a desk is in it, its passphrase, and enrolling one there."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from access_desk.domain.errors import DeskError, Refusal, UnavailableError
from access_desk.protocol.enrollment_code import read_code
from access_desk.system.enrollment import enrollment_file
from access_desk.system.home import DeskIdentity, Home, SecretsPlace
from access_desk.system.secrets import PASSPHRASE_FILE_VARIABLE, choose_place


class HomeDoor:
    """The port `presentation.joining.Door` over a folder. A passphrase is kept in memory only."""

    def __init__(self, folder: Path) -> None:
        self._home = Home.at(folder)
        self._passphrase: str | None = None
        self._leave: Callable[[], object] = lambda: None

    def is_new(self) -> bool:
        """Whether no desk lives here yet."""
        return self._home.is_new

    def wants_passphrase(self) -> bool:
        """Whether the desk's secrets are sealed and nobody has said the passphrase."""
        if self._home.is_new or self._passphrase is not None or os.environ.get(PASSPHRASE_FILE_VARIABLE):
            return False
        identity = self._identity()
        return identity is not None and identity.secrets is SecretsPlace.SEALED

    def is_begun(self) -> bool:
        """Whether a real desk was made here and never came to be enrolled."""
        identity = self._identity()
        return identity is not None and not identity.practice and not enrollment_file(self._home.folder).exists()

    def _identity(self) -> DeskIdentity | None:
        try:
            return None if self._home.is_new else self._home.identity()
        except UnavailableError:
            return None  # opening the desk says what is wrong

    def seals(self) -> bool:
        """Whether a real desk's secrets would be in a sealed file."""
        return choose_place(practice=False) is SecretsPlace.SEALED and not os.environ.get(PASSPHRASE_FILE_VARIABLE)

    def use_passphrase(self, passphrase: str) -> None:
        """Open, or seal, with this passphrase."""
        self._passphrase = passphrase

    def ask(self, new: bool) -> str | None:
        """What a sealed file asks for."""
        asked: str | None = self._passphrase if self._passphrase is not None else _app().ask_passphrase(new)
        return asked

    def enroll(self, url: str, code: str, label: str, told: Callable[[int, int], object]) -> None:
        """Make a desk here and make it known to a central; ``told`` hears how many bytes of how many came of its records.

        Raises:
            DeskError: ``bad_value`` for an address or a code that cannot be one.
            UnavailableError: central does not answer or refuses, or the folder cannot be used.
        """
        # The HTTP client is loaded for whoever joins only.
        joining = importlib.import_module("access_desk.commands.enroll")
        if not url.startswith("https://"):
            raise DeskError(Refusal.BAD_VALUE, "Central's address begins with https://.")
        try:
            read = read_code(code)
        except ValueError as wrong:
            text = "This is no enrollment code. Enter the whole last line that enrollment-code printed."
            raise DeskError(Refusal.BAD_VALUE, text) from wrong
        fetching = joining.Fetching(told)
        self._leave = fetching.leave
        try:
            with self._home.lock():
                joining.enroll_desk(self._home, url.rstrip("/"), read, label, self.ask, fetching)
        except joining.RetryLaterError as away:
            raise UnavailableError(f"Central does not answer: {away}. Nothing was recorded. Try again.") from away
        except joining.StoppedError as stopped:
            raise UnavailableError(stopped.text) from stopped

    def leave_fetching(self) -> None:
        """Open without the rest of the records: the desk's rounds go on with them."""
        self._leave()


def _app() -> ModuleType:
    return importlib.import_module("access_desk.app")
