"""The desk's signing key: made once, kept with the desk's secrets, never shown."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from access_desk.domain.ports import Secrets
from access_desk.system.secrets import SIGNING_KEY, kept_key, made_key


class DeskSigner:
    """Signs with the desk's Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes_raw()

    @classmethod
    def from_secrets(cls, secrets: Secrets) -> DeskSigner:
        """Take the desk's key from its secrets.

        Raises:
            KeyMissingError: it is not there, or is no key.
            UnavailableError: the secrets cannot be asked.
        """
        return cls(Ed25519PrivateKey.from_private_bytes(kept_key(secrets, SIGNING_KEY)))

    @classmethod
    def make(cls, secrets: Secrets) -> DeskSigner:
        """Make a new desk's key and store it. A key that is there is taken, never replaced.

        Raises:
            UnavailableError: it cannot be stored.
        """
        return cls(Ed25519PrivateKey.from_private_bytes(made_key(secrets, SIGNING_KEY)))

    @property
    def public_key_hex(self) -> str:
        """The public key as the log's first event states it."""
        return self.public_key.hex()

    def sign(self, message: bytes) -> bytes:
        """Make a 64-byte Ed25519 signature."""
        return self._key.sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the message was signed with the key that belongs to the public key (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
